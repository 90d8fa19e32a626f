package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.outbox.Outbox;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.fleet.Answer;
import io.redfleet.monitor.fleet.Bus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Facts go through the outbox and are sent however late; everything else is of the moment and goes through a producer that
 * gives up early.
 */
public final class KafkaBus implements Bus {
    private final Outbox facts;
    private final BusProducer present;
    private final Executor sender;
    private final Executor fleet;
    private final Listener listener;

    /** Is told of every fact as it goes out, and of what did not get through. */
    public interface Listener {
        void told(Fact fact);

        void givenUp(String what, Throwable cause);
    }

    /**
     * @param sender one thread that may block; bounded, and refuses what is too much
     * @param fleet the fleet's own thread
     */
    public KafkaBus(Outbox facts, BusProducer present, Executor sender, Executor fleet, Listener listener) {
        this.facts = facts;
        this.present = present;
        this.sender = sender;
        this.fleet = fleet;
        this.listener = listener;
    }

    @Override
    public void tell(Fact fact, Consumer<Optional<Position>> acked) {
        // What an instance or a failover did happens once; the rest is seen again.
        boolean once = fact.event() instanceof InstanceEvent || fact.event() instanceof FailoverEvent;
        Outbox.Weight weight = once ? Outbox.Weight.FACT : Outbox.Weight.OBSERVATION;
        report(facts.append(BusMessage.of(fact), weight), fact.id(), acked);
        listener.told(fact);
    }

    @Override
    public void ask(Remediation remediation) {
        send(BusMessage.of(Topic.REMEDIATIONS, remediation.cluster().value(), remediation), position -> {});
    }

    @Override
    public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {
        send(BusMessage.of(Topic.HEALTH, health.cluster().value(), health), acked);
    }

    @Override
    public void write(FleetBrake brake, Consumer<Optional<Position>> acked) {
        send(BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake), acked);
    }

    @Override
    public void forget(ClusterName cluster) {
        send(BusMessage.tombstone(Topic.HEALTH, cluster.value()), position -> {});
    }

    @Override
    public void answer(Order order, Answer answer, List<Position> positions) {
        Outcome outcome = new Outcome(order.id(), order.cluster(), Instant.now(), result(answer), positions);
        send(BusMessage.of(Topic.OUTCOMES, order.cluster() + "/" + order.id(), outcome), position -> {});
    }

    private static Outcome.Result result(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> new Outcome.Answered("{}");
            case Answer.Brake brake -> new Outcome.Answered(text(brake.brake()));
            case Answer.Shown shown ->
                new Outcome.Answered(text(shown.figures().entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().value(), Map.Entry::getValue))));
            case Answer.Refused refused -> new Outcome.Refused(refused.problem());
        };
    }

    private static String text(Object record) {
        return new String(Codec.bytes(record), StandardCharsets.UTF_8);
    }

    private void send(BusMessage message, Consumer<Optional<Position>> acked) {
        CompletableFuture<Position> sent = new CompletableFuture<>();
        try {
            sender.execute(() -> present.send(message).whenComplete((position, failure) -> {
                if (failure == null) {
                    sent.complete(position);
                } else {
                    sent.completeExceptionally(failure);
                }
            }));
        } catch (RejectedExecutionException e) {
            sent.completeExceptionally(e);
        }
        report(sent, message.topic().fullName() + " " + message.key(), acked);
    }

    private void report(CompletionStage<Position> sent, String what, Consumer<Optional<Position>> acked) {
        sent.whenComplete((position, failure) -> {
            if (failure != null) {
                listener.givenUp(what, failure);
            }
            fleet.execute(() -> acked.accept(Optional.ofNullable(position)));
        });
    }
}
