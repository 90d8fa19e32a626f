package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica dies, its restart is asked for, and the provisioner that is at it is killed at a random moment, fifty times. {@code
 * -Dseed} and {@code -Druns} repeat or shorten it.
 */
@Tag("long")
class RestartStormTest {
    private static final int RUNS = Integer.getInteger("runs", 50);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final InstanceId REPLICA = new InstanceId("r3/redis-server");
    private static final InstanceId MASTER = new InstanceId("r1/redis-server");
    /** A monitor asks again at its next cycles, as long as the instance is dead. */
    private static final int ASKED_AGAIN_MAX = 5;

    @TempDir
    Path home;

    private final Random random = new Random(SEED);
    private final List<String> asked = new ArrayList<>();
    private OwnerPair owners;
    private BusTap bus;

    @BeforeEach
    void aClusterAndTwoProvisioners() throws IOException {
        owners = new OwnerPair(home);
        bus = owners.bus();
        OperationState made = bus.operation(owners.apply());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
    }

    @AfterEach
    void end() {
        owners.close();
    }

    @Test
    void noRestartIsCarriedOutTwiceAndEachHasOneEndHoweverItsOwnerDies() throws IOException {
        for (int run = 0; run < RUNS; run++) {
            String which = "seed " + SEED + ", run " + run;
            int before = starts();
            ProcessHandle replica = owners.trio().process(REPLICA).orElseThrow();
            replica.destroyForcibly();
            replica.onExit().join();
            String first = ask();
            Await.moment(Duration.ofMillis(random.nextInt(2_500)));
            owners.of(owners.holder()).kill9();
            awaitEnd(first, which);
            int again = 0;
            while (!lives()) {
                assertThat(again++).as("%s: asked again", which).isLessThan(ASKED_AGAIN_MAX);
                awaitEnd(ask(), which);
            }
            assertThat(starts() - before).as("%s: starts of the replica", which).isEqualTo(1);
            owners.raise();
        }
        Map<String, Long> performed = counted("restart.performed");
        Map<String, Long> withheld = counted("restart.withheld");
        Map<String, Status> operations = operations("");
        System.out.printf(
                "restarts: seed=%d killed=%d asked=%d performed=%d withheld=%d interrupted=%d%n",
                SEED,
                RUNS,
                asked.size(),
                performed.size(),
                withheld.size(),
                operations.values().stream()
                        .filter(status -> status == Status.FAILED)
                        .count());
        assertThat(operations.values()).as("operations that nobody ended").allMatch(Status::done);
        assertThat(performed.values()).as("restarts told twice").containsOnly(1L);
        assertThat(performed.keySet()).as("both done and withheld").noneMatch(withheld::containsKey);
    }

    private String ask() {
        ClusterState cluster = bus.cluster().orElseThrow();
        Endpoint named = cluster.spec().member(MASTER).orElseThrow().announce();
        String id = "restart-" + asked.size();
        asked.add(id);
        bus.ask(new Remediation(
                id,
                cluster.name(),
                cluster.uid(),
                REPLICA,
                Remediation.Action.RESTART,
                reason(id),
                new Remediation.Evidence(Liveness.DOWN, "", ReplicationRole.UNKNOWN, 0, named, -1),
                Instant.EPOCH.plusSeconds(asked.size()),
                Instant.now().plusSeconds(60)));
        return id;
    }

    private static String reason(String id) {
        return id + ": connection refused";
    }

    /** Carried out, withheld, or its operation ended otherwise: one of them, whoever comes to tell it. */
    private void awaitEnd(String id, String which) {
        Await.until(
                which + ": an end of " + id,
                Duration.ofSeconds(90),
                () -> counted("restart.withheld").containsKey(id)
                        || operations(reason(id)).values().stream().anyMatch(Status::done));
    }

    /** Where the operations of remediations stand, of those that were accepted with this reason; all for an empty one. */
    private Map<String, Status> operations(String reason) {
        List<OperationState> all = bus.all(Topic.OPERATIONS, OperationState.class);
        Set<String> meant = all.stream()
                .filter(state -> state.kind().equals("remedy")
                        && (reason.isEmpty() || state.reason().equals(reason)))
                .map(state -> state.id().value())
                .collect(Collectors.toSet());
        return all.stream()
                .filter(state -> meant.contains(state.id().value()))
                .collect(Collectors.toMap(
                        state -> state.id().value(), OperationState::status, (earlier, later) -> later));
    }

    /** How often a fact of this type was told of each remediation, repeats of one id not counted. */
    private Map<String, Long> counted(String type) {
        return bus.events(type).stream()
                .collect(Collectors.toMap(fact -> fact.id(), Function.identity(), (first, repeated) -> first))
                .values()
                .stream()
                .collect(Collectors.groupingBy(RestartStormTest::remediation, Collectors.counting()));
    }

    /** The operation, where the owner that told it knew nothing else of who had asked. */
    private static String remediation(Fact fact) {
        String named = switch (fact.event()) {
            case RestartEvent.Performed performed -> performed.remediation();
            case RestartEvent.Withheld withheld -> withheld.remediation();
            default -> throw new AssertionError(fact.toString());
        };
        return named.isEmpty() ? fact.about().correlation() : named;
    }

    private boolean lives() {
        return owners.trio().process(REPLICA).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Redis says so in its log. */
    private int starts() throws IOException {
        Path log = owners.trio().directory(REPLICA).resolve("log/redis.log");
        return (int) Files.readString(log)
                .lines()
                .filter(line -> line.contains("Redis is starting"))
                .count();
    }
}
