package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pair of owners whose one cluster is provisioned and removed in turn, while faults hit whoever is at work. */
final class OwnerLane implements AutoCloseable {
    enum Fault {
        KILL,
        STOP
    }

    /** A provision of three hosts has 36 steps, a removal 12 or more. */
    private static final int STEPS = 36;

    private static final int STEPS_OF_REMOVAL = 12;
    private static final int PAUSE_MILLIS_MAX = 400;
    private static final Duration STANDSTILL = Duration.ofSeconds(30);
    /** Of the moments that can be drawn a few are too late, or fall into a change of the group; never so many in a row. */
    private static final int DRAWS_MAX = 12;
    /** Each so many-th removal loses its owner as well. */
    private static final int REMOVALS = 5;

    private final String name;
    private final Random random;
    private final OwnerPair owners;
    private final LoopbackTrio trio;
    private final BusTap bus;
    private Count count = Count.NONE;
    private int runs;

    OwnerLane(Path home, String name, Random random) throws IOException {
        this.name = name;
        this.random = random;
        this.owners = new OwnerPair(Files.createDirectories(home));
        this.trio = owners.trio();
        this.bus = owners.bus();
    }

    /**
     * What hit: it counts if the operation went on after it, and the group knew whose the operation was.
     *
     * @param again draws that did not count
     * @param awoke of those stopped, who woke up while another was at the same operation
     * @param removals kills during a removal, beside those of provisions
     */
    record Count(int killed, int stopped, int again, int awoke, int removals) {
        static final Count NONE = new Count(0, 0, 0, 0, 0);

        Count and(Count other) {
            return new Count(
                    killed + other.killed,
                    stopped + other.stopped,
                    again + other.again,
                    awoke + other.awoke,
                    removals + other.removals);
        }
    }

    Count suffer(List<Fault> faults) throws IOException {
        for (Fault fault : faults) {
            int draws = 1;
            while (!hits(fault)) {
                count = count.and(new Count(0, 0, 1, 0, 0));
                assertThat(draws++).as("%s: draws for one %s", name, fault).isLessThan(DRAWS_MAX);
            }
            boolean kill = fault == Fault.KILL;
            count = count.and(new Count(kill ? 1 : 0, kill ? 0 : 1, 0, 0, 0));
        }
        return count;
    }

    @Override
    public void close() {
        owners.close();
    }

    /** One provision, and the removal of what it made; whether the fault counts. */
    private boolean hits(Fault fault) throws IOException {
        String which = name + ", run " + runs++ + " (" + fault + ")";
        OperationId id = bus.accepted(owners.apply());
        boolean backAtOnce = random.nextBoolean();
        Optional<Instant> hit = Optional.empty();
        if (goesOnAtDrawnMoment(id, STEPS, which)) {
            hit = switch (fault) {
                case KILL -> kill(backAtOnce);
                case STOP -> stop(id, which);
            };
        }
        OperationState ended = ended(id, which);
        owners.raise();
        eachInstanceWasStartedOnce(which);
        remove(which);
        return hit.filter(moment -> isAfter(ended, moment)).isPresent();
    }

    private void remove(String which) throws IOException {
        OperationId id = bus.accepted(new Request.Delete("orders", false));
        Optional<Instant> hit = Optional.empty();
        if (runs % REMOVALS == 0 && goesOnAtDrawnMoment(id, STEPS_OF_REMOVAL, which)) {
            hit = kill(false);
        }
        OperationState ended = ended(id, which + ", removal");
        owners.raise();
        if (hit.filter(moment -> isAfter(ended, moment)).isPresent()) {
            count = count.and(new Count(0, 0, 0, 0, 1));
        }
    }

    /** Waits until the drawn number of steps has begun, and a little longer. */
    private boolean goesOnAtDrawnMoment(OperationId id, int stepsMax, String which) {
        int steps = random.nextInt(stepsMax + 1);
        Duration pause = Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX));
        Await.until(which + ": step " + steps, Duration.ofSeconds(60), () -> begun(id) >= steps || isOver(id));
        Await.moment(pause);
        return !isOver(id);
    }

    /** The time of death of the owner; none where the group did not name the same one before and after it. */
    private Optional<Instant> kill(boolean backAtOnce) throws IOException {
        Optional<String> owner = owners.owner();
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        owners.of(owner.get()).kill9();
        Instant dead = Instant.now();
        boolean owned = owners.owner().equals(owner);
        if (backAtOnce) {
            owners.raise();
        }
        return owned ? Optional.of(dead) : Optional.empty();
    }

    /** Half a minute of the owner's time; what it finds when it wakes up it leaves as it is. */
    private Optional<Instant> stop(OperationId id, String which) {
        Optional<String> owner = owners.owner();
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        Child zombie = owners.of(owner.get());
        zombie.freeze();
        Instant stopped = Instant.now();
        Await.moment(STANDSTILL);
        assertThat(owners.owner())
                .as("%s: who owns it after a standstill", which)
                .isNotEqualTo(owner);
        boolean over = isOver(id);
        Optional<Footprint> before = over ? Optional.of(footprint(id, which)) : Optional.empty();
        zombie.thaw();
        Await.until(which + ": it is a member again", Duration.ofSeconds(60), owners::bothOwn);
        if (before.isPresent()) {
            assertThat(footprint(id, which))
                    .as("%s: after the zombie woke", which)
                    .isEqualTo(before.get());
        } else {
            count = count.and(new Count(0, 0, 0, 1, 0));
        }
        return Optional.of(stopped);
    }

    /** What is known of an operation that is over, and the processes that stand; a fact that is repeated is the same. */
    private record Footprint(OperationState last, Set<String> facts, Map<InstanceId, Long> processes) {}

    private Footprint footprint(OperationId id, String which) {
        OperationState last = ended(id, which);
        Set<String> facts = bus.told(id).stream().map(fact -> fact.id()).collect(Collectors.toSet());
        Map<InstanceId, Long> processes = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (int host = 1; host <= 3; host++) {
            for (String instance : List.of("redis-server", "redis-sentinel")) {
                InstanceId named = new InstanceId("r" + host + "/" + instance);
                trio.process(named).ifPresent(process -> processes.put(named, process.pid()));
            }
        }
        return new Footprint(last, facts, processes);
    }

    private OperationState ended(OperationId id, String which) {
        OperationState ended = bus.ended(id);
        assertThat(ended.status()).as("%s: %s", which, ended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(bus.ends(id)).as("%s: ends that were told", which).hasSize(1);
        assertThat(bus.journal(id).stream()
                        .map(record -> BusTap.read(record, OperationState.class).finishedAt())
                        .flatMap(Stream::ofNullable)
                        .distinct())
                .as("%s: ends in the journal", which)
                .hasSize(1);
        noChangeWasToldTwice(id, which);
        return ended;
    }

    private long begun(OperationId id) {
        return bus.operation(id).stream()
                .flatMap(state -> state.steps().stream())
                .filter(step -> step.status() != StepState.Status.WAITING)
                .count();
    }

    private boolean isOver(OperationId id) {
        return bus.operation(id).stream().anyMatch(state -> state.finishedAt() != null);
    }

    private static boolean isAfter(OperationState ended, Instant moment) {
        return Optional.ofNullable(ended.finishedAt()).orElseThrow().isAfter(moment);
    }

    /** Redis says so in its log, which was removed with the cluster before. */
    private void eachInstanceWasStartedOnce(String which) throws IOException {
        int instances = 0;
        for (int i = 1; i <= 3; i++) {
            try (Stream<Path> files = Files.walk(trio.host(i).home(), 4)) {
                for (Path log : files.filter(file -> file.endsWith("redis.log")).toList()) {
                    instances++;
                    long starts = Files.readString(log)
                            .lines()
                            .filter(line -> line.contains("Redis is starting"))
                            .count();
                    assertThat(starts).as("%s: starts of %s", which, log).isEqualTo(1);
                }
            }
        }
        assertThat(instances).as(which).isEqualTo(6);
    }

    private void noChangeWasToldTwice(OperationId id, String which) {
        Map<String, Long> told = bus.told(id).stream()
                .map(Fact::event)
                .filter(OperationEvent.StepDone.class::isInstance)
                .map(OperationEvent.StepDone.class::cast)
                .filter(OperationEvent.StepDone::changed)
                .collect(Collectors.groupingBy(OperationEvent.StepDone::step, Collectors.counting()));
        assertThat(told.entrySet().stream()
                        .filter(step -> step.getValue() > 1)
                        .filter(step -> !step.getKey().matches(".*/(linked|ready|quorum).*")))
                .as("%s: changes that were told twice", which)
                .isEmpty();
    }
}
