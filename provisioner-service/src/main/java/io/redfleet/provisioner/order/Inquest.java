package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.List;
import java.util.Optional;

/**
 * What became of work on one instance whose owner is gone. Changes nothing: it reads the journal and, where a step had
 * begun, looks at the host, under a lease, so that nothing of the former owner can come after the look.
 *
 * <p>It has succeeded only where the journal says that the last step had begun and the host shows what that step was to
 * bring about. For a start this is enough: the same owner had seen no process there before it.
 */
final class Inquest {
    private static final String INTERRUPTED = "interrupted by a restart of the provisioner";

    private final Surveyor surveyor;
    private final Leases leases;

    Inquest(Surveyor surveyor, Leases leases) {
        this.surveyor = surveyor;
        this.leases = leases;
    }

    /** Cannot be cancelled: it waits for a lease at most as long as any operation, and only looks. */
    Ending carryOut(ClusterState cluster, Task.Interrupted task, Journal journal) {
        OperationState state = journal.state();
        if (state.status() == OperationState.Status.WAITING) {
            journal.planned(Plan.NOTHING);
        }
        if (!RestartEnd.begun(state)) {
            return Ending.failed(INTERRUPTED + " before anything was done");
        }
        if (task.execs()) {
            return ExecEnd.interrupted(state.steps().getLast());
        }
        Optional<HostSpec> host = cluster.spec().host(task.instance().host());
        if (host.isEmpty()) {
            return unknown("the cluster has no host " + task.instance().host());
        }
        return switch (leases.take(leases.ask(cluster.spec(), List.of(host.get()), journal, () -> false))) {
            case Claim.Cancelled never -> throw new IllegalStateException("nobody can cancel it");
            case Claim.Refused refused -> unknown(refused.reason());
            case Claim.Granted granted -> {
                try (Grant grant = granted.grant()) {
                    yield look(cluster, task, state.steps());
                }
            }
        };
    }

    static Ending unknown(String why) {
        return Ending.failed(INTERRUPTED + "; whether it was carried out is not known: " + why);
    }

    private Ending look(ClusterState cluster, Task.Interrupted task, List<StepState> steps) {
        Optional<InstanceSurvey> found = surveyor.survey(cluster).instance(task.instance());
        if (found.isEmpty()) {
            return unknown("its host gave no answer");
        }
        InstanceSurvey seen = found.get();
        StepState last = steps.getLast();
        String process = seen.present()
                ? "it lives, pid=" + seen.pid()
                        + (seen.ping().isEmpty() ? ", no answer to PING" : ", PING answers " + seen.ping())
                : "no process of it lives";
        String when = INTERRUPTED + " " + moment(last);
        boolean achieved = task.starts() ? seen.present() && !seen.ping().isEmpty() : !seen.present();
        return achieved && reached(last)
                ? Ending.succeeded(when + "; now " + process)
                : Ending.failed(when + "; now " + process);
    }

    private static boolean reached(StepState last) {
        return switch (last.status()) {
            case DONE, UNCHANGED, RUNNING -> true;
            case WAITING, FAILED, SKIPPED -> false;
        };
    }

    /** The title is an imperative, as {@code start r1/redis-server on ...}. */
    private static String moment(StepState last) {
        return switch (last.status()) {
            case DONE, UNCHANGED -> "after the last step, " + last.title();
            case RUNNING -> "during the last step, " + last.title();
            case FAILED -> "after the last step had failed: " + last.detail();
            case WAITING, SKIPPED -> "before the last step, " + last.title();
        };
    }
}
