package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Looks;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a cluster's hosts are as its spec says, as far as the provisioner has seen and told. That there is no
 * drift is said only while looks show it; where nobody looks, or not all is seen, it is not known.
 *
 * @param reason one sentence; where something was told or is not known any more, it says why that may be old
 * @param since when the drift was found, or since when looks show that there is none; null while it is not known
 * @param plan the id of the plan that would undo it; null where no drift was told
 * @param changes how many steps of that plan change something
 * @param live how many of these change what runs, without a restart
 * @param starts how many of these start an instance
 * @param restarts how many of these are of instances that stop and start again
 * @param first the titles of the first of these
 * @param every how often its hosts are looked at; null where no look is known
 */
public record DriftView(
        State state,
        String reason,
        @Nullable Instant since,
        @Nullable String plan,
        int changes,
        int live,
        int starts,
        int restarts,
        List<String> first,
        @Nullable Duration every) {
    /** What is known. */
    public enum State {
        /** The hosts differ from the spec, by what was told last. */
        FOUND,
        NONE,
        UNKNOWN
    }

    public DriftView {
        first = List.copyOf(first);
    }

    public static DriftView of(Board board, ClusterState cluster, Instant now) {
        String doubt = doubt(board, cluster, now);
        String failed = cluster.phase() == Phase.FAILED
                ? ". Its last apply " + (cancelled(board, cluster) ? "was cancelled" : "failed") + " at "
                        + shown(cluster.since())
                : "";
        Looks looks = cluster.looks();
        Duration every = looks == null ? null : looks.every();
        Drift told = cluster.drift();
        if (told != null && told.stands()) {
            return new DriftView(
                    State.FOUND,
                    "The hosts differ from the spec" + (doubt.isEmpty() ? failed : ". " + doubt),
                    told.since(),
                    told.plan(),
                    told.changes(),
                    told.live(),
                    told.starts(),
                    told.restarts(),
                    told.first(),
                    every);
        }
        if (doubt.isEmpty() && looks != null && looks.seen() == Looks.Seen.DIFFERS) {
            doubt = "A difference was seen at " + shown(looks.since()) + ", and is told if the next look shows it too";
        }
        return doubt.isEmpty() && looks != null
                ? untold(
                        State.NONE,
                        "The hosts are as revision " + cluster.revision() + " says" + failed,
                        looks.since(),
                        every)
                : untold(State.UNKNOWN, doubt, null, every);
    }

    /**
     * Whether an apply left the cluster so and none failed: one that was cancelled, or one that ended well before the
     * next was cancelled in its line. Of an operation that is not known any more nobody can say so.
     */
    private static boolean cancelled(Board board, ClusterState cluster) {
        return board.operations(cluster).stream()
                .filter(operation -> operation.kind().equals("provision") && spans(operation, cluster.since()))
                .anyMatch(operation -> operation.status() != OperationState.Status.FAILED);
    }

    /** The phase is written before its operation's end is. */
    private static boolean spans(OperationState operation, Instant at) {
        Instant finished = operation.finishedAt();
        return finished != null && !at.isBefore(operation.acceptedAt()) && !at.isAfter(finished);
    }

    private static DriftView untold(State state, String reason, @Nullable Instant since, @Nullable Duration every) {
        return new DriftView(state, reason, since, null, 0, 0, 0, 0, List.of(), every);
    }

    /** {@code 3 changes (1 live, 2 start)}, of drift that was told. */
    String counted() {
        List<String> counts = new ArrayList<>();
        count(counts, live, "live");
        count(counts, starts, "start");
        count(counts, restarts, "restart");
        String effects = counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
        return changes + (changes == 1 ? " change" : " changes") + effects;
    }

    private static void count(List<String> counts, int many, String word) {
        if (many > 0) {
            counts.add(many + " " + word);
        }
    }

    /** Why nothing of today is known; empty: what looks show is so. */
    private static String doubt(Board board, ClusterState cluster, Instant now) {
        if (board.stale()) {
            return "Kafka cannot be reached: this is the last that was known";
        }
        if (cluster.spec().observed()) {
            return "It is only observed: its hosts are not looked at";
        }
        if (cluster.phase() != Phase.READY && !cluster.compared()) {
            return "Its hosts are not looked at while it is " + cluster.phase();
        }
        Optional<String> silence = silence(board, cluster, now);
        if (silence.isPresent()) {
            return silence.get();
        }
        Looks looks = cluster.looks();
        // An operation has ended since.
        if (looks == null || looks.since().isBefore(cluster.since())) {
            return "Its hosts have not been looked at since " + shown(cluster.since())
                    + "; nobody looks while redfleet.drift.every is off";
        }
        return looks.seen() == Looks.Seen.BLIND
                ? "Not all is seen since " + shown(looks.since()) + ": " + looks.why()
                : "";
    }

    /** Of a host that is away, or of whose provisioner nothing is heard. */
    private static Optional<String> silence(Board board, ClusterState cluster, Instant now) {
        List<HostFacts> facts = board.hosts(cluster.name());
        for (HostSpec host : cluster.spec().hosts()) {
            Optional<HostFacts> known = facts.stream()
                    .filter(said -> said.host().equals(host.name()))
                    .findFirst();
            var evidence = new HostState.Evidence(Optional.empty(), known, Optional.empty(), false, now);
            String silence = HostState.silence(host.name(), evidence);
            if (!silence.isEmpty()) {
                return Optional.of(silence);
            }
        }
        return Optional.empty();
    }

    private static String shown(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
