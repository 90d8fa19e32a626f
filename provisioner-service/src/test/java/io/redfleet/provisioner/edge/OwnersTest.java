package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two provisioner processes on one bus and one set of hosts; the one at work is killed or stopped at a random moment, again
 * and again. {@code -Dseed} and {@code -Druns} repeat or shorten it.
 */
@Tag("long")
class OwnersTest {
    private static final int RUNS = Integer.getInteger("runs", 50);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int MOST_STEPS = 24;

    @TempDir
    Path home;

    private final Random random = new Random(SEED);
    private final Map<String, Child> owners = new TreeMap<>();
    private LoopbackTrio trio;
    private TestBroker broker;
    private BusTap bus;
    private int kills;
    private int stops;
    private int overtaken;

    @BeforeEach
    void twoProvisioners() throws Exception {
        trio = new LoopbackTrio(home);
        broker = TestBroker.start();
        bus = new BusTap(broker, new ClusterName("orders"));
        start("provisioner-0");
        start("provisioner-1");
    }

    @AfterEach
    void end() {
        owners.values().forEach(Child::kill9);
        bus.close();
        trio.close();
        broker.close();
    }

    @Test
    void noStepIsRunByTwoAndNoOperationIsLostHoweverOwnersDieOrStandStill() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            String which = "seed " + SEED + ", run " + run;
            boolean stands = run % 2 == 1;
            Request request = stands ? new Request.Delete("orders", false) : apply();
            OperationId id = ((Outcome.Accepted) bus.order(request)).operation();
            disturb(id, which);
            OperationState ended = bus.ended(id);
            assertThat(ended.status()).as("%s: %s", which, ended.reason()).isEqualTo(Status.SUCCEEDED);
            if (!stands) {
                eachInstanceWasStartedOnce(which);
            }
            thawed();
            raise();
            noStepWasToldTwice(id, which);
            // A former owner that woke up has changed nothing of what stands.
            assertThat(bus.all(Topic.OPERATIONS, OperationState.class).stream()
                            .filter(state -> state.id().equals(id))
                            .reduce((earlier, later) -> later)
                            .orElseThrow()
                            .status())
                    .as(which)
                    .isEqualTo(Status.SUCCEEDED);
        }
        System.out.printf(
                "owners: seed=%d runs=%d killed=%d stopped=%d taken over while the first lived=%d%n",
                SEED, RUNS, kills, stops, overtaken);
        assertThat(kills + stops).isEqualTo(RUNS);
    }

    /** Kills or stops whoever is at work, once a random number of steps has been seen. */
    private void disturb(OperationId id, String which) {
        int steps = random.nextInt(MOST_STEPS);
        long until = System.nanoTime() + Duration.ofMillis(random.nextInt(400)).toNanos();
        Await.until(
                "the moment of " + which,
                Duration.ofSeconds(60),
                () -> (stepsOf(id) >= steps || isOver(id)) && System.nanoTime() > until);
        String holder = holder();
        Child owner = owners.get(holder);
        if (owner == null) {
            throw new AssertionError(which + ": no such owner: " + holder);
        }
        if (random.nextBoolean()) {
            kills++;
            owner.kill9();
            return;
        }
        stops++;
        owner.freeze();
        if (random.nextBoolean() && !isOver(id)) {
            // It wakes up in the middle of the other's work; otherwise when all is over.
            Await.until(
                    "another owner in " + which, Duration.ofSeconds(60), () -> isOver(id) || !holder().equals(holder));
            overtaken += isOver(id) ? 0 : 1;
            owner.thaw();
        }
    }

    /** Who holds, or held last, the lease on the first host. */
    private String holder() {
        Path lease = trio.host(1).home().resolve(".lease");
        try {
            String text = Files.exists(lease) ? Files.readString(lease) : "";
            int at = text.indexOf("provisioner=");
            return at < 0 ? "provisioner-0" : text.substring(at).split("[= ]", 3)[1];
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private long stepsOf(OperationId id) {
        return last(id).stream()
                .flatMap(state -> state.steps().stream())
                .filter(step -> step.status() != StepState.Status.WAITING)
                .count();
    }

    private boolean isOver(OperationId id) {
        return last(id).stream().anyMatch(state -> state.status().done());
    }

    private List<OperationState> last(OperationId id) {
        List<OperationState> all = bus.all(Topic.OPERATIONS, OperationState.class).stream()
                .filter(state -> state.id().equals(id))
                .toList();
        return all.isEmpty() ? List.of() : List.of(all.getLast());
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

    private void noStepWasToldTwice(OperationId id, String which) {
        Map<String, Long> told = bus.events("operation.stepDone").stream()
                .filter(fact -> fact.about().correlation().equals(id.value()))
                .map(Fact::event)
                .map(OperationEvent.StepDone.class::cast)
                .filter(OperationEvent.StepDone::changed)
                .collect(Collectors.groupingBy(OperationEvent.StepDone::step, Collectors.counting()));
        assertThat(told.entrySet().stream()
                        .filter(step -> step.getValue() > 1)
                        .filter(step -> !step.getKey().matches(".*/(linked|ready|quorum).*")))
                .as("%s: changes that were told twice", which)
                .isEmpty();
    }

    private void thawed() {
        owners.values().stream().filter(Child::alive).forEach(Child::thaw);
    }

    private void raise() throws IOException {
        for (String name : List.copyOf(owners.keySet())) {
            Child owner = owners.get(name);
            if (owner == null || !owner.alive()) {
                start(name);
            }
        }
    }

    private void start(String name) throws IOException {
        owners.put(name, ProvisionerProcess.start(home, trio.credentials(), broker, name));
    }

    private Request.Apply apply() {
        String document = new String(Codec.bytes(trio.document(Map.of())), StandardCharsets.UTF_8);
        return new Request.Apply(document, null, true, false);
    }
}
