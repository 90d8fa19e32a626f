package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.alert.Story;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two alert-services and incidents that last. Again and again all of them come due to be reminded of, and one service is
 * killed at a random moment while reminders are written and sent. {@code -Dseed=N} plays one again.
 */
@Tag("long")
@Timeout(900)
class ReminderStormTest {
    private static final int KILLS = 25;
    private static final int CLUSTERS = 8;
    /** A claim of who was killed runs out after nine seconds. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private final long seed = Long.getLong("seed", 20_261_127L);
    private final Random random = new Random(seed);

    @Test
    void twentyFiveDeathsLoseNoReminderAndDoubleNone(@TempDir Path directory) throws Exception {
        // A new database is told everything that a broker holds: this one holds nothing of other tests.
        try (TestBroker broker = TestBroker.start()) {
            storm(broker, directory);
        }
    }

    private void storm(TestBroker broker, Path directory) throws IOException, SQLException {
        BusSettings admin = new BusSettings(broker.bootstrap(), "storm", broker.admin());
        try (Admin topics = Admin.create(admin.common())) {
            new TopicAdmin(topics, Duration.ofSeconds(20)).create();
        }
        TestPostgres postgres = TestPostgres.shared();
        PGSimpleDataSource database = new PGSimpleDataSource();
        String jdbc = postgres.url(postgres.newDatabase());
        database.setUrl(jdbc);
        database.setUser("postgres");
        List<AlertChild> services = new ArrayList<>();
        try (Pager pager = Pager.slow(Duration.ofMillis(100));
                BusProducer teller = new BusProducer(admin, Duration.ofSeconds(10))) {
            for (String name : List.of("one", "two")) {
                services.add(AlertChild.start(directory, name, broker, jdbc, pager.url()));
            }
            services.forEach(AlertChild::awaitReady);
            for (int i = 0; i < CLUSTERS; i++) {
                Story story = new Story(Rig.cluster("lasting"), "1")
                        .startingAt(Instant.now().minusSeconds(30));
                teller.send(BusMessage.of(story.down("r1/redis-server", MASTER)))
                        .toCompletableFuture()
                        .join();
            }
            Await.until("every first notice", SOON, () -> pager.effects().size() == CLUSTERS && idle(database));
            for (int kill = 1; kill <= KILLS; kill++) {
                int all = CLUSTERS * (kill + 1);
                assertThat(passPeriod(database)).isEqualTo(CLUSTERS);
                Await.moment(Duration.ofMillis(random.nextInt(1_000)));
                int victim = random.nextInt(services.size());
                services.get(victim).kill9();
                services.set(victim, AlertChild.start(directory, "after-" + kill, broker, jdbc, pager.url()));
                services.get(victim).awaitReady();
                Await.until(
                        "the reminders of round " + kill,
                        SOON,
                        () -> pager.effects().size() >= all && idle(database));
            }
            judge(pager);
        } finally {
            services.forEach(AlertChild::close);
        }
    }

    private void judge(Pager pager) {
        Map<String, Long> attempts =
                pager.requests().stream().collect(Collectors.groupingBy(Pager.Request::key, Collectors.counting()));
        Map<String, Set<String>> keys = new TreeMap<>();
        for (Pager.Request request : pager.requests()) {
            JsonNode body = Pager.tree(request.body());
            String which = body.path("incident").path("id").asText() + " "
                    + body.path("reminder").path("number").asInt(0);
            keys.computeIfAbsent(which, any -> new TreeSet<>()).add(request.key());
        }
        long repeats = attempts.values().stream().mapToLong(times -> times - 1).sum();
        System.out.printf(
                "reminders: seed %d, %d kills, incidents %d, reminders %d, requests repeated %d%n",
                seed, KILLS, CLUSTERS, keys.size() - CLUSTERS, repeats);
        Set<String> incidents =
                keys.keySet().stream().map(which -> which.split(" ", 2)[0]).collect(Collectors.toSet());
        assertThat(incidents).hasSize(CLUSTERS);
        assertThat(keys.keySet())
                .as("each incident's first notice and its reminders, by number")
                .containsExactlyInAnyOrderElementsOf(incidents.stream()
                        .flatMap(id -> IntStream.rangeClosed(0, KILLS).mapToObj(number -> id + " " + number))
                        .toList());
        assertThat(keys.values())
                .as("each under one key")
                .allSatisfy(each -> assertThat(each).hasSize(1));
        assertThat(repeats).as("attempts that were under way at a death").isLessThanOrEqualTo(KILLS);
    }

    /** How many are due by that. */
    private static int passPeriod(PGSimpleDataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            return statement.executeUpdate("update reminder set since = since - interval '"
                    + AlertChild.REPEAT.plusMinutes(1).toSeconds() + " seconds'");
        }
    }

    /** Nothing is on its way any more. */
    private static boolean idle(PGSimpleDataSource database) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select 1 from delivery where state = 'QUEUED' limit 1")) {
            return !rows.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
