package io.redfleet.gateway.order;

import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes a request to the bus and comes back with its answer.
 *
 * <ol>
 *   <li>The command id is derived from token, Idempotency-Key and request, so that a retry is the same order, here and
 *       on any other gateway; without a key it is fresh.
 *   <li>Who repeats a request joins the one under way. The same key with another request is a mistake: 422, as the
 *       IETF's draft on that header has it.
 *   <li>The answer is given when the outcome is on the bus and our views include every record it names. What is not
 *       known by the deadline is pending: it is on the bus and will be carried out, or refused after
 *       {@code notAfter}.
 * </ol>
 *
 * <p>Blocks its caller, so it wants a thread of its own kind (a virtual one); any number of threads may be in it.
 */
public final class Desk {
    private final Line line;
    private final Seen seen;
    private final Tickets tickets;
    private final Supplier<CommandId> freshIds;
    private final Limits limits;

    public Desk(Line line, Seen seen, Tickets tickets, Supplier<CommandId> freshIds, Limits limits) {
        this.line = line;
        this.seen = seen;
        this.tickets = tickets;
        this.freshIds = freshIds;
        this.limits = limits;
    }

    /**
     * @param clock tells the order's moment and how much of the deadline is left
     * @param answer how long a caller waits before it is told "pending"
     * @param valid how long after it was sent an order may still be carried out
     */
    public record Limits(InstantSource clock, Duration answer, Duration valid) {}

    public Reply place(Ask ask) throws InterruptedException {
        Instant now = limits.clock().instant();
        Instant until = now.plus(limits.answer());
        CommandId id = idOf(ask);
        Tickets.Drawn drawn = tickets.draw(id, ask);
        if (!drawn.ticket().command().equals(id)) {
            String detail = "This Idempotency-Key was used for another request: use a new key for a new request";
            return new Reply.Refused(Problem.of(422, "Idempotency-Key used twice", detail));
        }
        if (drawn.first()) {
            Instant last = now.plus(limits.valid());
            send(new Order(id, ask.cluster(), ask.actor(), now, last, ask.request(), ask.waits()));
        }
        Optional<Tickets.End> end = awaited(ask, id, drawn.ticket(), until);
        if (end.isEmpty()) {
            return new Reply.Pending(id, Optional.empty());
        }
        return switch (end.get()) {
            case Tickets.End.NotSent away -> new Reply.Away(away.reason());
            case Tickets.End.Told told -> reply(id, told.outcome(), until);
        };
    }

    /** Whoever is stopped in the middle of it leaves no ticket that others would wait with in vain. */
    private void send(Order order) throws InterruptedException {
        Line.Sent sent = new Line.Sent.Failed("The gateway is stopping");
        try {
            sent = line.send(order, limits.answer());
        } finally {
            if (sent instanceof Line.Sent.Failed failed) {
                tickets.notSent(order.id(), failed.reason());
            }
        }
    }

    /** Nobody asks again for an order without a key once it is answered: what came of it is not kept. */
    private Optional<Tickets.End> awaited(Ask ask, CommandId id, Tickets.Ticket ticket, Instant until)
            throws InterruptedException {
        Optional<Tickets.End> end = ticket.await(left(until));
        if (ask.idempotencyKey() == null && (end.isPresent() || !AuditedLine.changes(ask.request()))) {
            tickets.forget(id);
        }
        return end;
    }

    private Reply reply(CommandId id, Outcome outcome, Instant until) {
        return switch (outcome.result()) {
            case Outcome.Refused refused -> new Reply.Refused(refused.problem());
            case Outcome.Accepted accepted ->
                shown(outcome, until)
                        ? new Reply.Accepted(accepted.operation())
                        : new Reply.Pending(id, Optional.of(accepted.operation()));
            case Outcome.Answered answered ->
                shown(outcome, until) ? new Reply.Answered(answered.body()) : new Reply.Pending(id, Optional.empty());
        };
    }

    private boolean shown(Outcome outcome, Instant until) {
        return outcome.positions().isEmpty() || seen.passed(outcome.positions(), left(until));
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(limits.clock().instant(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private CommandId idOf(Ask ask) {
        String key = ask.idempotencyKey();
        return key == null ? freshIds.get() : Named.of(ask, key);
    }
}
