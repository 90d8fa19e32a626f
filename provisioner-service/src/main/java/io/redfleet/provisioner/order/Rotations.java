package io.redfleet.provisioner.order;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.reach.Reach;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Rotation;
import io.redfleet.provisioner.secret.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Orders by which a user's password becomes another, and the record of it: durable before the operation that works by it is
 * accepted, and moved on only once that has succeeded.
 */
final class Rotations {
    private final Desk desk;

    Rotations(Desk desk) {
        this.desk = desk;
    }

    void rotate(Order order, Request.RotateSecret wish, ClusterState cluster, Orders orders, Runnable done) {
        switch (judged(cluster, wish)) {
            case Refused refused -> {
                desk.refuse(order, refused.problem());
                done.run();
            }
            case Ready unasked when new Interventions(desk).occupied(order) -> done.run();
            // What it comes to is judged again once the hosts were looked at.
            case Ready unasked ->
                orders.ask(order, done, () -> {
                    boolean fresh = unasked.standing().next() == null;
                    Optional<String> unwell = desk.parts().crew().whyNoRotation(cluster, fresh);
                    synchronized (desk) {
                        // It may have come twice, and both were being looked at.
                        if (!orders.repeated(order) && !orders.turnedAway(order)) {
                            accept(order, wish, unwell);
                        }
                    }
                });
        }
    }

    private void accept(Order order, Request.RotateSecret wish, Optional<String> unwell) {
        Optional<ClusterState> standing = desk.cluster(order.cluster());
        if (standing.isEmpty()) {
            desk.refuse(order, Problem.notFound("no cluster " + order.cluster()));
            return;
        }
        if (unwell.isPresent()) {
            desk.refuse(order, Problem.conflict(unwell.get()));
            return;
        }
        switch (judged(standing.get(), wish)) {
            case Refused refused -> desk.refuse(order, refused.problem());
            case Ready ready -> {
                if (!new Interventions(desk).occupied(order)) {
                    List<Position> positions = written(ready);
                    told(order, standing.get(), ready);
                    desk.accept(order, standing.get(), ready.task(), positions);
                }
            }
        }
    }

    private List<Position> written(Ready ready) {
        if (ready.standing().equals(ready.record())) {
            return List.of();
        }
        Position position = desk.parts().ledger().secret(ready.record());
        vault().stands(ready.record());
        return List.of(position);
    }

    /** Under the same id each time, so that it is told also where an earlier owner died right after the record. */
    private void told(Order order, ClusterState cluster, Ready ready) {
        NextSecret next = ready.record().next();
        if (next != null && !ready.task().finish()) {
            String user = ready.record().purpose().word();
            String reason = order.actor().name() + " has the password of " + user + " changed";
            About about = new About(
                    cluster.name(), cluster.uid(), null, reason, order.id().value(), order.actor());
            tell(about, user, next, "started", new OperationEvent.RotationStarted(user));
        }
    }

    /** Moves the record on, where the operation has done what it says; told before, for afterwards nobody knows of the old one. */
    void ended(ClusterState cluster, Task.Rotate task, OperationState operation, Ending ending) {
        if (ending.status() != Status.SUCCEEDED) {
            return;
        }
        Optional<SealedSecret> standing = vault().record(cluster, task.purpose());
        standing.flatMap(record -> Rotation.done(record, task.stage())).ifPresent(later -> {
            NextSecret before = standing.get().next();
            if (later.next() == null && before != null) {
                String user = later.purpose().word();
                String reason = "no instance takes the old password of " + user + " any more";
                About about = new About(
                        cluster.name(),
                        cluster.uid(),
                        null,
                        reason,
                        operation.id().value(),
                        operation.actor());
                tell(about, user, before, "finished", new OperationEvent.RotationFinished(user));
            }
            desk.parts().ledger().secret(later);
            vault().stands(later);
        });
    }

    /** The same plan, which says of each password that is being changed how far that has come. */
    static Plan noted(Plan plan, Accounts accounts) {
        if (accounts.seconds().isEmpty()) {
            return plan;
        }
        List<String> notes = new ArrayList<>();
        accounts.seconds()
                .forEach((purpose, second) -> notes.add(
                        switch (second.stage()) {
                            case ADDING ->
                                "the password of " + purpose.word()
                                        + " is being changed, and not every instance may take the new one yet:"
                                        + " secret rotate goes on";
                            case BOTH ->
                                "the password of " + purpose.word()
                                        + " is being changed, and both are taken: secret rotate --finish"
                                        + " ends the old one";
                            case REMOVING ->
                                "the old password of " + purpose.word()
                                        + " is being removed: secret rotate --finish goes on";
                        }));
        return plan.noting(notes);
    }

    /** What is left of an order once all but the hosts was asked. */
    private sealed interface Judged {}

    private record Refused(Problem problem) implements Judged {}

    /** @param record what the hosts are to be worked by; the standing one, or the next */
    private record Ready(SealedSecret standing, SealedSecret record, Task.Rotate task) implements Judged {}

    private Judged judged(ClusterState cluster, Request.RotateSecret wish) {
        Optional<Purpose> purpose = Purpose.of(wish.user());
        if (purpose.isEmpty() || !cluster.spec().security().generated()) {
            String what = "cluster " + cluster.name() + " has no generated user of that name";
            return new Refused(Problem.notFound(what));
        }
        String group = cluster.spec().sentinel().group();
        if (group != null) {
            String why = "the Sentinels of " + cluster.name() + " are those of the group " + group
                    + ": in this release no password of such a cluster is changed";
            return new Refused(Problem.conflict(why));
        }
        if (!vault().trouble().isEmpty()) {
            return new Refused(Problem.of(503, "No key", "passwords cannot be made: " + vault().trouble()));
        }
        Optional<String> outOfReach = Reach.refusal(cluster.spec(), desk.parts().keys());
        if (outOfReach.isPresent()) {
            return new Refused(Problem.conflict(outOfReach.get()));
        }
        Optional<SealedSecret> standing = vault().record(cluster, purpose.get());
        if (standing.isEmpty()) {
            String what = "the password of " + wish.user() + " has no record that can be read, and stays as it is";
            return new Refused(Problem.of(503, "No key", what));
        }
        Rotation.Ordered ordered =
                Rotation.ordered(standing.get(), wish.finish(), () -> vault().next(cluster, purpose.get(), desk.now()));
        return switch (ordered) {
            case Rotation.No no -> new Refused(Problem.conflict(no.reason()));
            case Rotation.Work work ->
                new Ready(standing.get(), work.record(), new Task.Rotate(purpose.get(), wish.finish()));
        };
    }

    /** Of one change of a password there is one of its kind: the moment at which the new one was made stands in the record. */
    private void tell(About about, String user, NextSecret next, String what, OperationEvent event) {
        String id = Fact.id(about.uid(), "rotation", user, next.since().toEpochMilli(), what);
        desk.parts().ledger().tell(new Fact(id, desk.now(), about, event));
    }

    private Vault vault() {
        return desk.parts().vault();
    }
}
