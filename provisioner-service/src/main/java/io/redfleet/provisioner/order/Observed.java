package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.plan.Plan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Clusters that are watched and that somebody else runs: their specs come, change and go as all others do, no host of theirs is
 * asked for it, and all else is refused. Every way from an order or a journal to a host passes here before it reaches one.
 */
final class Observed {
    private static final String UNTOUCHED =
            "observed: nothing is written to its nodes and hosts, no host is logged in to";

    /** Of whatever its spec says. */
    static final Plan PLAN = new Plan(List.of(), List.of(), List.of(UNTOUCHED), false);

    private Observed() {}

    /** Whether the order is refused, because of what its cluster is. */
    static boolean refused(Desk desk, Order order, Request.ToProvisioner request) {
        Optional<Problem> refusal = desk.cluster(order.cluster())
                .filter(cluster -> cluster.spec().observed())
                .flatMap(cluster -> refusal(cluster, request));
        refusal.ifPresent(problem -> desk.refuse(order, problem));
        return refusal.isPresent();
    }

    /** Of a cluster that is observed; empty: the order is carried out. */
    static Optional<Problem> refusal(ClusterState cluster, Request.ToProvisioner request) {
        return switch (request) {
            case Request.Apply apply -> Optional.empty();
            // That it stands is said there.
            case Request.TakeIn take -> Optional.empty();
            case Request.ShowPlan show -> Optional.empty();
            case Request.Delete delete -> kept(delete);
            case Request.ShowSudoers show -> because(cluster, "there is nothing to allow");
            case Request.ShowVerification show -> because(cluster, "no host is held against its spec");
            case Request.Run run ->
                because(cluster, run.instance() + " is started and stopped by whoever runs the cluster");
            case Request.SwitchOver over -> because(cluster, "another master is made by whoever runs the cluster");
            case Request.Roll roll -> because(cluster, "its instances are restarted by whoever runs the cluster");
            case Request.DeleteArchived delete -> because(cluster, "no data of it is archived");
            case Request.ShowRemoval show -> because(cluster, "there is nothing to remove from a host");
            case Request.CancelOperation cancel ->
                because(cluster, "operation " + cancel.operation() + " has nothing to leave undone there");
            case Request.ResumeOperation resume ->
                because(cluster, "operation " + resume.operation() + " has nothing to go on with there");
            case Request.Reveal reveal -> because(cluster, "no password of it is known");
            case Request.RotateSecret rotate -> because(cluster, "no password of it is changed");
        };
    }

    /** What becomes of accepted work; nothing of it reaches a host. */
    static Ending carryOut(Task task, ClusterState cluster, Journal journal) {
        return switch (task) {
            case Task.Provision provision -> {
                journal.planned(PLAN);
                yield Ending.succeeded(UNTOUCHED);
            }
            case Task.Remove remove -> {
                journal.planned(PLAN);
                yield Ending.succeeded("no longer observed; nothing was written to its nodes and hosts");
            }
            case Task.Run run -> nothing(cluster);
            case Task.SwitchOver over -> nothing(cluster);
            case Task.Roll roll -> nothing(cluster);
            case Task.Rotate rotate -> nothing(cluster);
            case Task.Switched switched -> nothing(cluster);
            case Task.Remedy remedy -> nothing(cluster);
            case Task.Interrupted interrupted -> nothing(cluster);
        };
    }

    private static Ending nothing(ClusterState cluster) {
        return Ending.failed(only(cluster, "nothing is done there"));
    }

    private static Optional<Problem> because(ClusterState cluster, String why) {
        return Optional.of(Problem.conflict(only(cluster, why)));
    }

    private static String only(ClusterState cluster, String why) {
        return cluster.name() + " is only observed (manage: observe): nothing is written to its nodes and hosts, so "
                + why;
    }

    /** Whoever wants its data gone would believe that it is. */
    private static Optional<Problem> kept(Request.Delete delete) {
        List<String> lost = Objects.requireNonNullElse(delete.lost(), List.of());
        if (!lost.isEmpty()) {
            String rule = "must be left out: no host of a cluster that is only observed (manage: observe) is asked";
            return Optional.of(Problem.invalid(List.of(new Violation("lost", String.join(",", lost), rule))));
        }
        if (delete.keepData()) {
            return Optional.empty();
        }
        String rule = "must be true: of a cluster that is only observed (manage: observe) nothing is erased";
        return Optional.of(Problem.invalid(List.of(new Violation("keepData", "false", rule))));
    }
}
