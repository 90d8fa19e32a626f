package io.redfleet.contracts.report;

import java.time.Instant;

/**
 * What has just happened, in Monit's words.
 *
 * @param id one of {@link MonitEvent}'s, or {@link #INSTANCE}
 * @param state 0 succeeded, 1 failed, 2 changed, 3 not changed, 4 init (Monit's event.h)
 * @param at by the host's clock
 */
public record ReportedEvent(String service, long id, int state, Instant at, String message) {
    /** The id of what Monit says of itself: that it has started, reads its files again, stops. Nothing is failed by it. */
    public static final long INSTANCE = 0x10000;
}
