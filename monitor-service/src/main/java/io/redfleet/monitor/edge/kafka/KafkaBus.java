package io.redfleet.monitor.edge.kafka;

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
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.monitor.fleet.Answer;
import io.redfleet.monitor.fleet.Bus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Facts go through the outbox and are sent however late, as long as nobody else has spoken meanwhile; everything else is of
 * the moment and goes through a producer that gives up early. All that is said of a cluster is signed with its term.
 */
public final class KafkaBus implements Bus {
    /** Of an outcome, by contract. */
    private static final int BODY_MAX = 512 * 1024;

    private final Outgoing outgoing;
    private final Executor fleet;
    private final Listener listener;

    /** Is told of every fact as it goes out, and of what did not get through. */
    public interface Listener {
        void told(Fact fact);

        void givenUp(String what, Throwable cause);
    }

    /** @param fleet the fleet's own thread */
    public KafkaBus(Outgoing outgoing, Executor fleet, Listener listener) {
        this.outgoing = outgoing;
        this.fleet = fleet;
        this.listener = listener;
    }

    @Override
    public void tell(Fact fact, Term term, Consumer<Optional<Position>> acked) {
        // What an instance or a failover did happens once; the rest is seen again.
        boolean once = fact.event() instanceof InstanceEvent || fact.event() instanceof FailoverEvent;
        Outbox.Weight weight = once ? Outbox.Weight.FACT : Outbox.Weight.OBSERVATION;
        report(outgoing.outbox().append(signed(BusMessage.of(fact), term), weight), fact.id(), acked);
        listener.told(fact);
    }

    private static BusMessage signed(BusMessage event, Term term) {
        Map<String, String> headers = new HashMap<>(event.headers());
        headers.put(Term.HEADER, term.toString());
        return term.equals(Term.NONE) ? event : new BusMessage(event.topic(), event.key(), headers, event.value());
    }

    @Override
    public void ask(Remediation remediation) {
        BusMessage message =
                BusMessage.of(Topic.REMEDIATIONS, remediation.cluster().value(), remediation);
        send(message, remediation.term(), position -> {});
    }

    @Override
    public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {
        send(BusMessage.of(Topic.HEALTH, health.cluster().value(), health), health.term(), acked);
    }

    @Override
    public void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked) {
        send(BrakeRecord.message(brake, orders), acked);
    }

    @Override
    public void forget(ClusterName cluster) {
        send(BusMessage.tombstone(Topic.HEALTH, cluster.value()), position -> {});
    }

    @Override
    public void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked) {
        Outcome outcome = new Outcome(order.id(), order.cluster(), Instant.now(), result(answer), positions);
        send(BusMessage.of(Topic.OUTCOMES, order.cluster() + "/" + order.id(), outcome), acked);
    }

    /** What no broker would take would be sent for ever. */
    static Outcome.Result result(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> new Outcome.Answered("{}");
            case Answer.Brake brake -> answered(brake.brake());
            case Answer.OfLabel label -> answered(label.answer());
            case Answer.Shown shown ->
                answered(shown.figures().entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().value(), Map.Entry::getValue)));
            case Answer.Refused refused -> new Outcome.Refused(refused.problem());
        };
    }

    private static Outcome.Result answered(Object record) {
        byte[] text = Codec.bytes(record);
        return text.length > BODY_MAX
                ? new Outcome.Refused(Problem.of(
                        502, "Too long", "the answer has " + text.length + " bytes; " + BODY_MAX + " are allowed"))
                : new Outcome.Answered(new String(text, StandardCharsets.UTF_8));
    }

    private void send(BusMessage message, Consumer<Optional<Position>> acked) {
        send(message, () -> true, acked);
    }

    /** Of the moment: what cannot go out in this term now is not sent later. */
    private void send(BusMessage message, Term term, Consumer<Optional<Position>> acked) {
        send(message, () -> outgoing.tenure().of(message.key(), term) == Tenure.Word.GOES, acked);
    }

    /** What is not allowed to go is not worth a line: it is so for everything, each second, until the group has answered. */
    private void send(BusMessage message, BooleanSupplier allowed, Consumer<Optional<Position>> acked) {
        CompletableFuture<Position> sent = new CompletableFuture<>();
        Runnable step = () -> {
            if (allowed.getAsBoolean()) {
                Outgoing.forward(outgoing.present().send(message), sent);
                report(sent, message.topic().fullName() + " " + message.key(), acked);
            } else {
                fleet.execute(() -> acked.accept(Optional.empty()));
            }
        };
        try {
            outgoing.sender().execute(step);
        } catch (RejectedExecutionException e) {
            sent.completeExceptionally(e);
            report(sent, message.topic().fullName() + " " + message.key(), acked);
        }
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
