package io.redfleet.provisioner.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How many automatic restarts at once and in a while, for all clusters of this process: two in flight, ten in ten
 * minutes. Thread-safe: two desks that ask at once must not both take the last place.
 */
public final class Brakes {
    private static final int IN_FLIGHT = 2;
    private static final int IN_WINDOW = 10;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** At most {@link #IN_WINDOW} entries. */
    private final Deque<Instant> begun = new ArrayDeque<>();

    private final Supplier<String> held;
    private int inFlight;
    private String disarmed = "";

    public Brakes() {
        this(() -> "");
    }

    /** @param held asked each time: why this machine allows nothing automatic; empty: it does. Must answer at once */
    public Brakes(Supplier<String> held) {
        this.held = held;
    }

    /** @param reason why no automatic action is allowed anywhere; empty: allowed again */
    public synchronized void disarm(String reason) {
        disarmed = reason;
    }

    /** Why no automatic action is allowed anywhere; empty: it is. */
    public synchronized Optional<Verdict.Withheld> forbidden() {
        String why = disarmed.isEmpty() ? held.get() : disarmed;
        return why.isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict.Withheld("disarmed", "the fleet is disarmed: " + why));
    }

    /** Takes a place, or says why there is none. Whoever took one gives it back by {@link #end}. */
    public synchronized Optional<Verdict.Withheld> begin(Instant now) {
        Optional<Verdict.Withheld> forbidden = forbidden();
        if (forbidden.isPresent()) {
            return forbidden;
        }
        while (!begun.isEmpty() && begun.getFirst().isBefore(now.minus(WINDOW))) {
            begun.removeFirst();
        }
        if (inFlight >= IN_FLIGHT) {
            return Optional.of(new Verdict.Withheld("brake", IN_FLIGHT + " automatic restarts are under way"));
        }
        if (begun.size() >= IN_WINDOW) {
            String reason = IN_WINDOW + " automatic restarts in the last " + WINDOW.toMinutes() + " minutes";
            return Optional.of(new Verdict.Withheld("brake", reason));
        }
        begun.addLast(now);
        inFlight++;
        return Optional.empty();
    }

    public synchronized void end() {
        inFlight--;
    }
}
