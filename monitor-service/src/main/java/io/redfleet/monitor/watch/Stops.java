package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * What came of a stop that a rule asked for. One that was carried out ends the monitoring, as in Monit. One that failed or was
 * withheld is asked for again after a while only: no restart limit ends it, each try is one of the few that the fleet has in ten
 * minutes, and what forbids it, as that the node is the master, may last as long as its rule fails.
 */
final class Stops {
    /** After a failure or a refusal. */
    static final Duration AGAIN = Duration.ofMinutes(5);

    /** Followed by the instance; its number is when the last one came to nothing, in milliseconds of the epoch. */
    private static final String FAILED = "stop failed ";

    private Stops() {}

    /** The provisioner's gate has refused it. */
    static void withheld(Step step, InstanceId id) {
        step.number(FAILED + id, step.now.wall().toEpochMilli());
    }

    static void tried(Step step, InstanceWatch watch, OperationState operation) {
        InstanceId id = watch.view().id();
        if (operation.status() != Status.SUCCEEDED) {
            step.number(FAILED + id, step.now.wall().toEpochMilli());
            step.instances.put(id, watch.with(watch.check().tried()).asked(null));
            return;
        }
        step.forget(FAILED + id);
        Kin.unwatchBelow(step, id, operation.id().value(), null);
        step.tell(
                id,
                step.count("monitoring " + id),
                new WatchEvent.MonitoringStopped(false),
                id + " was stopped by its rule: it is no longer watched",
                operation.id().value(),
                null);
        step.closed(Cycle.CHECK + id);
        step.instances.put(id, watch.monitored(false));
    }

    /** By a clock that went back since, it never has. */
    static boolean cameToNothingLately(Step step, InstanceId id) {
        Instant failed = Instant.ofEpochMilli(step.counted(FAILED + id));
        Instant now = step.now.wall();
        return !now.isBefore(failed) && now.isBefore(failed.plus(AGAIN));
    }
}
