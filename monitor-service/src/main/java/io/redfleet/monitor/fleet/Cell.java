package io.redfleet.monitor.fleet;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.HealthRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One cluster's watch and what has become of it on the bus. Owned by the fleet's thread. */
final class Cell {
    /** Facts of Sentinels that wait for the end of a tilt: a failover or two of three witnesses. */
    private static final int HELD_MAX = 256;

    static final Duration HEALTH_EVERY = Duration.ofSeconds(1);

    /** Of a cluster with checks of its hosts, changed or not: so a reader knows that they are still judged. */
    static final Duration HEALTH_AT_LEAST = Duration.ofSeconds(30);

    /** What a former owner had under way when it lost the cluster comes back within these many of ours. */
    private static final int IDS_MAX = 256;

    ClusterWatch watch;
    Term term;
    Moment nextCycle;
    /** Freshly taken over: until then nothing automatic is asked for. */
    final Moment settledAt;

    private boolean brisk;
    private final int phase;
    private long second = -1;
    /** Whether the record may say something else than the last time it was looked at. */
    private boolean unread = true;

    private final List<Fact> held = new ArrayList<>();
    /** Orders that wait for the health record; bounded by the desk. */
    private final List<Consumer<Optional<Position>>> orders = new ArrayList<>();

    private final Set<String> ids = new LinkedHashSet<>();
    private int unacked;
    private @Nullable Position lastEvent;
    private @Nullable ClusterHealth written;
    private @Nullable Moment writtenAt;
    /** When the record was asked for that orders wait for; null when it was given up, until it is asked for again. */
    private @Nullable Moment askedAt;

    private boolean ended;

    Cell(ClusterWatch watch, Past past, Moment now, Duration settle) {
        this.watch = watch;
        this.term = past.term();
        this.phase = Math.floorMod(watch.roster().uid().value().hashCode(), 1_000_000);
        int period = (int) watch.roster().watch().cycle().toMillis();
        this.nextCycle = now.plus(Duration.ofMillis(period - phase % period));
        this.settledAt = now.plus(settle);
        this.lastEvent = past.newest();
        past.later().forEach(fact -> know(fact.id()));
    }

    /** Once a second, each cluster at a moment of its own: what is done for all of them is not done for all at once. */
    boolean comesRound(Moment now) {
        long present = Math.floorDiv(now.ticks() / 1_000_000 + phase, 1_000);
        boolean next = present != second;
        second = present;
        unread |= next;
        return next;
    }

    /** The cluster's, as they are now. */
    Map<String, String> labels() {
        return watch.roster().labels();
    }

    /** Whether nothing but time can change what is so, which takes it seconds. */
    boolean calm(Moment now) {
        return watch.settled() && !watch.brisk(now);
    }

    /** Somebody waits: as with Monit, the next cycle comes at once, which here is when all have been probed again. */
    void wake(Moment now) {
        Moment probed = now.plus(watch.roster().watch().probe().multipliedBy(2));
        if (probed.isBefore(nextCycle)) {
            nextCycle = probed;
        }
    }

    void hold(Fact fact) {
        if (held.size() < HELD_MAX) {
            held.add(fact);
        }
    }

    void tellHeld(Bus bus) {
        List<Fact> taken = List.copyOf(held);
        held.clear();
        taken.forEach(fact -> tell(bus, fact));
        answerOrders(bus);
    }

    /** A failover that a former owner began to tell is heard by us too: what stands on the bus already is not said again. */
    void tell(Bus bus, Fact fact) {
        if (know(fact.id())) {
            unread = true;
            unacked++;
            bus.tell(fact, term, position -> acked(bus, position));
        }
    }

    void pace(Lines lines, Moment now) {
        boolean next = watch.brisk(now);
        if (next != brisk) {
            brisk = next;
            lines.pace(watch.roster().cluster(), next);
        }
    }

    /** A fact that somebody else told is part of what we go on from; a repeat of one that we know changes nothing. */
    boolean hears(Fact fact, Position position) {
        newest(position);
        return know(fact.id());
    }

    /** Whether this is the first time. */
    private boolean know(String id) {
        boolean news = ids.add(id);
        if (ids.size() > IDS_MAX) {
            ids.remove(ids.iterator().next());
        }
        return news;
    }

    private void acked(Bus bus, Optional<Position> position) {
        unacked--;
        position.ifPresent(this::newest);
        answerOrders(bus);
    }

    /** Whether due or not, for an order that waits for it. */
    void writeSoon(Bus bus, Moment now, Consumer<Optional<Position>> written) {
        orders.add(written);
        askedAt = now;
        answerOrders(bus);
    }

    private void answerOrders(Bus bus) {
        Moment asked = askedAt;
        if (asked == null || orders.isEmpty() || !quiet()) {
            return;
        }
        List<Consumer<Optional<Position>>> waiting = List.copyOf(orders);
        orders.clear();
        bus.write(now(asked), position -> {
            if (position.isEmpty() && !ended) {
                healthGivenUp();
                orders.addAll(0, waiting);
                askedAt = null;
            } else {
                waiting.forEach(order -> order.accept(position));
            }
        });
    }

    /** No record of this watch will say any more what was ordered. */
    void ends() {
        ended = true;
        List<Consumer<Optional<Position>>> waiting = List.copyOf(orders);
        orders.clear();
        waiting.forEach(order -> order.accept(Optional.empty()));
    }

    private void newest(Position position) {
        Position last = lastEvent;
        if (last == null || position.offset() > last.offset()) {
            lastEvent = position;
        }
    }

    /** It did not reach the bus, or does not count there: the next look finds it due again. */
    void healthGivenUp() {
        unread = true;
        written = null;
    }

    void writeIfDue(Bus bus, Moment now) {
        if (askedAt == null && !orders.isEmpty() && isTime(now)) {
            askedAt = now;
            answerOrders(bus);
        }
        ClusterHealth due = due(now);
        if (due != null) {
            bus.write(due, position -> {
                if (position.isEmpty()) {
                    healthGivenUp();
                }
            });
        }
    }

    /**
     * The health record that is due now: changed or old, every event before it on the bus, not too soon; null if none is. What a
     * tilt holds back is an event before it as well: whoever died in the tilt would have told it to nobody.
     */
    private @Nullable ClusterHealth due(Moment now) {
        if (!unread || !quiet() || !isTime(now)) {
            return null;
        }
        unread = false;
        ClusterHealth bare = HealthRecord.of(watch, Instant.EPOCH, null);
        return bare.equals(written) && !isOld(now) ? null : taken(now, bare);
    }

    private boolean isOld(Moment now) {
        Moment last = writtenAt;
        return last != null && !watch.hostChecks().isEmpty() && now.atLeast(HEALTH_AT_LEAST, last);
    }

    private boolean isTime(Moment now) {
        Moment last = writtenAt;
        return last == null || now.atLeast(HEALTH_EVERY, last);
    }

    /** Whether all that was found is on the bus. */
    boolean quiet() {
        return unacked == 0 && held.isEmpty();
    }

    /** The watch ends; whoever watches next goes on from this. What a tilt holds is told now: its end would find nobody to. */
    Past past(Bus bus, Moment now) {
        tellHeld(bus);
        ClusterHealth last = now(now);
        ends();
        return new Past(last, List.of(), lastEvent, term);
    }

    private ClusterHealth now(Moment now) {
        return taken(now, HealthRecord.of(watch, Instant.EPOCH, null));
    }

    private ClusterHealth taken(Moment now, ClusterHealth bare) {
        written = bare;
        writtenAt = now;
        return HealthRecord.of(watch, now.wall(), lastEvent).in(term);
    }
}
