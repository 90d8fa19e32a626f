package io.redfleet.gateway.order;

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
 * Who waits for which outcome, and which outcomes are already known.
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

    private final Map<CommandId, Ticket> byCommand = new LinkedHashMap<>(); // guarded by this
    private long bytes; // guarded by this: of the outcomes that are kept

    /** One command, as this gateway knows it. */
    static final class Ticket {
        private final String fingerprint;
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private long bytes; // of its outcome; 0 until there is one

        private Ticket(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        boolean sameRequest(String other) {
            return fingerprint.equals(other);
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

    /** The command's ticket, and whether this is the first time it is asked for (and so has to be sent). */
    record Drawn(Ticket ticket, boolean first) {}

    synchronized Drawn draw(CommandId command, String fingerprint) {
        Ticket known = byCommand.get(command);
        if (known != null) {
            return new Drawn(known, false);
        }
        if (byCommand.size() >= MOST) {
            Iterator<Ticket> oldest = byCommand.values().iterator();
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
        Ticket fresh = new Ticket(fingerprint);
        byCommand.put(command, fresh);
        return new Drawn(fresh, true);
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
        Ticket ticket = byCommand.remove(command);
        if (ticket != null) {
            bytes -= ticket.bytes;
        }
        return ticket;
    }

    /** An outcome came by; one that nobody here asked for is not kept. Safe from any thread. */
    public void arrived(Outcome outcome) {
        Ticket ticket;
        synchronized (this) {
            ticket = byCommand.get(outcome.command());
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
        return byCommand.size();
    }

    synchronized long bytesKept() {
        return bytes;
    }

    /** Forgets outcomes only: a command without one may still be waited for. */
    private void makeRoom() {
        Iterator<Ticket> oldest = byCommand.values().iterator();
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
