package io.redfleet.contracts.report;

import java.time.Instant;

/**
 * What has just happened, in Monit's words.
 *
 * @param id one of {@link MonitEvent}'s
 * @param state 0 succeeded, 1 failed, 2 changed, 3 not changed, 4 init (Monit's event.h)
 * @param at by the host's clock
 */
public record ReportedEvent(String service, long id, int state, Instant at, String message) {}
