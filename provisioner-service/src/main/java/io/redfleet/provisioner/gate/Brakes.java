package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What holds automatic action back for all clusters of this process: a fleet that is disarmed, a request by a monitor that
 * another one has succeeded, and how much at once and in a while: two restarts in flight, ten in ten minutes. Thread-safe:
 * two desks that ask at once must not both take the last place.
 */
public final class Brakes {
    private static final int IN_FLIGHT = 2;
    private static final int IN_WINDOW = 10;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** At most {@link #IN_WINDOW} entries. */
    private final Deque<Instant> begun = new ArrayDeque<>();

    /** Of every cluster that is watched: a few thousand. */
    private final Map<ClusterName, Spoken> terms = new HashMap<>();

    private record Spoken(ClusterUid uid, Term term) {}

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

    /** A monitor speaks for this cluster. Of another cluster of the same name whatever it says is the first word. */
    public synchronized void heard(ClusterName cluster, ClusterUid uid, Term term) {
        terms.merge(
                cluster,
                new Spoken(uid, term),
                (known, read) -> known.uid().equals(uid) && known.term().outranks(term) ? known : read);
    }

    /** Nobody watches it any more. */
    public synchronized void gone(ClusterName cluster) {
        terms.remove(cluster);
    }

    /** Whether another monitor has taken the cluster over since this was asked for; then the asker may not know what is. */
    public synchronized Optional<Verdict.Withheld> succeeded(Remediation asked) {
        Spoken spoken = terms.get(asked.cluster());
        Term known = spoken != null && spoken.uid().equals(asked.uid()) ? spoken.term() : Term.NONE;
        return known.outranks(asked.term())
                ? Optional.of(new Verdict.Withheld(
                        "term", "it was asked for in term " + asked.term() + ", and now term " + known + " runs"))
                : Optional.empty();
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
