package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.SmallDisk;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka, and with it the provisioner's journal, has no room left in the middle of a provision; in every other round the
 * provisioner dies meanwhile. {@code -Dseed=N} plays a run again.
 */
@Tag("long")
@Timeout(600)
class FullJournalTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int ROUNDS = 4;
    /** Of the 36 steps of a provision each round draws one from its own eight; some are always left. */
    private static final int STEPS_A_ROUND = 8;
    /** How much earlier than now a file system may say that now is: a tick of the slowest kernel clock. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** What a step leaves in an instance's directory when it is done, and not before. */
    private static final Map<String, String> LEFT_BY = Map.of(
            "owner", "prepare",
            "revision", "revision",
            "users.acl", "users",
            "redis.conf", "config",
            "sentinel.conf", "config",
            "redis.pid", "start");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random chance = new Random(seed);
    private int ended;
    private int facts;
    private int repeats;

    @Test
    void nothingIsDoneThatTheJournalDoesNotKnowAndTheOperationGoesOnOnceThereIsRoom(@TempDir Path home)
            throws IOException {
        assumeTrue(SmallDisk.possible(), "mounting a small disk needs root");
        try (SmallDisk disk = SmallDisk.mounted(home, 64 * 1_024);
                TestBroker broker = TestBroker.startOn(disk.path().resolve("data"));
                LoopbackTrio trio = new LoopbackTrio(home);
                BusTap bus = new BusTap(broker, new ClusterName("orders"))) {
            Ground ground = new Ground(home, disk, broker, trio, bus);
            Child owner = ground.provisioner();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    owner = round(ground, owner, round);
                }
            } finally {
                owner.kill9();
            }
        }
        System.out.printf(
                "full journal: seed=%d, %d provisions, the provisioner killed in %d of them, the broker ended itself"
                        + " in %d; %d facts, %d repeats%n",
                seed, ROUNDS, ROUNDS / 2, ended, facts, repeats);
    }

    private record Ground(Path home, SmallDisk disk, TestBroker broker, LoopbackTrio trio, BusTap bus) {
        Child provisioner() throws IOException {
            return ProvisionerProcess.start(home, trio.credentials(), broker, "provisioner-0");
        }
    }

    /** Who is the owner afterwards. */
    private Child round(Ground ground, Child first, int round) throws IOException {
        Child owner = first;
        BusTap bus = ground.bus();
        int before = owner.output().length();
        String document = new String(Codec.bytes(ground.trio().document(Map.of())), StandardCharsets.UTF_8);
        Request.Apply apply = new Request.Apply(document, null, true, false);
        OperationId id = bus.accepted(apply);
        int steps = round * STEPS_A_ROUND + chance.nextInt(STEPS_A_ROUND);
        String which = "seed " + seed + ", round " + round + ", after " + steps + " steps";
        Await.until(which, SOON, () -> begun(bus, id) >= steps);
        ground.disk().fill();
        Await.until(
                which + ": the provisioner waits for its journal",
                SOON,
                () -> first.output()
                        .substring(before)
                        .matches("(?s).*not on the bus yet[^\\n]* topic=(OPERATIONS|EVENTS).*"));
        boolean killed = round % 2 == 1;
        if (killed) {
            owner.kill9();
        }
        ended += ground.broker().alive() ? 0 : 1;

        ground.broker().kill9();
        ground.disk().makeRoom();
        ground.broker().restart();
        if (killed) {
            theHostsAreAsTheJournalSays(ground, bus.operationNow(id), which);
            owner = ground.provisioner();
        }
        OperationState last = bus.ended(id);
        assertThat(last.status()).as("%s: %s", which, last.reason()).isEqualTo(Status.SUCCEEDED);
        itEndedOnceAndEachFactIsToldOnce(bus, last, which);
        nothingWasDoneBeforeTheJournalKnew(ground, id, which);
        OperationState removal = bus.operation(new Request.Delete("orders", false));
        assertThat(removal.status()).as("%s: %s", which, removal.reason()).isEqualTo(Status.SUCCEEDED);
        return owner;
    }

    private static long begun(BusTap bus, OperationId id) {
        return bus.operation(id).stream()
                .flatMap(state -> state.steps().stream())
                .filter(step -> step.status() != StepState.Status.WAITING)
                .count();
    }

    /** The owner is dead, and the journal what it was when Kafka took no more. */
    private static void theHostsAreAsTheJournalSays(Ground ground, OperationState journal, String which)
            throws IOException {
        assertThat(journal.finishedAt()).as("%s: the end", which).isNull();
        Set<String> left = traces(ground).keySet();
        assertThat(steps(journal, Set.of(StepState.Status.RUNNING, StepState.Status.DONE, StepState.Status.UNCHANGED)))
                .as("%s: steps that have begun, of those whose traces are on the hosts", which)
                .containsAll(left);
        assertThat(left)
                .as("%s: traces on the hosts, of steps that are done", which)
                .containsAll(steps(journal, Set.of(StepState.Status.DONE)).stream()
                        .filter(step -> LEFT_BY.containsValue(step.substring(step.lastIndexOf('/') + 1)))
                        .toList());
    }

    private static Set<String> steps(OperationState state, Set<StepState.Status> statuses) {
        return state.steps().stream()
                .filter(step -> statuses.contains(step.status()))
                .map(StepState::id)
                .collect(Collectors.toSet());
    }

    /** By the broker's clock and the hosts', which are one here. */
    private static void nothingWasDoneBeforeTheJournalKnew(Ground ground, OperationId id, String which)
            throws IOException {
        Map<String, Instant> known = new HashMap<>();
        for (BusRecord record : ground.bus().journal(id)) {
            BusTap.read(record, OperationState.class).steps().stream()
                    .filter(step -> step.status() != StepState.Status.WAITING)
                    .forEach(step -> known.putIfAbsent(step.id(), record.appendedAt()));
        }
        Map<String, Instant> traces = traces(ground);
        assertThat(traces).as("%s: what six instances leave", which).hasSize(6 * 5);
        assertThat(known.keySet()).as(which).containsAll(traces.keySet());
        traces.forEach((step, done) -> assertThat(done.plus(TICK))
                .as("%s: when %s was done", which, step)
                .isAfterOrEqualTo(known.getOrDefault(step, Instant.MAX)));
    }

    /** When each step, by its id, left its trace. */
    private static Map<String, Instant> traces(Ground ground) throws IOException {
        Map<String, Instant> traces = new TreeMap<>();
        for (int host = 1; host <= 3; host++) {
            for (String name : List.of("redis-server", "redis-sentinel")) {
                InstanceId instance = new InstanceId("r" + host + "/" + name);
                for (Map.Entry<String, String> trace : LEFT_BY.entrySet()) {
                    Path file = ground.trio().directory(instance).resolve(trace.getKey());
                    if (Files.exists(file)) {
                        Instant at = Files.getLastModifiedTime(file).toInstant();
                        traces.put(instance + "/" + trace.getValue(), at);
                    }
                }
            }
        }
        return traces;
    }

    private void itEndedOnceAndEachFactIsToldOnce(BusTap bus, OperationState last, String which) {
        assertThat(bus.journal(last.id()).stream()
                        .map(record -> BusTap.read(record, OperationState.class))
                        .filter(state -> state.finishedAt() != null)
                        .distinct())
                .as("%s: ends in the journal", which)
                .containsExactly(last);
        List<Fact> told = bus.told(last.id());
        Collection<Fact> distinct = told.stream()
                .collect(Collectors.toMap(fact -> fact.id(), Function.identity(), (first, repeated) -> first))
                .values();
        facts += distinct.size();
        repeats += told.size() - distinct.size();
        Map<String, Long> types = distinct.stream()
                .collect(Collectors.groupingBy(
                        fact -> EventTypes.shortName(fact.event().getClass()), Collectors.counting()));
        Set<String> kinds = new HashSet<>(Set.of("operation.started", "operation.stepDone", "operation.succeeded"));
        if (last.kind().equals("provision")) {
            kinds.add("operation.verified");
        }
        assertThat(types.keySet()).as(which).isEqualTo(kinds);
        assertThat(types).as(which).containsEntry("operation.started", 1L).containsEntry("operation.succeeded", 1L);
        assertThat(distinct.stream()
                        .map(Fact::event)
                        .filter(OperationEvent.StepDone.class::isInstance)
                        .map(event -> ((OperationEvent.StepDone) event).step()))
                .as("%s: steps told as done", which)
                .containsExactlyInAnyOrderElementsOf(
                        steps(last, Set.of(StepState.Status.DONE, StepState.Status.UNCHANGED)));
    }
}
