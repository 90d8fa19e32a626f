package io.redfleet.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeskTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Position WRITTEN = new Position("redfleet.clusters.v1", 3, 7);

    private final Tickets tickets = new Tickets();
    private final List<Order> sent = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private boolean seen = true;
    private Duration patience = Duration.ofSeconds(5);

    @Test
    void anAcceptedOrderIsAnsweredWithItsOperation() throws Exception {
        Desk desk = desk(order -> told(order, new Outcome.Accepted(new OperationId("op-1"))));
        assertThat(desk.place(ask(null))).isEqualTo(new Reply.Accepted(new OperationId("op-1")));
        assertThat(sent.getFirst().notAfter()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void whatTheViewsDoNotShowYetIsPendingWithItsOperation() throws Exception {
        seen = false;
        Desk desk = desk(order -> told(order, new Outcome.Accepted(new OperationId("op-1"))));
        assertThat(desk.place(ask(null)))
                .isInstanceOfSatisfying(
                        Reply.Pending.class,
                        pending -> assertThat(pending.operation()).contains(new OperationId("op-1")));
    }

    @Test
    void aRefusalNeedsNoView() throws Exception {
        seen = false;
        Problem problem = Problem.conflict("no");
        Desk desk = desk(order -> told(order, new Outcome.Refused(problem)));
        assertThat(desk.place(ask(null))).isEqualTo(new Reply.Refused(problem));
    }

    @Test
    void theFirstOutcomeCounts() throws Exception {
        Desk desk = desk(order -> {
            told(order, new Outcome.Answered("first"));
            told(order, new Outcome.Answered("second"));
        });
        assertThat(desk.place(ask(null))).isEqualTo(new Reply.Answered("first"));
    }

    @Test
    void aRetryIsTheSameOrderAndAnotherKeyIsNot() throws Exception {
        Desk desk = desk(order -> told(order, new Outcome.Answered("once")));
        assertThat(desk.place(ask("key"))).isEqualTo(desk.place(ask("key")));
        assertThat(sent).hasSize(1);
        desk.place(ask("other key"));
        desk.place(ask(null));
        desk.place(ask(null));
        assertThat(sent).hasSize(4).extracting(Order::id).doesNotHaveDuplicates();
    }

    @Test
    void aKeyBelongsToItsTokenAndItsRequest() throws Exception {
        Desk desk = desk(order -> told(order, new Outcome.Answered("ok")));
        desk.place(ask("key"));
        Ask other = new Ask(new ClusterName("orders"), actor(), new Request.Unmonitor(null), "key");
        assertThat(desk.place(other))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(422));
        Ask patient = new Ask(new ClusterName("orders"), actor(), new Request.Monitor(null), "key", true);
        assertThat(desk.place(patient)).as("the same, but waiting").isInstanceOf(Reply.Refused.class);
        Ask stranger = new Ask(new ClusterName("orders"), new Actor("b", "b"), new Request.Monitor(null), "key");
        assertThat(desk.place(stranger)).isEqualTo(new Reply.Answered("ok"));
        assertThat(sent).hasSize(2);
    }

    @Test
    void whatAnotherGatewayWasToldIsTheAnswerHereToo() throws Exception {
        List<Outcome> onTheBus = new ArrayList<>();
        Desk first = desk(order -> {
            Outcome outcome = outcome(order, new Outcome.Accepted(new OperationId("op-1")));
            onTheBus.add(outcome);
            tickets.arrived(outcome);
        });
        first.place(ask("key"));
        Tickets elsewhere = new Tickets();
        onTheBus.forEach(elsewhere::arrived);
        Desk second = desk(elsewhere, order -> {}, Line.Sent.Durable::new);
        assertThat(second.place(ask("key"))).isEqualTo(new Reply.Accepted(new OperationId("op-1")));
        assertThat(sent).hasSize(1);
        Ask other = new Ask(new ClusterName("orders"), actor(), new Request.Unmonitor(null), "key");
        assertThat(second.place(other))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(422));
        assertThat(sent).hasSize(1);
    }

    @Test
    void ofOthersOnlyWhatMayBeRepeatedIsKept() {
        tickets.arrived(new Outcome(
                new CommandId("3f2b0c1e-0000-4000-8000-000000000000"),
                new ClusterName("orders"),
                NOON,
                new Outcome.Answered("{}"),
                List.of()));
        tickets.arrived(new Outcome(
                Named.of(ask("k"), "k"),
                new ClusterName("orders"),
                NOON,
                new Outcome.Answered("x".repeat(100_000)),
                List.of()));
        assertThat(tickets.commandsKept()).isZero();
        assertThat(tickets.bytesKept()).isZero();
    }

    @Test
    void aPendingOrderCanBeAskedForWithAndWithoutAKey() throws Exception {
        patience = Duration.ofMillis(20);
        Desk silent = desk(order -> {});
        for (String key : new String[] {"key", null}) {
            assertThat(silent.place(ask(key))).isInstanceOfSatisfying(Reply.Pending.class, pending -> {
                assertThat(tickets.of(pending.command()).orElseThrow().outcome())
                        .isEmpty();
                told(sent.getLast(), new Outcome.Accepted(new OperationId("op-late")));
                assertThat(tickets.of(pending.command()).orElseThrow().outcome())
                        .isPresent();
            });
        }
    }

    @Test
    void anOrderThatDidNotReachTheBusMayBeTriedAgain() throws Exception {
        boolean[] away = {true};
        Desk desk = desk(
                order -> told(order, new Outcome.Answered("ok")),
                () -> away[0] ? new Line.Sent.Failed("away") : new Line.Sent.Durable());
        assertThat(desk.place(ask("key"))).isEqualTo(new Reply.Away("away"));
        away[0] = false;
        assertThat(desk.place(ask("key"))).isEqualTo(new Reply.Answered("ok"));
    }

    @Test
    void whoRepeatsARequestWhileItIsUnderWayJoinsIt() throws Exception {
        CountDownLatch onTheBus = new CountDownLatch(1);
        Desk desk = desk(order -> onTheBus.countDown());
        CompletableFuture<Reply> first = CompletableFuture.supplyAsync(() -> place(desk));
        assertThat(onTheBus.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Reply> second = CompletableFuture.supplyAsync(() -> place(desk));
        told(sent.getFirst(), new Outcome.Answered("both"));
        assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(new Reply.Answered("both"));
        assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(new Reply.Answered("both"));
        assertThat(sent).hasSize(1);
    }

    @Test
    void ofAnOrderWithoutAKeyNothingIsKept() throws Exception {
        Desk answering = desk(order -> told(order, new Outcome.Answered("x".repeat(500_000))));
        for (int i = 0; i < 20; i++) {
            assertThat(answering.place(ask(null))).isInstanceOf(Reply.Answered.class);
        }
        assertThat(tickets.commandsKept()).isZero();
        assertThat(tickets.bytesKept()).isZero();
    }

    @Test
    void outcomesAreKeptUpToABoundOfBytesTheOldestForgottenFirst() throws Exception {
        Desk desk = desk(order -> told(order, new Outcome.Answered("x".repeat(500_000))));
        for (int i = 0; i < 20; i++) {
            assertThat(desk.place(ask("key " + i))).isInstanceOf(Reply.Answered.class);
            assertThat(tickets.bytesKept()).isBetween(1L, Tickets.MOST_BYTES);
        }
        assertThat(tickets.commandsKept()).isEqualTo(3);
        desk.place(ask("key 19"));
        assertThat(sent).hasSize(20);
        desk.place(ask("key 0"));
        assertThat(sent).hasSize(21);
        assertThat(sent.getLast().id()).isEqualTo(sent.getFirst().id());
    }

    @Test
    void anOutcomeLargerThanTheBoundReachesWhoWaitsForIt() throws Exception {
        String body = "x".repeat((int) Tickets.MOST_BYTES);
        Desk desk = desk(order -> told(order, new Outcome.Answered(body)));
        assertThat(desk.place(ask("large"))).isEqualTo(new Reply.Answered(body));
        assertThat(tickets.bytesKept()).isZero();
    }

    private Reply place(Desk desk) {
        try {
            return desk.place(ask("joined"));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Desk desk(java.util.function.Consumer<Order> world) {
        return desk(world, Line.Sent.Durable::new);
    }

    private Desk desk(java.util.function.Consumer<Order> world, java.util.function.Supplier<Line.Sent> line) {
        return desk(tickets, world, line);
    }

    private Desk desk(
            Tickets tickets, java.util.function.Consumer<Order> world, java.util.function.Supplier<Line.Sent> line) {
        return new Desk(
                (order, patience) -> {
                    Line.Sent how = line.get();
                    if (how instanceof Line.Sent.Durable) {
                        sent.add(order);
                        world.accept(order);
                    }
                    return how;
                },
                (positions, patience) -> seen && positions.equals(List.of(WRITTEN)),
                tickets,
                () -> new CommandId("fresh-" + ids.incrementAndGet()),
                new Desk.Limits(InstantSource.fixed(NOON), patience, Duration.ofSeconds(60)));
    }

    private void told(Order order, Outcome.Result result) {
        tickets.arrived(outcome(order, result));
    }

    private static Outcome outcome(Order order, Outcome.Result result) {
        return new Outcome(order.id(), order.cluster(), NOON, result, List.of(WRITTEN));
    }

    private static Ask ask(@Nullable String key) {
        return new Ask(new ClusterName("orders"), actor(), new Request.Monitor(null), key);
    }

    private static Actor actor() {
        return new Actor("ops", "token");
    }
}
