package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.SwitchPlan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A planned change of master: a fresh survey and the gate, both again under the leases, then one script on the master's host.
 * The leases are of the hosts of the master and of whom Sentinel could choose: a dead host is in nobody's way.
 */
final class SwitchWork {
    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;

    SwitchWork(Surveyor surveyor, PlanRun run, Leases leases) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
    }

    SwitchGate.Judgement ask(ClusterState cluster, Task.SwitchOver task) {
        return SwitchGate.judge(cluster, surveyor.survey(cluster), task.to());
    }

    Ending carryOut(ClusterState cluster, Task.SwitchOver task, Journal journal, BooleanSupplier cancelled) {
        return switch (ask(cluster, task)) {
            case SwitchGate.No no -> untouched(no.verdict(), journal);
            case SwitchGate.Go first -> {
                Leases.Ask ask = leases.ask(cluster.spec(), hosts(cluster, first), journal, cancelled);
                yield leases.during(ask, "", grant -> {
                    ClusterSurvey survey = surveyor.survey(cluster);
                    return switch (SwitchGate.judge(cluster, survey, task.to())) {
                        case SwitchGate.No no -> untouched(no.verdict(), journal);
                        case SwitchGate.Go go ->
                            hosts(cluster, first).containsAll(hosts(cluster, go))
                                    ? carryOut(new Work(cluster, survey, go), journal, grant, cancelled)
                                    : untouched(changed(), journal);
                    };
                });
            }
        };
    }

    private record Work(ClusterState cluster, ClusterSurvey survey, SwitchGate.Go go) {}

    private static Verdict changed() {
        return new Verdict.Withheld("topology", "who follows whom has changed meanwhile; ask again");
    }

    private static List<HostSpec> hosts(ClusterState cluster, SwitchGate.Go go) {
        return Stream.concat(Stream.of(go.old()), go.candidates().stream())
                .map(member -> cluster.spec().host(member.id().host()).orElseThrow())
                .distinct()
                .toList();
    }

    private static Ending untouched(Verdict verdict, Journal journal) {
        journal.planned(Plan.NOTHING);
        return switch (verdict) {
            case Verdict.Needless needless -> Ending.succeeded(needless.reason());
            case Verdict.Withheld withheld -> Ending.failed(withheld.reason());
            case Verdict.Go go -> throw new IllegalStateException("allowed, and yet not done");
        };
    }

    private Ending carryOut(Work work, Journal journal, Grant grant, BooleanSupplier cancelled) {
        SwitchGate.Go go = work.go();
        Plan plan = SwitchPlan.plan(work.cluster().spec(), work.survey(), go.old(), go.to(), go.candidates());
        return switch (run.run(plan, journal, grant, cancelled)) {
            case PlanRun.Cancelled stop -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
            case PlanRun.Finished finished -> evidence(work.cluster(), go, journal);
        };
    }

    private Ending evidence(ClusterState cluster, SwitchGate.Go go, Journal journal) {
        Optional<Endpoint> named = surveyor.survey(cluster).namedMaster(cluster.spec());
        String said = journal.state().steps().getFirst().detail();
        if (named.isEmpty() || named.get().equals(go.old().announce())) {
            return Ending.failed(
                    "the Sentinels name " + named.map(Endpoint::toString).orElse("no master") + ": " + said);
        }
        String now =
                "the Sentinels name " + named.get() + " instead of " + go.old().id();
        return go.to()
                .filter(to -> !to.announce().equals(named.get()))
                .map(to -> Ending.failed(now + ", and not " + to.id() + ": " + said))
                .orElseGet(() -> Ending.succeeded(now + ": " + said));
    }

    /**
     * What became of a switch whose owner died: its script goes on without him and comes to an end by itself, so this only
     * looks. Cannot be cancelled.
     */
    Ending after(ClusterState cluster, Journal journal) {
        OperationState state = journal.state();
        if (state.status() == OperationState.Status.WAITING) {
            journal.planned(Plan.NOTHING);
        }
        if (!RestartEnd.begun(state)) {
            return Ending.failed("interrupted by a restart of the provisioner before anything was done");
        }
        Optional<Endpoint> named = surveyor.survey(cluster).namedMaster(cluster.spec());
        Optional<InstanceId> old = cluster.spec().members().stream()
                .map(member -> member.id())
                .filter(id -> SwitchPlan.id(id).equals(state.steps().getFirst().id()))
                .findFirst();
        if (named.isEmpty() || old.isEmpty()) {
            return Inquest.unknown("no majority of the Sentinels names a master");
        }
        String now = "interrupted by a restart of the provisioner; now the Sentinels name " + named.get();
        return named.get().equals(announced(cluster, old.get()))
                ? Ending.failed(now + ", as before: look again in a minute, its script may not have ended yet")
                : Ending.succeeded(now);
    }

    private static Endpoint announced(ClusterState cluster, InstanceId id) {
        return cluster.spec().member(id).orElseThrow().announce();
    }
}
