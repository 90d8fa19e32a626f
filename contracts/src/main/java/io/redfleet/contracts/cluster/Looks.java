package io.redfleet.contracts.cluster;

import java.time.Duration;
import java.time.Instant;

/**
 * What looks at a cluster's hosts show while nobody works on it. It stands in the cluster's record and is written when
 * that becomes something else, not at each look: that the present ones still show it follows from there being no other.
 *
 * @param seen what they show
 * @param why what could not be seen; empty unless {@code seen} is {@link Seen#BLIND}
 * @param since the first look that showed it; of what was seen before an operation nothing is known any more
 * @param every how often there is a look
 */
public record Looks(Seen seen, String why, Instant since, Duration every) {
    /** What a look can show. */
    public enum Seen {
        /** Everything was seen, and is as the spec says. */
        SAME,
        /** The hosts differ from the spec. */
        DIFFERS,
        /** Not all was seen, which proves neither. */
        BLIND
    }
}
