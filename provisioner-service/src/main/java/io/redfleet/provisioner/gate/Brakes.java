package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.operation.OperationId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What holds automatic action back for all clusters of this process: a fleet or a label that is disarmed, a request by a
 * monitor that another one has succeeded, and how much at once and in a while: two restarts in flight, so many in ten
 * minutes. Programs that rules have run have places of their own, four and sixty, so that they take none from who needs a restart.
 * What was begun before this process, or by the former owner of a partition, counts as well. Thread-safe: two desks
 * that ask at once must not both take the last place.
 */
public final class Brakes {
    private static final int IN_FLIGHT = 2;
    private static final int EXECS_IN_FLIGHT = 4;
    private static final int EXECS_IN_WINDOW = 60;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String DISARMED = "disarmed";

    private final Places restarts;
    private final Places execs = new Places("programs of rules", EXECS_IN_FLIGHT, EXECS_IN_WINDOW);

    /** Of every cluster that is watched: a few thousand. */
    private final Map<ClusterName, Spoken> terms = new HashMap<>();

    private record Spoken(ClusterUid uid, Term term) {}

    private final Supplier<LocalBrakes> held;
    private String disarmed = "";
    private LabelBrakes labelled = LabelBrakes.NONE;

    public Brakes() {
        this(() -> LocalBrakes.NONE, 10);
    }

    /**
     * @param held asked each time: what this machine does not allow. Must answer at once
     * @param inWindow how many automatic restarts may begin within ten minutes
     */
    public Brakes(Supplier<LocalBrakes> held, int inWindow) {
        this.held = held;
        this.restarts = new Places("automatic restarts", IN_FLIGHT, inWindow);
    }

    /** @param reason why no automatic action is allowed anywhere; empty: allowed again */
    public synchronized void disarm(String reason) {
        disarmed = reason;
    }

    /**
     * Both at once: what one lifts, the other may hold.
     *
     * @param reason as above
     * @param labels no automatic action is allowed in clusters that bear one of these
     */
    public synchronized void disarm(String reason, LabelBrakes labels) {
        disarmed = reason;
        labelled = labels;
    }

    /**
     * Why no automatic action is allowed in a cluster; empty: it is.
     *
     * @param labels the cluster's, as they are now
     */
    public synchronized Optional<Verdict.Withheld> forbidden(Map<String, String> labels) {
        LocalBrakes here = disarmed.isEmpty() ? held.get() : LocalBrakes.everywhere(disarmed);
        if (!here.everywhere().isEmpty()) {
            return Optional.of(new Verdict.Withheld(DISARMED, "the fleet is disarmed: " + here.everywhere()));
        }
        String why = here.labelled(labels);
        return why.isEmpty()
                ? labelled.holding(labels).map(LabelBrake::words).map(words -> new Verdict.Withheld(DISARMED, words))
                : Optional.of(new Verdict.Withheld(DISARMED, why));
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

    /** An automatic restart that the journal knows of; the same one may be told again. */
    public synchronized void remember(OperationId operation, Instant at, Instant now) {
        restarts.remember(operation, at, now);
    }

    /** As {@link #remember}, of a program. */
    public synchronized void rememberExec(OperationId operation, Instant at, Instant now) {
        execs.remember(operation, at, now);
    }

    /**
     * Takes a place, or says why there is none. Whoever took one gives it back by {@link #end}.
     *
     * @param operation the one that will carry it out
     * @param labels of the cluster that it works on, as they are now
     */
    public synchronized Optional<Verdict.Withheld> begin(
            OperationId operation, Map<String, String> labels, Instant now) {
        return forbidden(labels).or(() -> restarts.take(operation, now));
    }

    /**
     * As {@link #begin} for what stops an instance, which may take minutes. It is counted, and takes no place from those who
     * need a restart: nothing is given back.
     */
    public synchronized Optional<Verdict.Withheld> beginStop(
            OperationId operation, Map<String, String> labels, Instant now) {
        return forbidden(labels).or(() -> restarts.count(operation, now));
    }

    /** As {@link #begin}, for a program. It is given back by {@link #endExec}. */
    public synchronized Optional<Verdict.Withheld> beginExec(
            OperationId operation, Map<String, String> labels, Instant now) {
        return forbidden(labels).or(() -> execs.take(operation, now));
    }

    public synchronized void end() {
        restarts.inFlight--;
    }

    public synchronized void endExec() {
        execs.inFlight--;
    }

    /** Guarded by the brakes. */
    private static final class Places {
        private final String what;
        private final int atOnce;
        private final int inWindow;
        /** When, by operation; of the last {@link #WINDOW} whenever it counts. */
        private final Map<OperationId, Instant> begun = new HashMap<>();

        private int inFlight;

        Places(String what, int atOnce, int inWindow) {
            this.what = what;
            this.atOnce = atOnce;
            this.inWindow = inWindow;
        }

        void remember(OperationId operation, Instant at, Instant now) {
            if (!at.isBefore(now.minus(WINDOW))) {
                begun.put(operation, at);
            }
        }

        Optional<Verdict.Withheld> take(OperationId operation, Instant now) {
            if (inFlight >= atOnce) {
                return Optional.of(new Verdict.Withheld("brake", atOnce + " " + what + " are under way"));
            }
            Optional<Verdict.Withheld> tooMany = count(operation, now);
            if (tooMany.isEmpty()) {
                inFlight++;
            }
            return tooMany;
        }

        Optional<Verdict.Withheld> count(OperationId operation, Instant now) {
            begun.values().removeIf(at -> at.isBefore(now.minus(WINDOW)));
            if (begun.size() >= inWindow) {
                String reason = inWindow + " " + what + " in the last " + WINDOW.toMinutes() + " minutes";
                return Optional.of(new Verdict.Withheld("brake", reason));
            }
            begun.put(operation, now);
            return Optional.empty();
        }
    }
}
