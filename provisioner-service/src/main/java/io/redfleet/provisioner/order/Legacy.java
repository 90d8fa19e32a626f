package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import java.util.Optional;

/**
 * What an earlier owner left: facts that it may not have come to tell, and operations that are not over. Told again where
 * it is not known, by the same id. Whoever calls holds the desk.
 */
final class Legacy {
    private final Desk desk;

    Legacy(Desk desk) {
        this.desk = desk;
    }

    void takeOver(Line line) {
        // The uid is drawn by lot, so the record comes first; every later phase says that this was told.
        line.cluster()
                .filter(cluster -> cluster.phase() == Phase.ACCEPTED)
                .ifPresent(cluster ->
                        guarded("telling that " + cluster.name() + " was accepted", () -> accepted(cluster)));
        for (OperationState operation : line.unfinished()) {
            guarded("carrying on operation " + operation.id(), () -> carryOn(line, operation));
        }
    }

    /** The other clusters of the partition wait behind this one. */
    private void guarded(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException thrown) {
            desk.fault(what, thrown);
        }
    }

    void accepted(ClusterState cluster) {
        OperationEvent.Accepted event = new OperationEvent.Accepted(cluster.revision());
        desk.tell(cluster, "accepted:" + cluster.revision(), cluster.reason(), event);
    }

    private void carryOn(Line line, OperationState operation) {
        Optional<Task> task = Task.after(operation);
        Job job = new Job(operation, task.orElseGet(Task.Provision::new));
        boolean stands = line.cluster()
                .filter(cluster -> cluster.uid().equals(operation.uid()))
                .isPresent();
        if (operation.status().done()) {
            desk.finish(line, job, new Ending(operation.status(), operation.reason()));
        } else if (stands && task.isPresent() && !line.full()) {
            desk.enqueue(job);
        } else {
            String why = task.isPresent() ? "no more can wait here" : "this release does not know what it was";
            desk.finish(line, job, stands ? Inquest.unknown(why) : gone(job));
        }
    }

    /** Of two operations on a cluster one waits, so it was a removal that ran which ended the cluster's record. */
    private static Ending gone(Job job) {
        return job.task() instanceof Task.Remove removal && job.accepted().status() == Status.RUNNING
                ? Removal.done(removal.fate())
                : Ending.failed("the cluster is gone");
    }
}
