package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything automatic may be asked for, anywhere or where a label is: disarmed by an order, by the fleet's own state,
 * or by a file on this machine, which works without a bus. Every monitor follows the record, whoever writes it. Labels are
 * set by orders alone, and so by one monitor. Owned by the fleet's thread.
 *
 * <p>What is set here holds here at once, and is written until it is on the bus, the newest state only. What stands of two
 * records is for {@link Joined} to say.
 */
public final class Brake {
    /** Between two tries to write what stands. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    /**
     * @param order by which it is wished; null if it is our own
     * @param label for clusters that bear it; null for the whole fleet
     * @param names of machines, for the event alone: the reason is shown to whoever sees one cluster
     */
    record Wish(
            boolean disarm,
            String reason,
            Actor actor,
            @Nullable CommandId order,
            @Nullable Label label,
            String names) {
        Wish(boolean disarm, String reason, Actor actor, @Nullable CommandId order, @Nullable Label label) {
            this(disarm, reason, actor, order, label, "");
        }

        /** For the whole fleet. */
        Wish(boolean disarm, String reason, Actor actor, @Nullable CommandId order) {
            this(disarm, reason, actor, order, null);
        }
    }

    /** @param orders beside it */
    private record Sent(FleetBrake brake, List<CommandId> orders) {}

    private final Bus bus;
    private @Nullable FleetBrake record;
    /** What the record includes, newest last. */
    private List<CommandId> orders = List.of();
    /** Where the record lies, as far as it is known. */
    private @Nullable Position place;
    /** Set here, and not come back from the bus yet. */
    private boolean ours;

    private boolean due;
    private @Nullable Sent underWay;
    private @Nullable Moment triedAt;
    private final List<BiConsumer<FleetBrake, Optional<Position>>> unwritten = new ArrayList<>(); // bounded by the desk
    private LocalBrakes local = LocalBrakes.NONE;

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
        FleetBrake known = record;
        FleetBrake joined = known == null ? read : Joined.of(known, read);
        boolean whole = joined.equals(read);
        boolean news = !joined.equals(known);
        boolean lacks = ours && !included.containsAll(orders);
        record = joined;
        orders = Joined.orders(included, orders);
        if (whole && !lacks) {
            ours = false;
            written(at);
        } else if (!whole && (news || !ours)) {
            // Compaction would leave only that one, by somebody who had not read all that stands.
            due = true;
        }
    }

    /** Of two mistakes, doing nothing is the smaller one; the next record that can be read, or the next order, ends it. */
    public void unread(String why, Position at) {
        unread = why;
        countsFrom = Math.max(countsFrom, at.offset());
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

    /** What files of this machine say. */
    public void local(LocalBrakes read) {
        local = read;
    }

    /** Whether the whole fleet is. */
    public boolean disarmed() {
        FleetBrake known = record;
        return !local.everywhere().isEmpty() || !unread.isEmpty() || (known != null && known.disarmed());
    }

    /** Why nothing automatic may be asked for anywhere; empty when no brake of the whole fleet is on. */
    public String reason() {
        FleetBrake known = record;
        if (!local.everywhere().isEmpty()) {
            return local.everywhere();
        }
        if (!unread.isEmpty()) {
            return "the fleet's brake cannot be read: " + unread;
        }
        if (known != null && known.disarmed()) {
            return "the fleet is disarmed: " + known.reason();
        }
        return waiting == null ? "" : "it is not known yet whether the fleet is disarmed";
    }

    /** When automatic action was allowed again last; null while it is not, or if it was never forbidden but for labels. */
    @Nullable
    Instant armedSince() {
        FleetBrake known = record;
        return known == null || known.disarmed() || known.count() == 0 ? null : known.since();
    }

    /**
     * Why nothing automatic may be asked for in a cluster; empty when it may.
     *
     * @param labels the cluster's, as they are now
     */
    public String reason(Map<String, String> labels) {
        FleetBrake known = record;
        String everywhere = reason();
        String here = local.labelled(labels);
        if (!everywhere.isEmpty() || !here.isEmpty() || known == null) {
            return everywhere.isEmpty() ? here : everywhere;
        }
        return known.labelled().holding(labels).map(LabelBrake::words).orElse("");
    }

    /** Why a wish cannot be carried out now; asked once what stands is known. */
    Optional<Problem> refusal(Wish wish) {
        return Change.refusal(record, wish, unread);
    }

    /** What a wish will not change; asked before it is set. */
    String note(Wish wish) {
        return Change.note(record, wish);
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
                change(wish, now);
            } else if (due || underWay != null) {
                unwritten.add(written);
            } else {
                written.accept(known, Optional.ofNullable(place));
            }
        });
    }

    /** By the fleet's own state. */
    void trip(String reason, Moment now) {
        trip(reason, "", now);
    }

    /** @param names as in {@link Wish} */
    void trip(String reason, String names, Moment now) {
        Wish wish = new Wish(true, reason, Actor.self(ServiceName.MONITOR), null, null, names);
        set(wish, now, (brake, position) -> {});
    }

    /** What stands here and not on the bus is written again. */
    void tick(Moment now) {
        boolean early = triedAt != null && !now.atLeast(AGAIN, triedAt);
        if (due && underWay == null && !early && known()) {
            write(now);
        }
    }

    private void change(Wish wish, Moment now) {
        Change change = Change.of(record, wish, countsFrom, now);
        record = change.next();
        unread = "";
        ours = true;
        due = true;
        if (wish.order() != null) {
            orders = Joined.orders(orders, List.of(wish.order()));
        }
        if (change.told() != null) {
            bus.tell(change.told(), Term.NONE, position -> {});
        }
        write(now);
    }

    private void write(Moment now) {
        FleetBrake stands = record;
        if (stands == null) {
            return;
        }
        Sent sent = new Sent(stands, orders);
        underWay = sent;
        triedAt = now;
        bus.write(stands, orders, position -> {
            if (sent.equals(underWay)) {
                underWay = null;
            }
            if (position.isPresent()
                    && sent.brake().equals(record)
                    && sent.orders().equals(orders)) {
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
