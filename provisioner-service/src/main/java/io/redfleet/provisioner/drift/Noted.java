package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Looks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What of a look goes into the cluster's record. Every reader of clusters sees each of these records, so one is written when
 * looks show something else than before, and not for each look.
 */
public final class Noted {
    /** Two reasons in turn, each different, are not written down one by one. */
    private static final Duration ANOTHER_REASON = Duration.ofMinutes(10);

    private static final int WHY_CHARACTERS = 200;

    private Noted() {}

    /**
     * @param cluster as it stood during the look
     * @param every how often there is one
     * @return empty: the record says it already
     */
    public static Optional<Looks> of(ClusterState cluster, Look look, Duration every, Instant now) {
        Looks.Seen seen = switch (look) {
            case Look.Same same -> Looks.Seen.SAME;
            case Look.Differs differs -> Looks.Seen.DIFFERS;
            case Look.Blind blind -> Looks.Seen.BLIND;
        };
        String why = look instanceof Look.Blind blind ? shown(blind.why()) : "";
        Looks known = cluster.looks();
        boolean stands = known != null
                && known.seen() == seen
                && known.every().equals(every)
                && !known.since().isBefore(cluster.since())
                && (known.why().equals(why) || now.isBefore(known.since().plus(ANOTHER_REASON)));
        if (stands) {
            return Optional.empty();
        }
        // The clock of whoever ended the operation may be ahead of ours: this look came after it all the same.
        Instant since = now.isBefore(cluster.since()) ? cluster.since() : now;
        return Optional.of(new Looks(seen, why, since, every));
    }

    private static String shown(String why) {
        return why.length() <= WHY_CHARACTERS ? why : why.substring(0, WHY_CHARACTERS) + "...";
    }
}
