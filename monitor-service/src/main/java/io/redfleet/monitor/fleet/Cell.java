package io.redfleet.monitor.fleet;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.HealthRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One cluster's watch and what has become of it on the bus. Owned by the fleet's thread. */
final class Cell {
    /** Facts of Sentinels that wait for the end of a tilt: a failover or two of three witnesses. */
    private static final int HELD_MAX = 256;

    private static final Duration HEALTH_EVERY = Duration.ofSeconds(1);

    ClusterWatch watch;
    Moment nextCycle;
    /** Freshly taken over: until then nothing automatic is asked for. */
    final Moment settledAt;

    boolean brisk;
    private final List<Fact> held = new ArrayList<>();
    private int unacked;
    private @Nullable Position lastEvent;
    private @Nullable ClusterHealth written;
    private @Nullable Moment writtenAt;

    Cell(ClusterWatch watch, @Nullable ClusterHealth health, Moment now, Duration settle) {
        this.watch = watch;
        this.nextCycle = now.plus(watch.roster().watch().cycle());
        this.settledAt = now.plus(settle);
        this.lastEvent = health == null ? null : health.lastEvent();
        this.written = health == null ? null : stripped(health);
    }

    void hold(Fact fact) {
        if (held.size() < HELD_MAX) {
            held.add(fact);
        }
    }

    List<Fact> takeHeld() {
        List<Fact> taken = List.copyOf(held);
        held.clear();
        return taken;
    }

    void sent() {
        unacked++;
    }

    void acked(Optional<Position> position) {
        unacked--;
        Position last = lastEvent;
        if (position.isPresent() && (last == null || position.get().offset() > last.offset())) {
            lastEvent = position.get();
        }
    }

    /** It did not reach the bus: the next look finds it due again. */
    void healthGivenUp() {
        written = null;
    }

    /** The health record that is due now: changed, every event before it on the bus, not too soon; null if none is. */
    @Nullable
    ClusterHealth due(Moment now) {
        Moment last = writtenAt;
        if (unacked > 0 || (last != null && !now.atLeast(HEALTH_EVERY, last))) {
            return null;
        }
        ClusterHealth bare = HealthRecord.of(watch, Instant.EPOCH, null);
        return bare.equals(written) ? null : taken(now, bare);
    }

    /** The health record whether due or not, for an order that waits for it. */
    ClusterHealth now(Moment now) {
        return taken(now, HealthRecord.of(watch, Instant.EPOCH, null));
    }

    private ClusterHealth taken(Moment now, ClusterHealth bare) {
        written = bare;
        writtenAt = now;
        return HealthRecord.of(watch, now.wall(), lastEvent);
    }

    private static ClusterHealth stripped(ClusterHealth health) {
        return new ClusterHealth(
                health.schema(),
                health.cluster(),
                health.uid(),
                Instant.EPOCH,
                health.verdict(),
                health.instances(),
                health.conditions(),
                health.counters(),
                null);
    }
}
