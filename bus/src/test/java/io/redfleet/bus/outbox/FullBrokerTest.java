package io.redfleet.bus.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SmallDisk;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker whose own disk of 64 MiB is full. {@code -Dseed=N} plays a run again. */
@Tag("long")
@Timeout(300)
class FullBrokerTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration DELIVERY = Duration.ofSeconds(5);
    private static final int FACTS = 600;

    private final long seed = Long.getLong("seed", 20_261_126L);
    private final Random chance = new Random(seed);
    private final Set<String> told = new HashSet<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void whatIsAcknowledgedStandsAndWhatIsNotWaitsUntilThereIsRoom(@TempDir Path directory) throws IOException {
        assumeTrue(SmallDisk.possible(), "mounting a small disk needs root");
        try (SmallDisk disk = SmallDisk.mounted(directory, 64 * 1_024);
                TestBroker broker = TestBroker.startOn(disk.path().resolve("data"))) {
            BusSettings settings = new BusSettings(broker.bootstrap(), "full-broker", broker.admin());
            try (Admin admin = Admin.create(settings.common())) {
                new TopicAdmin(admin, SOON).create();
            }
            long before;
            boolean died;
            try (BusProducer facts = new BusProducer(settings, Duration.ofHours(1));
                    BusProducer present = new BusProducer(settings, DELIVERY);
                    Outbox outbox = Outbox.open(directory.resolve("outbox"), 16 << 20, facts::send)) {
                facts.know(Topic.EVENTS);
                present.know(Topic.QUIET);
                tell(outbox, FACTS);
                Await.until("the first are acknowledged", SOON, () -> outbox.pending() == 0);

                disk.fill();
                tell(outbox, FACTS);
                CompletableFuture<?> refused = present.send(
                                new BusMessage(Topic.QUIET, "full", Map.of(), new byte[100_000]))
                        .toCompletableFuture();
                Await.until("a writer of the moment is told", SOON, refused::isDone);
                assertThat(refused).as("nothing is confirmed that has no room").isCompletedExceptionally();
                before = outbox.pending();
                assertThat(before).as("what waits in the outbox").isPositive();
                assertThat(outbox.takeDropped() + outbox.takeUnsafe()).isZero();
                died = !broker.alive();

                broker.kill9();
                disk.makeRoom();
                broker.restart();
                Await.until("all are acknowledged", SOON, () -> outbox.pending() == 0);
            }
            List<String> heard = heard(settings);
            System.out.printf(
                    "seed %d: facts in %d, %d waited for room, the broker %s; out %d, %d repeats, %d lost%n",
                    seed,
                    told.size(),
                    before,
                    died ? "ended itself" : "lived on",
                    new HashSet<>(heard).size(),
                    heard.size() - new HashSet<>(heard).size(),
                    told.stream().filter(id -> !heard.contains(id)).count());
            assertThat(acknowledged).as("every one is acknowledged").isEqualTo(told);
            assertThat(heard).containsExactlyInAnyOrderElementsOf(told);
        }
    }

    private void tell(Outbox outbox, int count) {
        for (int i = 0; i < count; i++) {
            String id = "fact-" + told.size();
            told.add(id);
            byte[] value = new byte[100 + chance.nextInt(4_000)];
            chance.nextBytes(value);
            String key = "cluster-" + chance.nextInt(40);
            outbox.append(new BusMessage(Topic.EVENTS, key, Map.of("ce_id", id), value), Outbox.Weight.FACT)
                    .thenRun(() -> acknowledged.add(id));
        }
    }

    private static List<String> heard(BusSettings settings) {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Follower follower = Follower.of(
                settings,
                List.of(Topic.EVENTS),
                new Start.Beginning(),
                record -> heard.add(record.headers().get("ce_id")))) {
            follower.caughtUp().toCompletableFuture().join();
        }
        return heard;
    }
}
