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
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything automatic may be asked for anywhere: disarmed by an order, by the fleet's own state, or by a file on
 * this machine, which works without a bus. Every monitor follows the record, whoever writes it. Owned by the fleet's thread.
 *
 * <p>What is set here holds here at once, and is written until it is on the bus, the newest state only. The higher count
 * stands; of two that were set at once by two monitors, the disarming: a person can end it.
 */
public final class Brake {
    /** Between two tries to write what stands. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    /** Enough for those that may be read a second time: they are valid for seconds. */
    private static final int ORDERS_MAX = 16;

    /** @param order by which it is wished; null if it is our own */
    record Wish(
            boolean disarm,
            String reason,
            Actor actor,
            @Nullable CommandId order) {}

    private final Bus bus;
    private @Nullable FleetBrake record;
    /** What the record includes, newest last. */
    private List<CommandId> orders = List.of();
    /** Where the record lies, as far as it is known. */
    private @Nullable Position place;
    /** Set here, and not come back from the bus yet. */
    private boolean ours;

    private boolean due;
    private @Nullable FleetBrake underWay;
    private @Nullable Moment triedAt;
    private final List<BiConsumer<FleetBrake, Optional<Position>>> unwritten = new ArrayList<>(); // bounded by the desk
    private boolean fileStands;

    /** Why the newest record on the bus cannot be read; empty when it can. */
    private String unread = "";
    /** What it counted is not known either: what is counted after it is told apart by where it lies. */
    private long countsFrom;

    /** Orders, and a trip, that wait for what stands; a handful. Null once that is read. */
    private @Nullable List<Runnable> waiting = new ArrayList<>();

    Brake(Bus bus) {
        this.bus = bus;
    }

    /**
     * The newest record on the bus; one that we wrote ourselves comes back and changes nothing.
     *
     * @param included the orders that were written beside it
     */
    public void read(FleetBrake read, List<CommandId> included, Position at) {
        unread = "";
        if (record == null || stands(read, record)) {
            record = read;
            orders = included;
            ours = false;
            written(at);
        } else if (!ours) {
            // Compaction would leave only that one, by somebody who had not read what stands.
            due = true;
        }
    }

    /** Of two mistakes, doing nothing is the smaller one; the next record that can be read, or the next order, ends it. */
    public void unread(String why, Position at) {
        unread = why;
        countsFrom = Math.max(countsFrom, at.offset());
    }

    private static boolean stands(FleetBrake read, FleetBrake known) {
        boolean atOnce = read.count() == known.count();
        return atOnce ? read.disarmed() || !known.disarmed() : read.count() > known.count();
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

    void whenKnown(Runnable step) {
        List<Runnable> queue = waiting;
        if (queue == null) {
            step.run();
        } else {
            queue.add(step);
        }
    }

    public void file(boolean stands) {
        fileStands = stands;
    }

    public boolean disarmed() {
        FleetBrake known = record;
        return fileStands || !unread.isEmpty() || (known != null && known.disarmed());
    }

    /** Why nothing automatic may be asked for; empty when it may. */
    public String reason() {
        FleetBrake known = record;
        if (fileStands) {
            return "the file \"disarmed\" stands in the home directory";
        }
        if (!unread.isEmpty()) {
            return "the fleet's brake cannot be read: " + unread;
        }
        if (known != null && known.disarmed()) {
            return "the fleet is disarmed: " + known.reason();
        }
        return waiting == null ? "" : "it is not known yet whether the fleet is disarmed";
    }

    /** When automatic action was allowed again last; null while it is not, or if it was never forbidden. */
    @Nullable
    Instant armedSince() {
        FleetBrake known = record;
        return known == null || known.disarmed() ? null : known.since();
    }

    /** Whether this order has been carried out, by us or by another; known once all that stands has been read. */
    boolean includes(CommandId order) {
        return orders.contains(order);
    }

    /**
     * An order that is included already is not carried out again.
     *
     * @param written called once what stands is on the bus, with what then stands
     */
    void set(Wish wish, Moment now, BiConsumer<FleetBrake, Optional<Position>> written) {
        whenKnown(() -> {
            FleetBrake known = record;
            if (known == null || wish.order() == null || !includes(wish.order())) {
                unwritten.add(written);
                change(wish, Math.max(countsFrom, known == null ? 0 : known.count()) + 1, now);
            } else if (due || underWay != null) {
                unwritten.add(written);
            } else {
                written.accept(known, Optional.ofNullable(place));
            }
        });
    }

    /** By the fleet's own state. */
    void trip(String reason, Moment now) {
        set(new Wish(true, reason, Actor.self(ServiceName.MONITOR), null), now, (brake, position) -> {});
    }

    /** What stands here and not on the bus is written again. */
    void tick(Moment now) {
        boolean early = triedAt != null && !now.atLeast(AGAIN, triedAt);
        if (due && underWay == null && !early && known()) {
            write(now);
        }
    }

    private void change(Wish wish, long count, Moment now) {
        record = new FleetBrake(FleetBrake.SCHEMA, wish.disarm(), wish.reason(), wish.actor(), now.wall(), count);
        unread = "";
        ours = true;
        due = true;
        if (wish.order() != null) {
            List<CommandId> more = new ArrayList<>(orders);
            more.add(wish.order());
            orders = List.copyOf(more.subList(Math.max(0, more.size() - ORDERS_MAX), more.size()));
        }
        boolean automatic = wish.actor().equals(Actor.self(ServiceName.MONITOR));
        FleetEvent event = wish.disarm() ? new FleetEvent.Disarmed(automatic) : new FleetEvent.Rearmed();
        String words = (wish.disarm() ? "nothing is done automatically: " : "automatic action is allowed again: ")
                + wish.reason();
        bus.tell(fact(event, count, words, wish.actor(), now), Term.NONE, position -> {});
        write(now);
    }

    private void write(Moment now) {
        FleetBrake sent = record;
        if (sent == null) {
            return;
        }
        underWay = sent;
        triedAt = now;
        bus.write(sent, orders, position -> {
            if (sent.equals(underWay)) {
                underWay = null;
            }
            if (position.isPresent() && sent.equals(record)) {
                written(position.get());
            }
        });
    }

    /** What stands is on the bus, and with it whatever it has replaced. */
    private void written(Position at) {
        FleetBrake stands = record;
        place = at;
        due = false;
        List<BiConsumer<FleetBrake, Optional<Position>>> told = List.copyOf(unwritten);
        unwritten.clear();
        if (stands != null) {
            told.forEach(each -> each.accept(stands, Optional.of(at)));
        }
    }

    static Fact fact(FleetEvent event, Object number, String reason, @Nullable Actor actor, Moment now) {
        String id = Fact.id(ClusterUid.FLEET, ClusterName.FLEET, number, EventTypes.shortName(event.getClass()));
        return new Fact(id, now.wall(), new About(ClusterName.FLEET, ClusterUid.FLEET, null, reason, "", actor), event);
    }
}
