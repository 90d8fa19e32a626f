package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.reach.Reach;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Orders that the hosts are asked about before they are accepted: what the gate refuses is refused at once. */
final class HostQuestions {
    private final Desk desk;
    private final Orders orders;
    private final Interventions interventions;

    HostQuestions(Desk desk, Orders orders, Interventions interventions) {
        this.desk = desk;
        this.orders = orders;
        this.interventions = interventions;
    }

    void run(Order order, Request.Run run, ClusterState cluster, Runnable done) {
        Task.Run task = new Task.Run(run.instance(), run.verb(), run.confirm());
        ask(
                new Question(order, cluster, run.instance(), task),
                done,
                () -> desk.parts().crew().ask(cluster, task));
    }

    void switchOver(Order order, Request.SwitchOver over, ClusterState cluster, Runnable done) {
        Task.SwitchOver task = new Task.SwitchOver(over.successor());
        ask(new Question(order, cluster, over.successor(), task), done, () -> verdict(cluster, task));
    }

    void roll(Order order, Request.Roll asked, ClusterState cluster, Runnable done) {
        Task.Roll task = new Task.Roll(Objects.requireNonNullElse(asked.outage(), ""));
        ask(
                new Question(order, cluster, null, task),
                done,
                () -> desk.parts()
                        .crew()
                        .refusal(cluster, task)
                        .<Verdict>map(reason -> new Verdict.Withheld("rolling", reason))
                        .orElseGet(() -> new Verdict.Go(Optional.empty())));
    }

    private Verdict verdict(ClusterState cluster, Task.SwitchOver task) {
        return switch (desk.parts().crew().ask(cluster, task)) {
            case SwitchGate.No no -> no.verdict();
            case SwitchGate.Go go -> new Verdict.Go(Optional.of(go.old().announce()));
        };
    }

    /** @param instance that it names; null: none */
    private record Question(
            Order order, ClusterState cluster, @Nullable InstanceId instance, Task task) {}

    private void ask(Question asked, Runnable done, Supplier<Verdict> gate) {
        Order order = asked.order();
        InstanceId instance = asked.instance();
        if (instance != null && asked.cluster().spec().member(instance).isEmpty()) {
            desk.refuse(order, Problem.notFound("cluster " + order.cluster() + " has no instance " + instance));
            done.run();
            return;
        }
        Optional<String> outOfReach =
                Reach.refusal(asked.cluster().spec(), desk.parts().keys());
        if (outOfReach.isPresent()) {
            desk.refuse(order, Problem.conflict(outOfReach.get()));
            done.run();
            return;
        }
        // A cluster that is worked on may well not be as the gate wants it: who is in the way is the truer reason.
        if (interventions.occupied(order)) {
            done.run();
            return;
        }
        orders.ask(order, done, () -> {
            Optional<String> refusal = InstanceWork.refusal(gate.get());
            synchronized (desk) {
                // It may have come twice, and both were being looked at.
                if (orders.repeated(order) || orders.turnedAway(order)) {
                    return;
                }
                if (desk.cluster(order.cluster()).isEmpty()) {
                    desk.refuse(order, Problem.notFound("no cluster " + order.cluster()));
                } else if (refusal.isPresent()) {
                    desk.refuse(order, Problem.conflict(refusal.get()));
                } else if (!interventions.occupied(order)) {
                    desk.accept(order, asked.cluster(), asked.task(), List.of());
                }
            }
        });
    }
}
