package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two alert-services, as processes, on one Kafka and one PostgreSQL. */
@Tag("long")
class TwoServicesTest {
    private static final int CLUSTERS = 12;

    @Test
    void aServiceThatDiesWhileItDeliversLosesNothingAndRepeatsOnlyThat(@TempDir Path directory) throws IOException {
        TestPostgres postgres = TestPostgres.shared();
        String jdbc = postgres.url(postgres.newDatabase());
        // A new database is told everything that a broker holds: this one holds nothing of other tests.
        try (TestBroker broker = withTopics(TestBroker.start());
                Pager pager = Pager.hangingOnce();
                AlertChild one = AlertChild.start(directory, "one", broker, jdbc, pager.url());
                AlertChild two = AlertChild.start(directory, "two", broker, jdbc, pager.url())) {
            one.awaitReady();
            two.awaitReady();
            List<Fact> facts = new ArrayList<>();
            for (int i = 0; i < CLUSTERS; i++) {
                facts.add(new Story(Rig.cluster("both"), "1")
                        .startingAt(Instant.now().minusSeconds(30))
                        .down("r1/redis-server", MASTER));
            }
            send(broker, facts.subList(0, 1));
            Await.until(
                    "a delivery",
                    Duration.ofSeconds(30),
                    () -> !pager.requests().isEmpty());
            Pager.Request hanging = pager.requests().getFirst();
            send(broker, facts.subList(1, CLUSTERS));
            AlertChild victim = hanging.authorization().endsWith(one.name()) ? one : two;
            victim.kill9();

            Await.until(
                    "every notice",
                    Duration.ofSeconds(40),
                    () -> pager.effects().size() >= CLUSTERS);
            Map<String, Long> attempts =
                    pager.requests().stream().collect(Collectors.groupingBy(Pager.Request::key, Collectors.counting()));
            System.out.printf(
                    "in %d, notices %d, requests %d; killed %s%n",
                    facts.size(), pager.effects().size(), pager.requests().size(), victim.name());
            assertThat(attempts).hasSize(CLUSTERS);
            assertThat(attempts).containsEntry(hanging.key(), 2L);
            attempts.remove(hanging.key());
            assertThat(attempts.values()).as("attempts of the others").containsOnly(1L);
        }
    }

    private static TestBroker withTopics(TestBroker broker) {
        try (Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "topics", broker.admin()).common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        return broker;
    }

    private static void send(TestBroker broker, List<Fact> facts) {
        var settings = new BusSettings(broker.bootstrap(), "teller", broker.admin());
        try (var producer = new BusProducer(settings, Duration.ofSeconds(10))) {
            facts.forEach(fact ->
                    producer.send(BusMessage.of(fact)).toCompletableFuture().join());
        }
    }
}
