package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.survey.Surveyor;

/** A planned change of master as the desk carries it out, for tests of real hosts. */
public final class SwitchByHand {
    private SwitchByHand() {}

    /** To whom Sentinel chooses; the journal's operation ends with it. */
    public static Ending carryOut(
            Surveyor surveyor, PlanRun run, Leases leases, ClusterState cluster, Journal journal) {
        SwitchWork work = new SwitchWork(surveyor, run, leases);
        Ending ending = work.carryOut(cluster, new Task.SwitchOver(null), journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }
}
