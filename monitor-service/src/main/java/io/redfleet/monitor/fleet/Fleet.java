package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.Folding;
import io.redfleet.monitor.watch.HealthRecord;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.monitor.watch.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Every cluster that this process watches. Not thread-safe: every call comes from one thread, which is also the one on
 * which {@link Bus} and {@link Lines} call back.
 */
public final class Fleet {
    /** How often {@link #tick} is to be called. */
    public static final Duration TICK = Duration.ofMillis(250);

    private final Bus bus;
    private final Lines lines;
    private final FleetSettings settings;
    private final Brake brake;
    private final Parking parking;
    private final Cells cells;
    private final Claimants claimants = new Claimants();
    private final Machines machines = new Machines();
    private final HostBrake hosts;
    private final OwnTime time;
    private Brakes brakes = Brakes.OFF;

    public Fleet(Bus bus, Lines lines, FleetSettings settings, Mishaps mishaps, Moment now) {
        this.bus = bus;
        this.lines = lines;
        this.settings = settings;
        this.brake = new Brake(bus);
        this.parking = new Parking(bus);
        this.hosts = new HostBrake(brake);
        this.time = new OwnTime(bus, settings, now);
        this.cells = new Cells(bus, lines, parking, mishaps);
    }

    /** Ticks begin: the time it took to put the process together before them is nobody's silence. */
    public void started(Moment now) {
        time.started(now);
    }

    /**
     * A cluster becomes ours, or its state has changed. One whose watch cannot begin is parked: there is no second try before
     * the next state.
     *
     * @param past counts only for a cluster that is new to us
     */
    public void watch(ClusterState state, Past past, Moment now) {
        machines.follow(state, now.plus(settings.settle()));
        cells.begin(state.name(), state.uid(), past, now, () -> begin(state, past, now));
    }

    private void begin(ClusterState state, Past past, Moment now) {
        Roster roster = Roster.of(state);
        Parking.Lifted lifted = parking.lift(state.name(), past, now);
        Past from = lifted.past();
        Cell known = cells.get(state.name());
        if (known != null && known.watch.roster().uid().equals(roster.uid())) {
            apply(known, known.watch.after(new Observation.Reassigned(roster), now), now);
        } else {
            ClusterWatch restored = HealthRecord.restore(roster, from.health(), now);
            Cell cell = new Cell(Folding.fold(restored, from.later(), now), from, now, settings.settle());
            cells.put(state.name(), cell);
            if (lifted.resumed() != null) {
                cell.tell(bus, lifted.resumed());
            }
            // Before anything is said in the new term, everybody can know that it has begun.
            cell.writeIfDue(bus, now);
        }
        // A new spec for instances that stand ends no watch; before the first one there is nothing to look at.
        boolean unheard = watched(state.name()).filter(ClusterWatch::everHeard).isEmpty();
        if (state.phase() == Phase.REMOVING || (unheard && state.phase() == Phase.ACCEPTED)) {
            lines.close(state.name());
        } else {
            lines.open(roster);
        }
    }

    /**
     * A record of the cluster cannot be read: it is not watched, and that is told, until it is handed to {@link #watch} again.
     *
     * @param past as for {@link #watch}
     */
    public void park(ClusterName cluster, Unread record, Past past, Moment now) {
        cells.park(cluster, record, past, now);
    }

    /** The cluster is gone for good. */
    public void removed(ClusterName cluster) {
        Optional.ofNullable(cells.get(cluster)).ifPresent(Cell::ends);
        released(cluster);
        bus.forget(cluster);
    }

    /** The cluster is another process's to watch. */
    public void released(ClusterName cluster) {
        cells.released(cluster);
        machines.forget(cluster);
    }

    /** Another owner's word has come late, but it stands on the bus for all to read: it is part of what we go on from. */
    public void heard(Fact fact, Position position, Moment now) {
        Cell cell = cells.get(fact.about().cluster());
        if (cell != null && cell.hears(fact, position)) {
            cells.guarded(cell, now, () -> cell.watch = Folding.fold(cell.watch, List.of(fact), now));
        }
        parking.heard(fact, position);
    }

    /** Somebody else's health lies over ours: ours is written again, in this term. */
    public void contradicted(ClusterName cluster, Term term, Moment now) {
        Cell cell = cells.get(cluster);
        if (cell != null) {
            cell.term = term;
            cell.healthGivenUp();
            cells.guarded(cell, now, () -> cell.writeIfDue(bus, now));
        }
        parking.contradicted(cluster, term, now);
    }

    /** In tilt only what Sentinels publish is heard, and kept until the tilt is over. */
    public void observe(ClusterName cluster, Observation observation, Moment now) {
        if (time.overdue(now)) {
            // Stopped for long, we hear of our own sleep from the clock before we believe anything that we read.
            tick(now);
        }
        if (observation instanceof Observation.HostSeen seen) {
            machines.heard(seen.facts(), now);
        }
        Cell cell = cells.get(cluster);
        if (cell == null || cell.watch.roster().phase() == Phase.REMOVING) {
            return;
        }
        boolean ofTheProvisioner = observation instanceof Observation.Operated
                || observation instanceof Observation.OperationUnread
                || observation instanceof Observation.HostSeen;
        if (time.tilted() && !ofTheProvisioner && !(observation instanceof Observation.Published)) {
            return;
        }
        cells.guarded(cell, now, () -> apply(cell, cell.watch.after(observation, now), now));
    }

    public void tick(Moment now) {
        if (time.tick(now)) {
            cells.each(now, cell -> cell.tellHeld(bus));
        }
        brakeIfTooMany(now);
        hosts.look(machines, time.settled(now), now);
        cells.each(now, cell -> tick(cell, now));
        parking.tick(now);
        brake.tick(now);
    }

    /** Observations were given up because the bus was away for too long. */
    public void dropped(long records, Moment now) {
        time.tell(new FleetEvent.BusGap(records), records + " records were given up while the bus was away", now);
    }

    /** Whose data nodes are where, in the whole fleet. */
    public Claimants claimants() {
        return claimants;
    }

    public Brake brake() {
        return brake;
    }

    /** What is known of a cluster at this moment; empty when it is not ours. */
    public Optional<ClusterWatch> watched(ClusterName cluster) {
        return Optional.ofNullable(cells.get(cluster)).map(cell -> cell.watch);
    }

    public List<ClusterWatch> all() {
        return cells.all().stream().map(cell -> cell.watch).toList();
    }

    public boolean tilted() {
        return time.tilted();
    }

    /**
     * For an order whose answer waits for the cluster's health, written until it is on the bus. The next cycle is near.
     *
     * @param written empty if the watch ends first; never called if the cluster becomes another's first
     */
    void apply(ClusterName cluster, Turn turn, Moment now, Consumer<Optional<Position>> written) {
        Cell cell = cells.get(cluster);
        if (cell != null) {
            apply(cell, turn, now);
            cell.wake(now);
            cell.writeSoon(bus, now, written);
        }
    }

    /** The brake is released: what was bad before no longer counts. */
    void pardon() {
        brakes = new Brakes(Map.of(), brakes.tried(), brakes.inFlight());
    }

    /** Whether the cluster's watch has failed at this step. */
    boolean failsAt(ClusterName cluster, Moment now, Runnable step) {
        return cells.failsAt(cluster, now, step);
    }

    Lines lines() {
        return lines;
    }

    Bus bus() {
        return bus;
    }

    private void tick(Cell cell, Moment now) {
        if (!time.tilted()) {
            if (cell.comesRound(now) || !cell.calm(now)) {
                cell.watch = cell.watch.beside(claimants.current());
                apply(cell, cell.watch.after(new Observation.Looked(), now), now);
            }
            if (!now.isBefore(cell.nextCycle)) {
                cycle(cell, now);
            }
        }
        cell.writeIfDue(bus, now);
    }

    /** A cycle that comes late is skipped, never caught up with. */
    private void cycle(Cell cell, Moment now) {
        Duration period = cell.watch.roster().watch().cycle();
        cell.nextCycle = now.plus(period);
        boolean settled = time.settled(now) && !now.isBefore(cell.settledAt);
        if (settled && cell.watch.roster().phase() != Phase.REMOVING) {
            Turn.OfCycle judged = cell.watch.cycle(brakes, brake.reason(cell.labels()), now);
            brakes = judged.brakes();
            apply(cell, judged.turn(), now);
            cells.judged(cell.watch.roster().cluster());
        }
    }

    private void apply(Cell cell, Turn turn, Moment now) {
        boolean wasWell = cell.watch.well();
        cell.watch = turn.next();
        for (Fact fact : turn.facts()) {
            if (time.tilted() && (fact.event() instanceof FailoverEvent || fact.event() instanceof SentinelEvent)) {
                cell.hold(fact);
            } else {
                cell.tell(bus, fact);
            }
        }
        turn.asks().forEach(ask -> bus.ask(ask.in(cell.term)));
        turn.tried().forEach(id -> brakes = brakes.tried(cell.watch.roster().cluster() + "/" + id, now));
        cell.pace(lines, now);
        if (wasWell && !cell.watch.well() && !cell.watch.disturbed()) {
            brakes = brakes.wentBad(cell.watch.roster().cluster(), now);
            brakeIfTooMany(now);
        }
        if (!turn.facts().isEmpty()) {
            cell.writeIfDue(bus, now);
        }
    }

    private void brakeIfTooMany(Moment now) {
        if (brake.known() && !brake.disarmed() && brakes.tooManyBad(cells.size(), now)) {
            brake.trip(brakes.bad().size() + " clusters went bad within " + Brakes.BAD_WITHIN.toSeconds() + " s", now);
        }
    }
}
