package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.plan.Fate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Orders about operations, one of which a person ends or lets go on, and the order that ends a cluster. */
final class Interventions {
    private final Desk desk;

    Interventions(Desk desk) {
        this.desk = desk;
    }

    /**
     * Whether another operation is in the way; then the order is refused. One that waits has a turn behind the one that runs, if
     * nobody else has it; so has any behind what the monitor has asked for.
     */
    boolean occupied(Order order) {
        return occupied(order, problem -> desk.refuse(order, problem));
    }

    /** @param refuse answers the order */
    boolean occupied(Order order, Consumer<Problem> refuse) {
        synchronized (desk) {
            Line line = desk.line(order.cluster());
            Optional<Job> running = line.running();
            if (running.isEmpty() || (!line.full() && (order.mayWait() || isRemedy(running.get())))) {
                return false;
            }
            // What comes again is not in its own way.
            Optional<Outcome.Result> before = desk.answered(order);
            if (before.isPresent()) {
                desk.answer(order, before.get(), List.of());
                return true;
            }
            boolean turn = order.mayWait() || isRemedy(running.get());
            refuse.accept(Problem.conflict(turn ? crowded(line) : Held.refusal(order.cluster(), running.get())));
            return true;
        }
    }

    private static boolean isRemedy(Job job) {
        return job.task() instanceof Task.Remedy;
    }

    private static String crowded(Line line) {
        return line.running().map(Held::by).orElseThrow() + " runs and "
                + line.waiting().map(Held::by).orElseThrow() + " waits; cancel one of them or try later";
    }

    /** Why a plan that was seen cannot be carried out by its id; empty: no person's operation works on the cluster. */
    Optional<String> working(Order order, String plan) {
        return desk.line(order.cluster())
                .running()
                .filter(job -> !isRemedy(job))
                .map(job -> Held.by(job) + " works on the cluster, so plan " + plan
                        + " is not what would be done after it; nothing was changed: plan again once it is over");
    }

    void remove(Order order, String confirm, Fate fate, ClusterState cluster) {
        remove(order, confirm, fate, cluster, () -> List.of());
    }

    /** @param before writes what has to stand before it begins, once nothing is in its way */
    void remove(Order order, String confirm, Fate fate, ClusterState cluster, Supplier<List<Position>> before) {
        synchronized (desk) {
            if (!confirm.equals(cluster.name().value())) {
                String rule = "must be the name of the cluster, typed by whoever wants it gone";
                desk.refuse(order, Problem.invalid(List.of(new Violation("confirm", confirm, rule))));
                return;
            }
            if (fate != Fate.KEPT && cluster.spec().adopted()) {
                String rule = "must be true: a cluster that was adopted is let go, and nothing of it is removed";
                desk.refuse(order, Problem.invalid(List.of(new Violation("keepData", "false", rule))));
                return;
            }
            if (occupied(order)) {
                return;
            }
            desk.accept(order, cluster, new Task.Remove(fate), before.get());
        }
    }

    void cancel(Order order, Request.CancelOperation cancel) {
        Optional<OperationState> found =
                desk.cancel(order.cluster(), cancel.operation().value());
        if (found.isPresent()) {
            desk.answer(order, new Outcome.Accepted(found.get().id()), List.of());
        } else {
            boolean known =
                    desk.line(order.cluster()).operation(cancel.operation()).isPresent();
            String what = "operation " + cancel.operation();
            desk.refuse(order, known ? Problem.conflict(what + " is over") : Problem.notFound("no " + what));
        }
    }

    void resume(Order order, Request.ResumeOperation resume, ClusterState cluster) {
        synchronized (desk) {
            Optional<OperationState> known = desk.line(order.cluster()).operation(resume.operation());
            if (known.isEmpty()) {
                desk.refuse(order, Problem.notFound("no operation " + resume.operation()));
            } else if (!known.get().status().done() || known.get().status() == OperationState.Status.SUCCEEDED) {
                desk.refuse(order, Problem.conflict("operation " + resume.operation() + " needs no resuming"));
            } else if (!known.get().kind().equals("provision")) {
                String detail = "only provisioning is resumed; give the order for "
                        + known.get().kind() + " again";
                desk.refuse(order, Problem.conflict(detail));
            } else if (!occupied(order)) {
                desk.accept(order, cluster, new Task.Provision("", Task.restarts(known.get())), List.of());
            }
        }
    }
}
