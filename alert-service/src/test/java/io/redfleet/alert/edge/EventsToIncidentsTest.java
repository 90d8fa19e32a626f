package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("peer")
class EventsToIncidentsTest {
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";
    private static final Actor ANN = new Actor("ann", "t1");

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new Rig(TestPostgres.shared().database(), Map.of()).started();
    }

    @AfterAll
    static void end() {
        rig.close();
    }

    @Test
    void aFailoverBecomesOneIncidentOnTheBusAndEveryEventIsKept() {
        Story story = story("orders");
        String cluster = story.cluster().value();
        rig.send(story.down(R1, MASTER), story.failoverStarted(), story.switched(), story.completed());
        Incident open =
                rig.awaitIncident(cluster, "four events", it -> it.events().size() == 4);
        assertThat(open.cause()).isEqualTo("masterDown");
        assertThat(open.state()).isEqualTo(State.OPEN);

        rig.send(story.up(R1));
        rig.awaitIncident(cluster, "the end", it -> it.state() == State.RESOLVED);
        Await.until(
                "our own words read back", Rig.SOON, () -> kept(cluster).contains("io.redfleet.incident.resolved.v1"));
        assertThat(kept(cluster))
                .contains(
                        "io.redfleet.instance.down.v1",
                        "io.redfleet.failover.started.v1",
                        "io.redfleet.failover.switched.v1",
                        "io.redfleet.failover.completed.v1",
                        "io.redfleet.instance.up.v1",
                        "io.redfleet.incident.opened.v1");
        assertThat(rig.saidTypes(cluster)).startsWith("incident.opened").contains("incident.resolved");
        assertThat(rig.column("select id from incident where cluster = '" + cluster + "'"))
                .hasSize(1);
    }

    @Test
    void aRepeatedEventHasNoEffect() {
        Story story = story("twice");
        String cluster = story.cluster().value();
        Fact down = story.down(R2, REPLICA);
        Fact up = story.up(R2);
        rig.send(down, down, up, down, up);
        Fact marker = story.down("r3/redis-server", REPLICA);
        rig.send(marker);
        rig.awaitIncident(cluster, "the marker", it -> it.cause().endsWith("r3/redis-server"));
        assertThat(rig.column("select cause from incident where cluster = '" + cluster + "' order by opened_at"))
                .containsExactly("instanceDown " + R2, "instanceDown r3/redis-server");
    }

    @Test
    void whatCannotBeReadOnAnyTopicBecomesADeadLetterAndReadingGoesOn() {
        Story story = story("garbled");
        String cluster = story.cluster().value();
        Map<String, String> headers = Map.of(
                "ce_id", cluster + "-1",
                "ce_type", "io.redfleet.instance.down.v1",
                "ce_source", "/redfleet/monitor",
                "ce_subject", cluster,
                "ce_time", "2026-11-22T10:00:00Z");
        List<BusMessage> poison = List.of(
                poison(Topic.EVENTS, cluster, Map.of("ce_id", "x"), "{\"cluster\":"),
                poison(Topic.EVENTS, cluster, headers, "{\"cluster\":\"No Name\"}"),
                poison(Topic.EVENTS, cluster, headers, "{}"),
                poison(Topic.COMMANDS, cluster, Map.of(), "{\"id\":"),
                poison(Topic.COMMANDS, cluster, Map.of(), "{}"),
                poison(Topic.COMMANDS, cluster, Map.of(), ofALaterRelease(story)));
        assertThat(poison)
                .extracting(BusMessage::topic)
                .as("every topic that is read")
                .containsAll(Stream.of(Topic.values())
                        .filter(topic -> topic.readers().contains(ServiceName.ALERT))
                        .toList());
        poison.forEach(rig::send);
        rig.send(story.down(R2, REPLICA));
        rig.awaitIncident(cluster, "the event behind it", it -> it.state() == State.OPEN);
        Await.until("a dead letter for each", Rig.SOON, () -> letters(cluster).size() == poison.size());
        assertThat(letters(cluster)).allSatisfy(letter -> {
            assertThat(letter.reader()).isEqualTo("alert-test");
            assertThat(letter.reason()).isNotBlank();
        });
    }

    private static String ofALaterRelease(Story story) {
        Order order = order(story, new IncidentId("inc-0"), Instant.now().plusSeconds(30), story.cluster() + "-later");
        String written = new String(Codec.bytes(order), StandardCharsets.UTF_8);
        String later = written.replace("\"type\":\"acknowledge\"", "\"type\":\"snooze\"");
        assertThat(later).isNotEqualTo(written);
        return later;
    }

    private static BusMessage poison(Topic topic, String key, Map<String, String> headers, String value) {
        return new BusMessage(topic, key, headers, value.getBytes(StandardCharsets.UTF_8));
    }

    private List<DeadLetter> letters(String key) {
        return rig.heardOn(Topic.DEADLETTERS).stream()
                .map(record -> Rig.as(record, DeadLetter.class))
                .filter(one -> one.key().equals(key))
                .toList();
    }

    /** The first is too long for an index of the database, the other a year that it does not have. */
    @ParameterizedTest
    @CsvSource({"true, 2026-11-22T10:00:00Z", "false, +1000000000-01-01T00:00:00Z"})
    void anEventThatTheDatabaseRefusesIsPassedOverAloneAndReadingGoesOn(boolean longType, String time) {
        Story story = story("refused");
        String cluster = story.cluster().value();
        Map<String, String> headers = Map.of(
                "ce_id",
                cluster + "-1",
                "ce_type",
                "io.redfleet.instance.sang.v7" + (longType ? noise(20_000) : ""),
                "ce_source",
                "/redfleet/monitor",
                "ce_subject",
                cluster,
                "ce_time",
                time);
        rig.send(new BusMessage(Topic.EVENTS, cluster, headers, "{}".getBytes(StandardCharsets.UTF_8)));
        rig.send(story.down(R2, REPLICA));
        rig.awaitIncident(cluster, "the event behind it", it -> it.state() == State.OPEN);
        Await.until(
                "a dead letter",
                Rig.SOON,
                () -> rig.heardOn(Topic.DEADLETTERS).stream()
                        .map(record -> Rig.as(record, DeadLetter.class))
                        .anyMatch(one -> one.key().equals(cluster)));
    }

    /** Nothing that could be packed into less. */
    private static String noise(int digits) {
        SplittableRandom random = new SplittableRandom(7);
        return random.ints(digits, 0, 36)
                .mapToObj(digit -> Integer.toString(digit, 36))
                .collect(Collectors.joining());
    }

    @Test
    void anEventOfALaterReleaseIsKeptByTheAuditTrailAndOpensNothing() {
        Story story = story("later");
        String cluster = story.cluster().value();
        Map<String, String> headers = Map.of(
                "ce_id", cluster + "-1",
                "ce_type", "io.redfleet.instance.sang.v7",
                "ce_source", "/redfleet/monitor",
                "ce_subject", cluster + "/" + R2,
                "ce_time", "2026-11-22T10:00:00Z");
        rig.send(new BusMessage(
                Topic.EVENTS,
                cluster,
                headers,
                "{\"reason\":\"it sang\",\"tune\":[1,2]}".getBytes(StandardCharsets.UTF_8)));
        Await.until("the entry", Rig.SOON, () -> kept(cluster).contains("io.redfleet.instance.sang.v7"));
        assertThat(rig.column("select data from audit where cluster = '" + cluster + "'"))
                .containsExactly("{\"reason\":\"it sang\",\"tune\":[1,2]}");
        assertThat(rig.column("select id from incident where cluster = '" + cluster + "'"))
                .isEmpty();
    }

    @Test
    void anAcknowledgementIsAnsweredWithThePlaceOfTheNewState() {
        Story story = story("acked");
        String cluster = story.cluster().value();
        rig.send(story.down(R2, REPLICA));
        IncidentId id = rig.awaitIncident(cluster, "an incident", it -> true).id();

        Outcome outcome = outcome(order(story, id, Instant.now().plusSeconds(30), cluster + "-ack"));
        assertThat(outcome.result()).isInstanceOf(Outcome.Answered.class);
        Incident now = rig.awaitIncident(cluster, "acknowledged", it -> it.state() == State.ACKNOWLEDGED);
        assertThat(now.acknowledgedBy()).isEqualTo(ANN);
        BusRecord state = rig.heard(Topic.ALERTS, cluster).getLast();
        assertThat(outcome.positions()).containsExactly(state.position());

        Outcome again = outcome(order(story, id, Instant.now().plusSeconds(30), cluster + "-again"));
        assertThat(again.result()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void anOrderThatComesTooLateOrNamesNothingIsRefused() {
        Story story = story("late");
        Outcome late =
                outcome(order(story, new IncidentId("inc-0"), Instant.now().minusSeconds(1), story.cluster() + "-l"));
        assertThat(late.result())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        it -> assertThat(it.problem().status()).isEqualTo(503));

        Outcome unknown =
                outcome(order(story, new IncidentId("inc-0"), Instant.now().plusSeconds(30), story.cluster() + "-u"));
        assertThat(unknown.result())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        it -> assertThat(it.problem().status()).isEqualTo(404));
    }

    private static Story story(String word) {
        return new Story(Rig.cluster(word), "1").startingAt(Instant.now());
    }

    private static List<String> kept(String cluster) {
        return rig.column("select type from audit where cluster = '" + cluster + "' order by number");
    }

    private static Order order(Story story, IncidentId id, Instant notAfter, String command) {
        return new Order(
                new CommandId(command), story.cluster(), ANN, Instant.now(), notAfter, new Request.Acknowledge(id));
    }

    private static Outcome outcome(Order order) {
        String key = order.cluster() + "/" + order.id();
        rig.send(BusMessage.of(Topic.COMMANDS, order.cluster().value(), order));
        return Await.value(
                "an outcome",
                Rig.SOON,
                () -> rig.heardOn(Topic.OUTCOMES).stream()
                        .filter(record -> record.key().equals(key))
                        .map(record -> Rig.as(record, Outcome.class))
                        .findFirst());
    }
}
