package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.alert.Story;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.edge.config.Engine;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reminders on a real PostgreSQL and a real Kafka; hours pass at once. */
@Tag("peer")
class RepeatTest {
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";
    private static final ReceiverName PAGER = new ReceiverName("pager");
    private static final Duration HOUR = Duration.ofHours(1);
    /** A period, and more than a test takes. */
    private static final Duration PERIOD = Duration.ofMinutes(61);

    @Test
    void whatLastsIsToldAgainUntilSomebodyAcknowledgesIt() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            Story story = opened(rig, pager, "lasts");
            String cluster = story.cluster().value();
            rig.later(PERIOD);
            Await.until("a reminder", Rig.SOON, () -> kinds(pager, cluster).equals(List.of("first", "reminder")));
            JsonNode body = Pager.tree(of(pager, cluster).getLast());
            assertThat(body.path("reminder").path("number").asInt()).isEqualTo(1);
            assertThat(body.path("reminder").path("openFor").asText()).isEqualTo("1 hour 1 minute");
            assertThat(body.path("reminder").path("openSince").asText())
                    .isEqualTo(body.path("incident").path("openedAt").asText());
            assertThat(body.path("reminder").path("text").asText())
                    .startsWith("Reminder 1: open for 1 hour 1 minute, since ");
            assertThat(Pager.tree(of(pager, cluster).getFirst()).has("reminder"))
                    .isFalse();
            Await.until(
                    "what was said of it",
                    Rig.SOON,
                    () -> said(rig, cluster).stream()
                            .anyMatch(event -> event instanceof AlertEvent.Sent sent
                                    && Integer.valueOf(1).equals(sent.reminder())));
            rig.later(PERIOD);
            Await.until("another", Rig.SOON, () -> kinds(pager, cluster).size() == 3);
            assertThat(numbers(pager, cluster)).containsExactly(1, 2);

            acknowledge(rig, rig.awaitIncident(cluster, "open", it -> true));
            rig.awaitIncident(cluster, "acknowledged", it -> it.state() == State.ACKNOWLEDGED);
            assertThat(reminded(rig, cluster)).isEmpty();
            rig.later(Duration.ofHours(10));
            ticked(rig, pager);
            assertThat(kinds(pager, cluster)).containsExactly("first", "reminder", "reminder");

            rig.send(story.up(R1));
            Await.until(
                    "its end", Rig.SOON, () -> kinds(pager, cluster).getLast().equals("resolved"));
            assertThat(pager.requests().stream().map(Pager.Request::key)).doesNotHaveDuplicates();
        }
    }

    @Test
    void afterTenHoursAwayThereIsOneReminder() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            String cluster = opened(rig, pager, "away").cluster().value();
            rig.engine().close();
            rig.later(Duration.ofHours(10));
            rig.replaced(real -> real).started();
            Await.until("a reminder", Rig.SOON, () -> kinds(pager, cluster).contains("reminder"));
            ticked(rig, pager);
            assertThat(numbers(pager, cluster)).containsExactly(1);
            rig.later(PERIOD);
            Await.until(
                    "the next, a period later",
                    Rig.SOON,
                    () -> numbers(pager, cluster).equals(List.of(1, 2)));
        }
    }

    @Test
    void afterHoursWithoutPostgresThereIsOneReminder() throws Exception {
        try (TestPostgres postgres = TestPostgres.own();
                Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, postgres.database()).started()) {
            String cluster = opened(rig, pager, "stored").cluster().value();
            postgres.stop();
            rig.later(Duration.ofHours(10));
            Await.until(
                    "that it says so",
                    Rig.SOON,
                    () -> rig.engine().troubles().stream().anyMatch(trouble -> trouble.startsWith("ticker")));
            postgres.start();
            Await.until("a reminder", Rig.SOON, () -> kinds(pager, cluster).contains("reminder"));
            ticked(rig, pager);
            assertThat(numbers(pager, cluster)).containsExactly(1);
        }
    }

    @Test
    void whatWasMendedMeanwhileIsNotRemindedOf() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            Story story = opened(rig, pager, "mended");
            String cluster = story.cluster().value();
            rig.engine().close();
            rig.later(Duration.ofHours(10));
            // More than one poll brings: the end of the outage is not among the first of it.
            rig.send(IntStream.range(0, 600)
                    .mapToObj(i -> story.tell(R2, new WatchEvent.RestartRequested("r" + i, 1)))
                    .toArray(Fact[]::new));
            rig.send(story.up(R1));
            rig.replaced(real -> real).started();
            Await.until("its end", Rig.SOON, () -> kinds(pager, cluster).contains("resolved"));
            ticked(rig, pager);
            assertThat(kinds(pager, cluster)).containsExactly("first", "resolved");
        }
    }

    @Test
    void twoProcessesRemindOnce() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started();
                Engine other = rig.another()) {
            other.start();
            List<Story> stories =
                    Stream.generate(() -> story(rig, "both")).limit(12).toList();
            rig.send(stories.stream().map(story -> story.down(R1, MASTER)).toArray(Fact[]::new));
            stories.forEach(story -> awaitFirstNotice(rig, pager, story));
            List<String> clusters =
                    stories.stream().map(story -> story.cluster().value()).toList();
            for (int period = 1; period <= 5; period++) {
                int number = period;
                rig.later(PERIOD);
                clusters.forEach(cluster -> Await.until(
                        "reminder " + number,
                        Rig.SOON,
                        () -> numbers(pager, cluster).contains(number)));
                // The next period begins when the database knows that they were taken.
                Await.until(
                        "that all were taken",
                        Rig.SOON,
                        () -> rig.column("select notice_key from delivery where state = 'QUEUED'")
                                .isEmpty());
            }
            ticked(rig, pager);
            assertThat(clusters)
                    .allSatisfy(cluster -> assertThat(numbers(pager, cluster)).containsExactly(1, 2, 3, 4, 5));
            assertThat(pager.requests().stream().map(Pager.Request::key)).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRebuiltDatabaseRemindsNobodyOfWhatWasOpenBefore() throws Exception {
        String cluster;
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            cluster = opened(rig, pager, "rebuilt").cluster().value();
        }
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            Await.until(
                    "the same incident",
                    Rig.SOON,
                    () -> rig.column("select state from incident where cluster = '" + cluster + "'")
                            .equals(List.of("OPEN")));
            rig.later(Duration.ofHours(10));
            ticked(rig, pager);
            assertThat(of(pager, cluster)).isEmpty();
        }
    }

    @Test
    void aReceiverThatIsAwayIsToldLaterAndOnce() throws Exception {
        try (Pager pager = Pager.failing(1_000_000, 503);
                Rig rig = Rig.repeating(
                                TestBroker.shared(),
                                TestPostgres.shared().database(),
                                Map.of(PAGER, webhook(pager)),
                                Duration.ofMinutes(10))
                        .started()) {
            Story story = story(rig, "unheard");
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER));
            Await.until("an attempt", Rig.SOON, () -> rig.saidTypes(cluster).contains("notification.failed"));
            for (int period = 0; period < 4; period++) {
                List<String> before = since(rig, cluster);
                rig.later(Duration.ofMinutes(11));
                Await.until("a look", Rig.SOON, () -> !since(rig, cluster).equals(before));
            }
            Await.until(
                    "that it says so", Rig.SOON, () -> !withheld(rig, cluster).isEmpty());
            assertThat(rig.column("select reminder::text from delivery where cluster = '" + cluster + "'"))
                    .containsExactly("0");
            // The first notice has been tried for long enough by then.
            rig.later(Duration.ofHours(2));
            Await.until("its end", Rig.SOON, () -> states(rig, cluster).startsWith("0 GIVEN_UP"));
            rig.later(Duration.ofMinutes(11));
            Await.until("a reminder", Rig.SOON, () -> states(rig, cluster).equals("0 GIVEN_UP, 1 QUEUED"));
            var notTaken = new AlertEvent.Withheld(
                    rig.awaitIncident(cluster, "open", it -> true).id(),
                    "it has not taken the notice before yet",
                    "pager",
                    1);
            assertThat(withheld(rig, cluster)).filteredOn(notTaken::equals).hasSize(1);

            acknowledge(rig, rig.awaitIncident(cluster, "open", it -> true));
            Await.until(
                    "that it is not tried", Rig.SOON, () -> states(rig, cluster).equals("0 GIVEN_UP, 1 GIVEN_UP"));
            Await.until(
                    "that it says so",
                    Rig.SOON,
                    () -> withheld(rig, cluster).getLast().why().equals("acknowledged or over before it was told"));
        }
    }

    @Test
    void aRestartLimitThatTheMonitorTellsAgainIsNotANoticeOfItsOwn() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, TestPostgres.shared().database()).started()) {
            Story story = story(rig, "limit");
            String cluster = story.cluster().value();
            rig.send(story.tell(R2, new WatchEvent.LimitReached(5, 5)));
            Await.until("the first notice", Rig.SOON, () -> states(rig, cluster).equals("0 SENT"));
            for (int i = 2; i <= 4; i++) {
                int told = i;
                rig.later(Duration.ofMinutes(15));
                rig.send(story.startingAt(rig.now()).tell(R2, new WatchEvent.LimitReached(5, 5)));
                rig.awaitIncident(cluster, "told again", it -> it.events().size() == told);
            }
            ticked(rig, pager);
            assertThat(kinds(pager, cluster)).containsExactly("first");
            rig.later(Duration.ofMinutes(16));
            Await.until("a reminder", Rig.SOON, () -> kinds(pager, cluster).equals(List.of("first", "reminder")));
            assertThat(Pager.tree(of(pager, cluster).getLast()).path("story")).hasSize(4);
        }
    }

    static Stream<Arguments> cuts() {
        // Placing the reader, looking for what is due, the reminder, its claim, its settling: within thirty commits.
        return Stream.of(2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 24, 28)
                .flatMap(at -> Stream.of(Arguments.of(at, true), Arguments.of(at, false)));
    }

    @Tag("long")
    @ParameterizedTest(name = "death at commit {0}, which lasts: {1}")
    @MethodSource("cuts")
    void whereverTheProcessDiesThereIsOneReminder(int at, boolean lasts) throws Exception {
        try (TestBroker broker = TestBroker.start();
                Pager pager = Pager.failing(0, 0);
                Rig rig = Rig.repeating(broker, TestPostgres.shared().database(), Map.of(PAGER, webhook(pager)), HOUR)
                        .started()) {
            String cluster = opened(rig, pager, "cut").cluster().value();
            CutDataSource[] cut = new CutDataSource[1];
            rig.replaced(real -> {
                cut[0] = new CutDataSource(real, at, lasts);
                return cut[0];
            });
            rig.later(PERIOD);
            rig.engine().start();
            Await.until("the death", Duration.ofSeconds(30), () -> cut[0].dead());
            rig.replaced(real -> real).started();
            Await.until("a reminder", Rig.SOON, () -> kinds(pager, cluster).contains("reminder"));
            ticked(rig, pager);
            assertThat(numbers(pager, cluster)).containsExactly(1);
            assertThat(rig.column(
                            "select reminder::text from delivery where cluster = '" + cluster + "' order by number"))
                    .containsExactly("0", "1");
        }
    }

    @Test
    void whatAnEarlierReleaseHasToldIsRemindedOf() throws Exception {
        DataSource database = TestPostgres.shared().database();
        Flyway.configure().dataSource(database).target("5").load().migrate();
        change(
                database,
                "insert into incident (id, cluster, uid, cause, state, opened_at, updated_at, record, troubles, told,"
                        + " notices, told_severity) select 'inc-' || n, 'c', 'u' || n, 'masterDown', state, now(), now(),"
                        + " '{}', '{}', told, 1, 'CRITICAL' from (values (1, 'OPEN', 'OPEN'),"
                        + " (2, 'ACKNOWLEDGED', 'OPEN'), (3, 'RESOLVED', 'OVER'), (4, 'OPEN', 'NEVER'))"
                        + " as it (n, state, told)",
                "insert into delivery (notice_key, number, receiver, incident, cluster, uid, body, state, queued_at,"
                        + " next_at, settled_at) select 'inc-' || n || '-' || m, m, 'pager', 'inc-' || n, 'c', 'u' || n,"
                        + " '{}', 'SENT', timestamptz '2026-11-22T10:00:00Z', timestamptz '2026-11-22T10:00:00Z',"
                        + " timestamptz '2026-11-22T10:00:00Z' + m * interval '1 minute'"
                        + " from generate_series(1, 4) n, generate_series(1, 2) m");
        Flyway.configure().dataSource(database).load().migrate();
        try (Rig rig = new Rig(database, Map.of())) {
            assertThat(rig.column("select incident || ' ' || receiver || ' ' || reminders || ' '"
                            + " || to_char(since at time zone 'UTC', 'HH24:MI') from reminder"))
                    .containsExactly("inc-1 pager 0 10:02");
        }
    }

    private static Rig rig(Pager pager, DataSource database) {
        return Rig.repeating(TestBroker.shared(), database, Map.of(PAGER, webhook(pager)), HOUR);
    }

    private static Receiver webhook(Pager pager) {
        return new Webhook(new Webhook.Target(pager.url(), null, Duration.ofSeconds(5)), new Addresses(true));
    }

    private static Story story(Rig rig, String word) {
        return new Story(Rig.cluster(word), "1").startingAt(rig.now().minusSeconds(5));
    }

    /** A master that is down, of which the pager has taken the first notice and the database knows that. */
    private static Story opened(Rig rig, Pager pager, String word) {
        Story story = story(rig, word);
        rig.send(story.down(R1, MASTER));
        awaitFirstNotice(rig, pager, story);
        return story;
    }

    private static void awaitFirstNotice(Rig rig, Pager pager, Story story) {
        String cluster = story.cluster().value();
        Await.until("the first notice", Rig.SOON, () -> kinds(pager, cluster).equals(List.of("first")));
        Await.until("that it was taken", Rig.SOON, () -> states(rig, cluster).equals("0 SENT"));
    }

    /** Another incident is opened, told, and reminded of: so was everything else that was due before. */
    private static void ticked(Rig rig, Pager pager) {
        Story story = story(rig, "marker");
        String marker = story.cluster().value();
        rig.send(story.down(R2, REPLICA));
        Await.until("the marker", Rig.SOON, () -> kinds(pager, marker).equals(List.of("first")));
        Await.until("its row", Rig.SOON, () -> states(rig, marker).equals("0 SENT"));
        assertThat(rig.column("update reminder set since = since - interval '2 hours' where incident in (select id"
                        + " from incident where cluster = '" + marker + "') returning incident"))
                .hasSize(1);
        Await.until("its reminder", Rig.SOON, () -> kinds(pager, marker).contains("reminder"));
    }

    private static void acknowledge(Rig rig, Incident incident) {
        Instant now = rig.now();
        var order = new Order(
                new CommandId(incident.cluster() + "-ack"),
                incident.cluster(),
                new Actor("ann", "t1"),
                now,
                now.plusSeconds(30),
                new Request.Acknowledge(incident.id()));
        rig.send(BusMessage.of(Topic.COMMANDS, incident.cluster().value(), order));
    }

    private static List<String> of(Pager pager, String cluster) {
        return pager.effects().stream()
                .filter(body -> Pager.tree(body)
                        .path("incident")
                        .path("cluster")
                        .asText()
                        .equals(cluster))
                .toList();
    }

    private static List<String> kinds(Pager pager, String cluster) {
        return of(pager, cluster).stream()
                .map(body -> Pager.tree(body).path("kind").asText())
                .toList();
    }

    private static List<Integer> numbers(Pager pager, String cluster) {
        return of(pager, cluster).stream()
                .map(Pager::tree)
                .filter(body -> body.path("kind").asText().equals("reminder"))
                .map(body -> body.path("reminder").path("number").asInt())
                .toList();
    }

    private static String states(Rig rig, String cluster) {
        return String.join(
                ", ",
                rig.column("select reminder || ' ' || state from delivery where cluster = '" + cluster
                        + "' order by number"));
    }

    private static List<String> reminded(Rig rig, String cluster) {
        return rig.column("select r.receiver from reminder r join incident i on i.id = r.incident where i.cluster = '"
                + cluster + "'");
    }

    private static List<String> since(Rig rig, String cluster) {
        return rig.column("select r.since::text from reminder r join incident i on i.id = r.incident"
                + " where i.cluster = '" + cluster + "'");
    }

    private static List<AlertEvent.Withheld> withheld(Rig rig, String cluster) {
        return said(rig, cluster).stream()
                .filter(AlertEvent.Withheld.class::isInstance)
                .map(AlertEvent.Withheld.class::cast)
                .toList();
    }

    private static List<Event> said(Rig rig, String cluster) {
        return rig.heard(Topic.EVENTS, cluster).stream()
                .map(Rig::event)
                .filter(event -> event.source().equals("/redfleet/alert"))
                .map(event -> Rig.fact(event).event())
                .toList();
    }

    private static void change(DataSource database, String... statements) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                assertThat(statement.executeUpdate(sql)).isPositive();
            }
        }
    }
}
