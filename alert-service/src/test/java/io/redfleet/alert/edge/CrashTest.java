package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.alert.Story;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.edge.config.Engine;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("peer")
class CrashTest {
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";

    static Stream<Arguments> cuts() {
        // Beginning, reading, claiming, settling, sending: the story takes about ten commits, with the ticker's in
        // between.
        return Stream.of(1, 2, 3, 4, 6, 8, 11, 15)
                .flatMap(at -> Stream.of(Arguments.of(at, true), Arguments.of(at, false)));
    }

    @Tag("long")
    @ParameterizedTest(name = "death at commit {0}, which lasts: {1}")
    @MethodSource("cuts")
    void whereverTheProcessDiesNothingIsLostAndNothingDoubled(int at, boolean lasts) throws Exception {
        DataSource database = TestPostgres.shared().database();
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(database, Map.of(new ReceiverName("pager"), webhook(pager))).started()) {
            CutDataSource[] cut = new CutDataSource[1];
            rig.replaced(real -> {
                cut[0] = new CutDataSource(real, at, lasts);
                return cut[0];
            });
            rig.engine().start();
            Story story =
                    new Story(Rig.cluster("cut"), "1").startingAt(Instant.now().minusSeconds(30));
            List<Fact> facts = List.of(
                    story.down(R1, MASTER),
                    story.failoverStarted(),
                    story.switched(),
                    story.completed(),
                    story.up(R1),
                    story.down(R2, REPLICA));
            facts.forEach(rig::send);
            Await.until("the death", Duration.ofSeconds(30), () -> cut[0].dead());
            rig.replaced(real -> real).started();
            assertAllTold(rig, pager, story.cluster().value(), facts);
        }
    }

    /** As after a restore onto a new Kafka, where the database of the old one is still there. */
    @Test
    @Execution(CONCURRENT)
    void aBusThatHasBegunAnewIsReadFromItsBeginningAndToldOf() throws Exception {
        DataSource database = TestPostgres.shared().database();
        try (TestBroker fresh = TestBroker.start();
                Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(fresh, database, Map.of(new ReceiverName("pager"), webhook(pager))).started()) {
            rig.engine().close();
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("update reader_offset set next_offset = 5000, old_until = 4000"))
                        .isPositive();
            }
            Story story =
                    new Story(Rig.cluster("anew"), "1").startingAt(Instant.now().minusSeconds(30));
            rig.send(story.down(R1, MASTER));
            rig.replaced(real -> real).started();
            rig.awaitIncident(story.cluster().value(), "an incident", it -> it.state() == State.OPEN);
            Await.until("the page", Rig.SOON, () -> !pager.requests().isEmpty());
        }
    }

    @Test
    @Execution(CONCURRENT)
    void anotherBusIsReadFromItsBeginningAlsoWhereItIsAheadOfTheOldOne() throws Exception {
        DataSource database = TestPostgres.shared().database();
        Story story =
                new Story(Rig.cluster("moved"), "1").startingAt(Instant.now().minusSeconds(30));
        String cluster = story.cluster().value();
        try (TestBroker old = TestBroker.start();
                Rig rig = new Rig(old, database, Map.of()).started()) {
            rig.send(story.down(R2, REPLICA));
            rig.awaitIncident(cluster, "an incident", it -> it.state() == State.OPEN);
        }
        try (TestBroker other = TestBroker.start();
                Rig rig = new Rig(other, database, Map.of())) {
            // The mark of the old bus lies between the two.
            Fact first = story.up(R2);
            rig.send(first, story.down(R1, MASTER));
            rig.started();
            rig.awaitIncident(cluster, "the second", it -> it.cause().equals("masterDown"));
            assertThat(rig.column("select event_id from audit where cluster = '" + cluster + "'"))
                    .contains(first.id());
        }
    }

    @Test
    void whileTheDatabaseIsAwayNothingIsLost() throws Exception {
        try (TestPostgres postgres = TestPostgres.own();
                Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(postgres.database(), Map.of(new ReceiverName("pager"), webhook(pager))).started()) {
            Story story =
                    new Story(Rig.cluster("away"), "1").startingAt(Instant.now().minusSeconds(30));
            Fact first = story.down(R1, MASTER);
            rig.send(first);
            rig.awaitIncident(story.cluster().value(), "the first", it -> it.state() == State.OPEN);

            postgres.stop();
            List<Fact> meanwhile = List.of(
                    story.failoverStarted(),
                    story.switched(),
                    story.completed(),
                    story.up(R1),
                    story.down(R2, REPLICA));
            meanwhile.forEach(rig::send);
            Await.until(
                    "that it says so",
                    Rig.SOON,
                    () -> rig.engine().troubles().stream()
                            .anyMatch(trouble -> trouble.startsWith("reader: the database is away")));
            postgres.start();

            Await.until(
                    "that it is well again",
                    Rig.SOON,
                    () -> rig.engine().troubles().isEmpty());
            List<Fact> all = Stream.concat(Stream.of(first), meanwhile.stream()).toList();
            assertAllTold(rig, pager, story.cluster().value(), all);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whileTheBrokerIsAwayNoticesGoOutAndTheBusHearsOfThemAfterwards() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(
                                broker,
                                TestPostgres.shared().database(),
                                Map.of(new ReceiverName("pager"), webhook(pager)))
                        .started()) {
            Story story = new Story(Rig.cluster("bus"), "1").startingAt(Instant.now());
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER));
            rig.awaitIncident(cluster, "an incident", it -> it.state() == State.OPEN);
            broker.kill9();
            Await.until("a notice all the same", Rig.SOON, () -> pager.effects().size() == 1);
            Await.until(
                    "that it says so",
                    Rig.SOON,
                    () -> rig.engine().troubles().stream().anyMatch(trouble -> trouble.contains("broker")));
            broker.restart();
            Await.until(
                    "what was said of it",
                    Duration.ofSeconds(40),
                    () -> rig.saidTypes(cluster).contains("notification.sent"));
            rig.send(story.up(R1));
            rig.awaitIncident(cluster, "the end", it -> it.state() == State.RESOLVED);
        }
    }

    @Test
    void twoProcessesOnOneDatabaseDoubleNothing() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(TestPostgres.shared().database(), Map.of(new ReceiverName("pager"), webhook(pager)))
                        .started();
                Engine other = rig.another()) {
            other.start();
            Story story =
                    new Story(Rig.cluster("two"), "1").startingAt(Instant.now().minusSeconds(30));
            List<Fact> facts = List.of(
                    story.down(R1, MASTER),
                    story.failoverStarted(),
                    story.switched(),
                    story.completed(),
                    story.up(R1),
                    story.down(R2, REPLICA));
            facts.forEach(rig::send);
            assertAllTold(rig, pager, story.cluster().value(), facts);
            assertThat(pager.requests()).hasSize(4);
        }
    }

    @Test
    void whatIsLongOverLeavesTheDatabaseAndTheBus() throws Exception {
        try (Rig rig = new Rig(TestPostgres.shared().database(), Map.of()).started()) {
            Story story = new Story(Rig.cluster("over"), "1").startingAt(Instant.now());
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER), story.up(R1), story.down(R2, REPLICA));
            rig.awaitIncident(cluster, "the second", it -> it.cause().endsWith(R2));
            InstantSource inAMonth = InstantSource.fixed(Instant.now().plus(Duration.ofDays(31)));
            Await.until(
                    "nothing left to sweep",
                    Rig.SOON,
                    () -> !rig.sweeper(inAMonth).run());
            assertThat(rig.column("select cause from incident where cluster = '" + cluster + "'"))
                    .containsExactly("instanceDown " + R2);
            Await.until(
                    "a tombstone",
                    Rig.SOON,
                    () -> rig.heard(Topic.ALERTS, cluster).stream().anyMatch(BusRecord::isTombstone));
            assertThat(rig.column("select event_id from audit where cluster = '" + cluster + "'"))
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aRebuiltDatabaseFindsTheSameIncidentsAndTellsNobody() throws Exception {
        String cluster;
        List<String> before;
        Story story =
                new Story(Rig.cluster("rebuilt"), "1").startingAt(Instant.now().minusSeconds(30));
        try (Rig rig = new Rig(TestPostgres.shared().database(), Map.of()).started()) {
            cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER), story.failoverStarted(), story.completed(), story.up(R1));
            rig.send(story.down(R2, REPLICA));
            rig.awaitIncident(cluster, "the last", it -> it.cause().endsWith(R2));
            before = rig.column("select id from incident where cluster = '" + cluster + "' order by id");
        }
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(TestPostgres.shared().database(), Map.of(new ReceiverName("pager"), webhook(pager)))
                        .started()) {
            Await.until(
                    "the same incidents",
                    Rig.SOON,
                    () -> rig.column("select id from incident where cluster = '" + cluster + "' order by id")
                            .equals(before));
            Fact news = story.down("r3/redis-server", REPLICA);
            rig.send(news);
            Await.until(
                    "a notice of what is new",
                    Rig.SOON,
                    () -> pager.effects().stream().anyMatch(body -> body.contains(news.id())));
            assertThat(pager.effects().stream().filter(body -> body.contains(cluster)))
                    .hasSize(1);
        }
    }

    private static void assertAllTold(Rig rig, Pager pager, String cluster, List<Fact> facts) {
        Await.until(
                "every event kept",
                Rig.SOON,
                () -> Set.copyOf(rig.column("select event_id from audit where cluster = '" + cluster + "'"))
                        .containsAll(facts.stream().map(fact -> fact.id()).toList()));
        Await.until("four notices", Rig.SOON, () -> pager.kinds().size() >= 4);
        Await.until(
                "an empty outbox",
                Rig.SOON,
                () -> rig.column("select seq::text from outbox").isEmpty());
        assertThat(rig.column(
                        "select cause || ' ' || state from incident where cluster = '" + cluster + "' order by cause"))
                .containsExactly("instanceDown " + R2 + " OPEN", "masterDown RESOLVED");
        assertThat(rig.column("select event_id from audit where cluster = '" + cluster + "'"))
                .doesNotHaveDuplicates();
        assertThat(pager.kinds()).containsExactlyInAnyOrder("first", "updated", "resolved", "first");
        Set<String> told = rig.heard(Topic.EVENTS, cluster).stream()
                .map(Rig::event)
                .filter(event -> event.source().equals("/redfleet/alert"))
                .filter(event -> event.type().contains(".incident."))
                .map(EventRecord::id)
                .collect(Collectors.toSet());
        assertThat(told.stream().filter(id -> id.endsWith(":opened"))).hasSize(2);
        assertThat(told.stream().filter(id -> id.endsWith(":resolved"))).hasSize(1);
    }

    private static Receiver webhook(Pager pager) {
        return new Webhook(new Webhook.Target(pager.url(), null, Duration.ofSeconds(5)), new Addresses(true));
    }
}
