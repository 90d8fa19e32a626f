package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.plan.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Orders that end a cluster. Of one that has lost machines for good, those are given up first, in its record, so that whoever
 * carries the removal on knows it too; a host that answers is not lost, and nothing is begun.
 */
final class Ends {
    private final Desk desk;
    private final Orders orders;
    private final Interventions interventions;

    Ends(Desk desk, Orders orders, Interventions interventions) {
        this.desk = desk;
        this.orders = orders;
        this.interventions = interventions;
    }

    /**
     * What is asked for.
     *
     * @param confirm empty in a question, which needs none
     * @param lost hosts
     */
    record Words(String confirm, Fate fate, List<String> lost) {
        static Words of(Request.Delete delete) {
            return new Words(delete.confirm(), Fate.of(delete.keepData(), false), names(delete.lost()));
        }

        static Words of(Request.DeleteArchived delete) {
            return new Words(delete.confirm(), Fate.ARCHIVED, names(delete.lost()));
        }

        static Words of(Request.ShowRemoval show) {
            return new Words("", Fate.of(show.keepData(), show.archive()), names(show.lost()));
        }

        private static List<String> names(@Nullable List<String> lost) {
            return Objects.requireNonNullElse(lost, List.of());
        }
    }

    void show(Order order, Words words, ClusterState cluster, Runnable done) {
        if (refused(order, words, cluster)) {
            done.run();
            return;
        }
        ClusterState left = without(cluster, words.lost());
        orders.show(order, done, () -> desk.parts().crew().removal(left, words.fate(), words.lost()));
    }

    void remove(Order order, Words words, ClusterState cluster, Runnable done) {
        if (refused(order, words, cluster)) {
            done.run();
        } else if (words.lost().isEmpty()) {
            interventions.remove(order, words.confirm(), words.fate(), cluster);
            done.run();
        } else {
            orders.ask(order, done, () -> giveUp(order, words, cluster));
        }
    }

    private boolean refused(Order order, Words words, ClusterState cluster) {
        List<Violation> strangers = words.lost().stream()
                .filter(name -> cluster.everywhere().hosts().stream()
                        .noneMatch(host -> host.name().value().equals(name)))
                .map(name -> new Violation("lost", name, "must be a host of the cluster"))
                .toList();
        if (!strangers.isEmpty()) {
            desk.refuse(order, Problem.invalid(strangers));
        }
        return !strangers.isEmpty();
    }

    private void giveUp(Order order, Words words, ClusterState looked) {
        Optional<String> alive = desk.parts().crew().answering(without(looked, words.lost()), words.lost());
        synchronized (desk) {
            // It may have come twice, and both were being looked at.
            if (orders.repeated(order) || orders.turnedAway(order)) {
                return;
            }
            Optional<ClusterState> standing = desk.cluster(order.cluster());
            if (standing.isEmpty()) {
                desk.refuse(order, Problem.notFound("no cluster " + order.cluster()));
                return;
            }
            Optional<String> refusal = alive.or(() -> working(order)).or(() -> moved(looked, standing.get()));
            if (refusal.isPresent()) {
                desk.refuse(order, Problem.conflict(refusal.get()));
                return;
            }
            ClusterState left = without(standing.get(), words.lost());
            interventions.remove(order, words.confirm(), words.fate(), left, () -> stands(standing.get(), left));
        }
    }

    /** Nothing is written for an order that comes again because its operation was not written yet. */
    private List<Position> stands(ClusterState standing, ClusterState left) {
        return left.equals(standing) ? List.of() : List.of(desk.stands(left));
    }

    /** What works on a cluster has its members before its eyes. */
    private Optional<String> working(Order order) {
        return desk.line(order.cluster())
                .running()
                .map(job -> Held.by(job) + " works on the cluster, and no host is given up under it; nothing"
                        + " was changed: cancel it, or wait until it is over");
    }

    private static Optional<String> moved(ClusterState looked, ClusterState standing) {
        return looked.revision() == standing.revision() && looked.uid().equals(standing.uid())
                ? Optional.empty()
                : Optional.of("another spec came meanwhile; nothing was changed: ask again");
    }

    /** The next revision, in which these hosts leave as lost; the same where they do already. */
    static ClusterState without(ClusterState standing, List<String> lost) {
        List<Leaving> leaving = new ArrayList<>();
        for (HostSpec host : standing.everywhere().hosts()) {
            boolean named = lost.contains(host.name().value());
            Optional<Leaving> before = standing.leavers().stream()
                    .filter(leaver -> leaver.host().name().equals(host.name()))
                    .findFirst();
            if (named) {
                leaving.add(new Leaving(host, true));
            } else {
                before.ifPresent(leaving::add);
            }
        }
        List<HostSpec> stay = standing.spec().hosts().stream()
                .filter(host -> !lost.contains(host.name().value()))
                .toList();
        if (stay.equals(standing.spec().hosts()) && leaving.equals(standing.leavers())) {
            return standing;
        }
        return new ClusterState(
                standing.schema(),
                standing.uid(),
                standing.revision() + 1,
                standing.phase(),
                standing.reason(),
                standing.since(),
                standing.spec().on(stay),
                standing.applied(),
                standing.agents(),
                standing.drift(),
                standing.looks(),
                leaving);
    }
}
