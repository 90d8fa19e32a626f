package io.redfleet.gateway.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Outcome;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which outcome, and which outcomes are already known: those of our own orders, and of others' orders
 * those that bear a key, for their callers may come here to repeat them.
 *
 * <p>For one command the first outcome counts. At most {@link #MOST} commands are remembered, and outcomes of at most
 * {@link #MOST_BYTES} together, the oldest forgotten first: at ten orders a second that is a quarter of an hour, far
 * longer than any order lives. A forgotten command that is asked for again is sent again under its old id, and its
 * owner, who keeps a journal, answers as before.
 */
public final class Tickets {
    private static final int MOST = 10_000;
    /** Outcomes of a usual order take 200 bytes; a refusal that lists each broken rule may take some thousands. */
    static final long MOST_BYTES = 4_000_000;
    /** An answer to another gateway's order that is larger than this is sent for again if it is asked for. */
    private static final long MOST_OF_OTHERS = 4_000;

    private final Map<String, Ticket> byFamily = new LinkedHashMap<>(); // guarded by this
    private long bytes; // guarded by this: of the outcomes that are kept

    /** One command, as this gateway knows it. */
    public static final class Ticket {
        private final CommandId command;
        private final ClusterName cluster;
        private final String maker;
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private long bytes; // of its outcome; 0 until there is one

        private Ticket(CommandId command, ClusterName cluster, String maker) {
            this.command = command;
            this.cluster = cluster;
            this.maker = maker;
        }

        public CommandId command() {
            return command;
        }

        /** Whom it is about. */
        public ClusterName cluster() {
            return cluster;
        }

        /** Whether the token of this id asked for it here. */
        public boolean madeBy(String tokenId) {
            return maker.equals(tokenId);
        }

        /** What came of it, if that is known by now. */
        public Optional<Outcome> outcome() {
            return end.getNow(UNKNOWN) instanceof End.Told told ? Optional.of(told.outcome()) : Optional.empty();
        }

        /** Its end, as soon as that is known; empty once the time is over. */
        Optional<End> await(Duration patience) throws InterruptedException {
            try {
                return Optional.of(end.get(patience.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a ticket never ends with an exception", e);
            }
        }
    }

    /** How a command ends for those who wait for it. */
    sealed interface End {
        record Told(Outcome outcome) implements End {}

        /** It is not on the bus. */
        record NotSent(String reason) implements End {}
    }

    /** The maker of an order that another gateway took is not known from its outcome. */
    private static final String NOBODY = "";

    private static final End UNKNOWN = new End.NotSent("");

    /**
     * The ticket under the command's key, and whether this is the first time it is asked for (and so has to be sent). A
     * ticket for another command means that the key was used for another request.
     */
    record Drawn(Ticket ticket, boolean first) {}

    synchronized Drawn draw(CommandId command, Ask ask) {
        Ticket known = byFamily.get(Named.family(command));
        return known == null
                ? new Drawn(add(new Ticket(command, ask.cluster(), ask.actor().tokenId())), true)
                : new Drawn(known, false);
    }

    /** What is known of a command here; empty when it was never heard of, or long ago. */
    public synchronized Optional<Ticket> of(CommandId command) {
        return Optional.ofNullable(byFamily.get(Named.family(command)))
                .filter(ticket -> ticket.command.equals(command));
    }

    /** Tells all who wait, and forgets a command that did not reach the bus, so that a retry sends it. */
    void notSent(CommandId command, String reason) {
        Ticket ticket = forget(command);
        if (ticket != null) {
            ticket.end.complete(new End.NotSent(reason));
        }
    }

    /** Keeps nothing of this command any longer; who waits with its ticket is not waited for by anyone else. */
    synchronized @Nullable Ticket forget(CommandId command) {
        Ticket ticket = byFamily.remove(Named.family(command));
        if (ticket != null) {
            bytes -= ticket.bytes;
        }
        return ticket;
    }

    /** An outcome came by. Safe from any thread. */
    public void arrived(Outcome outcome) {
        Ticket ticket;
        synchronized (this) {
            ticket = byFamily.get(Named.family(outcome.command()));
            if (ticket == null && Named.hasKey(outcome.command()) && bytes(outcome.result()) <= MOST_OF_OTHERS) {
                ticket = add(new Ticket(outcome.command(), outcome.cluster(), NOBODY));
            }
            if (ticket != null && !ticket.command.equals(outcome.command())) {
                // Another gateway has let the same key through for another request: the first one counts.
                return;
            }
            if (ticket != null && ticket.bytes == 0) {
                ticket.bytes = bytes(outcome.result());
                bytes += ticket.bytes;
                makeRoom();
            }
        }
        if (ticket != null) {
            // Whoever waits holds the ticket, so it hears of its outcome even if there was no room to keep it.
            ticket.end.complete(new End.Told(outcome));
        }
    }

    synchronized int commandsKept() {
        return byFamily.size();
    }

    synchronized long bytesKept() {
        return bytes;
    }

    private Ticket add(Ticket fresh) {
        if (byFamily.size() >= MOST) {
            Iterator<Ticket> oldest = byFamily.values().iterator();
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
        byFamily.put(Named.family(fresh.command), fresh);
        return fresh;
    }

    /** Forgets outcomes only: a command without one may still be waited for. */
    private void makeRoom() {
        Iterator<Ticket> oldest = byFamily.values().iterator();
        while (bytes > MOST_BYTES && oldest.hasNext()) {
            Ticket ticket = oldest.next();
            if (ticket.bytes > 0) {
                bytes -= ticket.bytes;
                oldest.remove();
            }
        }
    }

    /** About what it takes on the heap, two bytes a character. */
    private static long bytes(Outcome.Result result) {
        return switch (result) {
            case Outcome.Accepted accepted -> 200;
            case Outcome.Answered answered -> 200 + 2L * answered.body().length();
            case Outcome.Refused refused ->
                200 + 2L * refused.problem().toString().length();
        };
    }
}
