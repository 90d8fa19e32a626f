package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.roster.Roster;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** One owner's time: its fleet, its clock, and what it has said that is not on the log yet. */
final class Reign implements Bus, Lines {
    final Term term;
    final Fleet fleet;
    final Deque<Said> underWay = new ArrayDeque<>();
    boolean frozen;
    boolean over;
    long foldedUntil;
    private final SharedLog log;
    private final Random chance;
    private long clockIsOff;
    private long now;
    private long lastArrival;

    record Said(Fact fact, Consumer<Optional<Position>> acked, long arrives) {}

    Reign(SharedLog log, Term term, Random chance, long now) {
        this.log = log;
        this.term = term;
        this.chance = chance;
        this.now = now;
        this.fleet = new Fleet(
                this, this, new FleetSettings(term.monitor(), Duration.ofSeconds(1)), Orders.FAULTLESS, moment());
        fleet.brake().caughtUp();
    }

    /** The wall clock of this process is set. */
    void setClock(long millis) {
        clockIsOff += millis;
    }

    Moment at(long millis) {
        now = millis;
        return moment();
    }

    private Moment moment() {
        Moment real = Orders.at(now);
        return new Moment(real.wall().plusMillis(clockIsOff), real.ticks());
    }

    /** The sender stops here: what it had handed over by then comes later, the rest stays in its file. */
    List<Said> cut(long latest) {
        int handed = underWay.isEmpty() ? 0 : chance.nextInt(underWay.size() + 1);
        List<Said> all = List.copyOf(underWay);
        underWay.clear();
        long late = latest == 0 ? 0 : chance.nextLong(latest);
        all.subList(0, handed)
                .forEach(said -> underWay.add(new Said(said.fact(), position -> {}, said.arrives() + late)));
        return all.subList(handed, all.size());
    }

    @Override
    public void tell(Fact fact, Term signed, Consumer<Optional<Position>> acked) {
        if (signed.equals(Term.NONE)) {
            acked.accept(Optional.empty());
            return;
        }
        long delay = chance.nextInt(20) == 0 ? chance.nextInt(3_000) : chance.nextInt(300);
        lastArrival = Math.max(now + delay, lastArrival);
        underWay.add(new Said(fact, acked, lastArrival));
    }

    @Override
    public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {
        boolean lost = chance.nextInt(10) == 0;
        if (!lost) {
            log.health(health);
        }
        acked.accept(lost ? Optional.empty() : Optional.of(new Position("health", 0, 0)));
    }

    @Override
    public void ask(Remediation remediation) {}

    @Override
    public void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked) {}

    @Override
    public void forget(ClusterName cluster) {}

    @Override
    public void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked) {}

    @Override
    public void open(Roster roster) {}

    @Override
    public void close(ClusterName cluster) {}

    @Override
    public void pace(ClusterName cluster, boolean brisk) {}

    @Override
    public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered) {}
}
