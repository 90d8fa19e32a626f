package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.Reach;
import io.redfleet.provisioner.secret.Vault;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a desk works with.
 *
 * @param operations a thread for each operation and each question that has to ask hosts
 * @param keys what admins have said of the keys that specs name
 * @param uids a new uid, never the same twice
 * @param rounds who lets the desk look at its clusters while nobody works on them
 * @param surveys who asks clusters of somebody else's what they are
 */
public record DeskParts(
        Ledger ledger,
        Crew crew,
        Brakes brakes,
        Roster roster,
        Vault vault,
        Faults faults,
        Documents documents,
        KeyLimits.Source keys,
        Executor operations,
        InstantSource clock,
        Supplier<ClusterUid> uids,
        Rounds rounds,
        Surveys surveys) {
    /**
     * Not begun where a key does not reach: what an admin has narrowed since the spec was accepted holds.
     *
     * @param present the cluster as it stands when it is asked for: its labels decide what holds automatic action back
     */
    Ending carryOut(Job job, ClusterState cluster, Journal journal, Supplier<ClusterState> present) {
        if (cluster.spec().observed()) {
            return Observed.carryOut(job.task(), cluster, journal);
        }
        return Reach.refusal(cluster.spec(), keys)
                .or(() -> job.task() instanceof Task.Provision
                        ? Reach.refusalToBuild(cluster.spec(), keys)
                        : Optional.empty())
                .map(reason -> job.task() instanceof Task.Interrupted ? Inquest.unknown(reason) : Ending.failed(reason))
                .orElseGet(() -> crew.carryOut(
                        job.task(),
                        cluster,
                        journal,
                        job.cancelled()::get,
                        () -> brakes.forbidden(present.get().spec().labels())));
    }

    /** What would be done to make the spec true. */
    Plan plan(ClusterState cluster, Restarts restarts) {
        return cluster.spec().observed()
                ? Observed.PLAN
                : Rotations.noted(crew.plan(cluster, restarts), vault.accounts(cluster));
    }
}
