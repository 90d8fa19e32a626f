package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.Topic;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    private OwnerPair owners;
    private LoopbackTrio trio;
    private BusTap bus;
    private int kills;
    private int stops;
    private int overtaken;

    @BeforeEach
    void twoProvisioners() throws Exception {
        owners = new OwnerPair(home);
        trio = owners.trio();
        bus = owners.bus();
    }

    @AfterEach
    void end() {
        owners.close();
    }

    @Test
    void noStepIsRunByTwoAndNoOperationIsLostHoweverOwnersDieOrStandStill() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            String which = "seed " + SEED + ", run " + run;
            boolean stands = run % 2 == 1;
            Request request = stands ? new Request.Delete("orders", false) : owners.apply();
            OperationId id = ((Outcome.Accepted) bus.order(request)).operation();
            disturb(id, which);
            OperationState ended = bus.ended(id);
            assertThat(ended.status()).as("%s: %s", which, ended.reason()).isEqualTo(Status.SUCCEEDED);
            if (!stands) {
                eachInstanceWasStartedOnce(which);
            }
            owners.thaw();
            owners.raise();
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
        String holder = owners.holder();
        Child owner = owners.of(holder);
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
                    "another owner in " + which,
                    Duration.ofSeconds(60),
                    () -> isOver(id) || !owners.holder().equals(holder));
            overtaken += isOver(id) ? 0 : 1;
            owner.thaw();
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
}
