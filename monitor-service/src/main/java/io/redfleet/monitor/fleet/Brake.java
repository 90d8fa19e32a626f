package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything automatic may be asked for anywhere: disarmed by an order, by the fleet's own state, or by a file on
 * this machine, which works without a bus. Every monitor follows the record, whoever writes it. Owned by the fleet's thread.
 */
public final class Brake {
    private final Bus bus;
    private @Nullable FleetBrake record;
    private boolean fileStands;

    /** Orders, and a trip, that wait for what stands; a handful. Null once that is read. */
    private @Nullable List<Runnable> waiting = new ArrayList<>();

    Brake(Bus bus) {
        this.bus = bus;
    }

    /** The newest record on the bus; one that we wrote ourselves comes back and changes nothing. */
    public void read(FleetBrake read) {
        FleetBrake known = record;
        if (known == null || read.count() >= known.count()) {
            record = read;
        }
    }

    /** All that stands on the bus has been read. Until then nothing automatic is done, and nothing is set. */
    public void caughtUp() {
        List<Runnable> first = waiting;
        waiting = null;
        if (first != null) {
            first.forEach(Runnable::run);
        }
    }

    boolean known() {
        return waiting == null;
    }

    public void file(boolean stands) {
        fileStands = stands;
    }

    public boolean disarmed() {
        FleetBrake known = record;
        return fileStands || (known != null && known.disarmed());
    }

    /** Why nothing automatic may be asked for; empty when it may. */
    public String reason() {
        FleetBrake known = record;
        if (fileStands) {
            return "the file \"disarmed\" stands in the home directory";
        }
        if (known != null && known.disarmed()) {
            return "the fleet is disarmed: " + known.reason();
        }
        return waiting == null ? "" : "it is not known yet whether the fleet is disarmed";
    }

    void set(
            boolean disarm,
            String reason,
            Actor actor,
            Moment now,
            BiConsumer<FleetBrake, Optional<Position>> written) {
        List<Runnable> queue = waiting;
        if (queue != null) {
            queue.add(() -> set(disarm, reason, actor, now, written));
            return;
        }
        FleetBrake known = record;
        long count = known == null ? 1 : known.count() + 1;
        FleetBrake next = new FleetBrake(FleetBrake.SCHEMA, disarm, reason, actor, now.wall(), count);
        record = next;
        boolean automatic = actor.equals(Actor.self(ServiceName.MONITOR));
        FleetEvent event = disarm ? new FleetEvent.Disarmed(automatic) : new FleetEvent.Rearmed();
        String words = (disarm ? "nothing is done automatically: " : "automatic action is allowed again: ") + reason;
        bus.tell(fact(event, count, words, actor, now), Term.NONE, position -> {});
        bus.write(next, position -> written.accept(next, position));
    }

    static Fact fact(FleetEvent event, Object number, String reason, @Nullable Actor actor, Moment now) {
        String id = Fact.id(ClusterUid.FLEET, ClusterName.FLEET, number, EventTypes.shortName(event.getClass()));
        return new Fact(id, now.wall(), new About(ClusterName.FLEET, ClusterUid.FLEET, null, reason, "", actor), event);
    }
}
