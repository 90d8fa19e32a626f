package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import org.jspecify.annotations.Nullable;

/** The watcher on itself, and the brake. */
public sealed interface FleetEvent extends Event {
    /** Time cannot be trusted: nothing is raised and nothing asked for until it is quiet again. */
    @EventType(value = "tilt.entered", writer = ServiceName.MONITOR)
    record TiltEntered(String cause) implements FleetEvent {}

    @EventType(value = "tilt.left", writer = ServiceName.MONITOR)
    record TiltLeft(long lastedMillis) implements FleetEvent {}

    /** Observations were dropped because the bus was away for too long. */
    @EventType(value = "bus.gap", writer = ServiceName.MONITOR)
    record BusGap(long dropped) implements FleetEvent {}

    /** Another monitor watches this cluster now. */
    @EventType(value = "watch.moved", writer = ServiceName.MONITOR)
    record WatchMoved(String from, String to) implements FleetEvent {}

    /**
     * A record that the watch stands on cannot be read, or the watch itself fails again and again: the cluster is not watched
     * until {@link WatchResumed}.
     *
     * @param record where it lies; a dead letter says the same. Of offset -1 where no record is at fault
     */
    @EventType(value = "watch.parked", writer = ServiceName.MONITOR)
    record WatchParked(Position record, String error) implements FleetEvent {}

    /** The opposite of {@link WatchParked}: it can be read again, and is watched. */
    @EventType(value = "watch.resumed", writer = ServiceName.MONITOR)
    record WatchResumed(long parkedMillis) implements FleetEvent {}

    /**
     * No automatic action until {@link Rearmed} of the same label, or of the fleet.
     *
     * @param label in clusters that bear it; null: anywhere
     */
    @EventType(value = "fleet.disarmed", writer = ServiceName.MONITOR)
    record Disarmed(boolean automatic, @Nullable Label label) implements FleetEvent {
        /** Of the whole fleet. */
        public Disarmed(boolean automatic) {
            this(automatic, null);
        }
    }

    /**
     * The opposite of {@link Disarmed}. That of the fleet ends no brake of a label, that of a label not the fleet's.
     *
     * @param label null: the fleet's own brake
     */
    @EventType(value = "fleet.rearmed", writer = ServiceName.MONITOR)
    record Rearmed(@Nullable Label label) implements FleetEvent {
        /** Of the whole fleet. */
        public Rearmed() {
            this(null);
        }
    }
}
