package io.redfleet.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.FailingBus;
import io.redfleet.gateway.access.WriteAhead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No order without its event, wherever the way to the bus breaks. */
class AuditedLineTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final Actor KIM = new Actor("kim", "token");
    private static final int NEVER = 99;

    static Stream<Arguments> cuts() {
        return Stream.of(1, 2)
                .flatMap(write -> Stream.of(FailingBus.Way.values()).map(way -> Arguments.of(write, way)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whereverItIsCutTheOrderComesAfterItsEventAndARepeatIsTheSame(int write, FailingBus.Way way) throws Exception {
        FailingBus bus = new FailingBus(write, way);
        Ask ask = new Ask(ORDERS, KIM, new Request.Monitor(null), "key");
        if (way.deadly()) {
            assertThatThrownBy(() -> gateway(bus).place(ask)).isInstanceOf(FailingBus.Death.class);
        } else {
            assertThat(gateway(bus).place(ask)).isInstanceOf(Reply.Away.class);
        }
        if (write == 1) {
            assertThat(bus.topics()).doesNotContain(Topic.COMMANDS);
        }
        assertThat(gateway(bus).place(ask)).isEqualTo(new Reply.Answered("ok"));
        assertThat(bus.topics()).startsWith(Topic.EVENTS).endsWith(Topic.COMMANDS);
        assertThat(bus.events()).isNotEmpty().containsOnly(bus.events().getFirst());
        assertThat(orders(bus)).isNotEmpty().containsOnly(orders(bus).getFirst());
        assertThat(bus.events().getFirst()).contains(orders(bus).getFirst());
    }

    @Test
    void aTicketOfADeadAttemptIsNotWaitedWith() throws Exception {
        FailingBus bus = new FailingBus(1, FailingBus.Way.DEAD_BEFORE);
        Desk desk = gateway(bus);
        Ask ask = new Ask(ORDERS, KIM, new Request.Monitor(null), "key");
        assertThatThrownBy(() -> desk.place(ask)).isInstanceOf(FailingBus.Death.class);
        assertThat(desk.place(ask)).isEqualTo(new Reply.Answered("ok"));
    }

    @Test
    void withoutAKeyEachOrderIsToldForItself() throws Exception {
        FailingBus bus = new FailingBus(NEVER, FailingBus.Way.REFUSED);
        Desk desk = gateway(bus);
        Ask ask = new Ask(ORDERS, KIM, new Request.Monitor(null), null);
        desk.place(ask);
        desk.place(ask);
        assertThat(bus.topics()).containsExactly(Topic.EVENTS, Topic.COMMANDS, Topic.EVENTS, Topic.COMMANDS);
        assertThat(bus.events()).doesNotHaveDuplicates();
    }

    @Test
    void whatChangesNothingIsNotTold() throws Exception {
        FailingBus bus = new FailingBus(NEVER, FailingBus.Way.REFUSED);
        Desk desk = gateway(bus);
        for (Request question : List.of(
                new Request.ShowPlan(),
                new Request.ShowVerification(),
                new Request.ShowInfo("replication"),
                new Request.ShowSudoers(),
                new Request.ShowRemoval(false, true),
                new Request.Apply("{}", null, false, true))) {
            desk.place(new Ask(ORDERS, KIM, question, null));
        }
        assertThat(bus.topics()).hasSize(6).containsOnly(Topic.COMMANDS);
        desk.place(new Ask(ORDERS, KIM, new Request.Apply("{}", null, false, false), null));
        desk.place(new Ask(ORDERS, KIM, new Request.Reveal("app", "occasion"), null));
        assertThat(bus.events()).hasSize(2);
        // It changes nothing, and connects to where a person says.
        desk.place(new Ask(
                ORDERS, KIM, new Request.TakeIn("10.0.0.11", 26_379, null, null, null, null, null, true), null));
        assertThat(bus.events()).hasSize(3);
    }

    @Test
    void theOrderHasThePatienceThatItsEventLeaves() throws Exception {
        Instant[] now = {NOON};
        List<Duration> patience = new ArrayList<>();
        for (Duration slow : List.of(Duration.ofSeconds(4), Duration.ofSeconds(60))) {
            WriteAhead trail = (fact, within) -> {
                now[0] = now[0].plus(slow);
                return new WriteAhead.Told.Durable();
            };
            Line line = (order, within) -> {
                patience.add(within);
                return new Line.Sent.Durable();
            };
            new AuditedLine(line, trail, name -> ClusterUid.FLEET, () -> now[0]).send(order(), Duration.ofSeconds(10));
        }
        assertThat(patience).containsExactly(Duration.ofSeconds(6), Duration.ofMillis(1));
    }

    @Test
    void itIsToldInTheWordsOfTheCommandLine() throws Exception {
        List<Fact> told = new ArrayList<>();
        WriteAhead trail = (fact, within) -> {
            told.add(fact);
            return new WriteAhead.Told.Durable();
        };
        Line line = (order, within) -> new Line.Sent.Durable();
        new AuditedLine(line, trail, name -> new ClusterUid("uid-1"), InstantSource.fixed(NOON))
                .send(order(), Duration.ofSeconds(1));
        assertThat(told).singleElement().satisfies(fact -> {
            assertThat(fact.about().reason()).isEqualTo("kim asked for restart r1/redis-server");
            assertThat(fact.about().uid()).isEqualTo(new ClusterUid("uid-1"));
            assertThat(fact.about().correlation()).isEqualTo("c-1");
        });
    }

    @Test
    void whoeverTakesAClusterInIsToldWithTheSentinelAndWithoutTheCredential() {
        Request order =
                new Request.TakeIn("10.0.0.11", 26_379, "orders", null, "ops-key", "orders-probe", "watcher", false);
        assertThat(AuditedLine.changes(order)).isTrue();
        assertThat(AuditedLine.kind(order)).isEqualTo("take-in --sentinel 10.0.0.11:26379");
    }

    @Test
    void anOrderToTheBrakeNamesItsLabel() {
        Label checkout = new Label("team=checkout");
        assertThat(AuditedLine.kind(new Request.DisarmLabel(checkout, "x"))).isEqualTo("disarm --label team=checkout");
        assertThat(AuditedLine.kind(new Request.RearmLabel(checkout, "x"))).isEqualTo("rearm --label team=checkout");
        assertThat(AuditedLine.kind(new Request.Disarm("x"))).isEqualTo("disarm");
    }

    @Test
    void aChangeOfAPasswordNamesWhoseAndNoPassword() {
        assertThat(AuditedLine.kind(new Request.RotateSecret("application", false)))
                .isEqualTo("secret rotate --purpose application");
        assertThat(AuditedLine.kind(new Request.RotateSecret("application", true)))
                .isEqualTo("secret rotate --purpose application --finish");
    }

    private static Order order() {
        Request restart = new Request.Run(new InstanceId("r1/redis-server"), Request.Verb.RESTART, "");
        return new Order(new CommandId("c-1"), ORDERS, KIM, NOON, NOON.plusSeconds(60), restart);
    }

    private static List<String> orders(FailingBus bus) {
        return bus.log().stream()
                .filter(message -> message.topic() == Topic.COMMANDS)
                .map(BusMessage::key)
                .toList();
    }

    /** A gateway that was just started; whoever carries orders out answers at once. */
    private static Desk gateway(FailingBus bus) {
        Tickets tickets = new Tickets();
        int[] fresh = {0};
        WriteAhead trail = (fact, within) ->
                written(bus, BusMessage.of(fact)) ? new WriteAhead.Told.Durable() : new WriteAhead.Told.Failed("no");
        Line line = (order, within) -> {
            if (!written(bus, BusMessage.of(Topic.COMMANDS, order.id().value(), order))) {
                return new Line.Sent.Failed("no");
            }
            tickets.arrived(new Outcome(order.id(), ORDERS, NOON, new Outcome.Answered("ok"), List.of()));
            return new Line.Sent.Durable();
        };
        return new Desk(
                new AuditedLine(line, trail, name -> ClusterUid.FLEET, InstantSource.fixed(NOON)),
                (positions, within) -> true,
                tickets,
                () -> new CommandId("fresh-" + ++fresh[0]),
                new Desk.Limits(InstantSource.fixed(NOON), Duration.ofSeconds(5), Duration.ofSeconds(60)));
    }

    private static boolean written(FailingBus bus, BusMessage message) {
        return !bus.send(message).toCompletableFuture().isCompletedExceptionally();
    }
}
