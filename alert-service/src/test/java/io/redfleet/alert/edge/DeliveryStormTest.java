package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two alert-services whose receiver is slow; one of them is killed at a random moment of its deliveries, again and again.
 * {@code -Dseed=N} plays one again.
 */
@Tag("long")
class DeliveryStormTest {
    private static final int KILLS = 50;
    private static final int CLUSTERS_EACH = 4;

    private final long seed = Long.getLong("seed", 20_261_126L);
    private final Random random = new Random(seed);
    private final List<BusRecord> said = new CopyOnWriteArrayList<>();

    @Test
    void fiftyDeathsInTheMiddleOfDeliveriesLoseNoNoticeAndRepeatOneEachAtMost(@TempDir Path directory)
            throws IOException {
        // A new database is told everything that a broker holds: this one holds nothing of other tests.
        try (TestBroker broker = TestBroker.start()) {
            storm(broker, directory);
        }
    }

    private void storm(TestBroker broker, Path directory) throws IOException {
        BusSettings admin = new BusSettings(broker.bootstrap(), "storm", broker.admin());
        try (Admin topics = Admin.create(admin.common())) {
            new TopicAdmin(topics, Duration.ofSeconds(20)).create();
        }
        TestPostgres postgres = TestPostgres.shared();
        String jdbc = postgres.url(postgres.newDatabase());
        List<AlertChild> services = new ArrayList<>();
        List<String> clusters = new ArrayList<>();
        try (Pager pager = Pager.slow(Duration.ofMillis(150));
                BusProducer teller = new BusProducer(admin, Duration.ofSeconds(10));
                Follower follower = Follower.of(admin, List.of(Topic.EVENTS), new Start.End(), said::add)) {
            follower.caughtUp().toCompletableFuture().join();
            for (String name : List.of("one", "two")) {
                services.add(AlertChild.start(directory, name, broker, jdbc, pager.url()));
            }
            services.forEach(AlertChild::awaitReady);
            for (int kill = 1; kill <= KILLS; kill++) {
                clusters.addAll(masters(teller, CLUSTERS_EACH));
                Await.moment(Duration.ofMillis(random.nextInt(1_200)));
                int victim = random.nextInt(services.size());
                services.get(victim).kill9();
                services.set(victim, AlertChild.start(directory, "after-" + kill, broker, jdbc, pager.url()));
                services.get(victim).awaitReady();
            }
            Await.until(
                    "every notice",
                    Duration.ofSeconds(60),
                    () -> pager.effects().size() >= clusters.size() && sent(clusters) >= clusters.size());

            Map<String, Long> attempts =
                    pager.requests().stream().collect(Collectors.groupingBy(Pager.Request::key, Collectors.counting()));
            long repeats =
                    attempts.values().stream().mapToLong(times -> times - 1).sum();
            System.out.printf(
                    "deliveries: seed %d, %d kills, incidents %d, notices %d, told of on the bus %d, requests repeated %d%n",
                    seed, KILLS, clusters.size(), attempts.size(), sent(clusters), repeats);
            assertThat(attempts).as("notices, each under one key").hasSize(clusters.size());
            assertThat(repeats).as("attempts that were under way at a death").isLessThanOrEqualTo(KILLS);
            assertThat(sent(clusters)).isEqualTo(clusters.size());
        } finally {
            services.forEach(AlertChild::close);
        }
    }

    /** Masters that died a while ago, so that nothing is held back any more. */
    private static List<String> masters(BusProducer teller, int count) {
        List<String> clusters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Story story = new Story(Rig.cluster("storm"), "1")
                    .startingAt(Instant.now().minusSeconds(30));
            teller.send(BusMessage.of(story.down("r1/redis-server", MASTER)))
                    .toCompletableFuture()
                    .join();
            clusters.add(story.cluster().value());
        }
        return clusters;
    }

    /** Different facts "this notice was sent" about these clusters, by their ids. */
    private long sent(List<String> clusters) {
        Set<String> ours = new HashSet<>(clusters);
        return said.stream()
                .filter(record -> ours.contains(record.clusterKey()))
                .map(Rig::event)
                .filter(event -> event.type().equals("io.redfleet.notification.sent.v1"))
                .map(event -> event.id())
                .distinct()
                .count();
    }
}
