package io.redfleet.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Keeps a storm of refused requests from becoming a storm of audit events.
 *
 * <p>The first refusal of a source is told at once with count 1; what follows within the pause is counted and told,
 * with its count, by the first refusal after it. So at most one event per source and pause, and none goes uncounted
 * while the source keeps knocking. At most {@link #SOURCES} sources are remembered, the longest known forgotten
 * first: an attacker with more addresses than that is told more often, never less.
 */
public final class Refusals {
    private static final int SOURCES = 1_000;

    private final Duration pause;
    private final Map<String, Tally> bySource = new LinkedHashMap<>();

    public Refusals(Duration pause) {
        this.pause = pause;
    }

    private record Tally(Instant told, int since) {}

    /** One more refusal; the count to tell now, or nothing while the pause lasts. Safe from any thread. */
    public synchronized OptionalInt refused(String source, Instant now) {
        Tally tally = bySource.get(source);
        if (tally != null && now.isBefore(tally.told().plus(pause))) {
            bySource.put(source, new Tally(tally.told(), tally.since() + 1));
            return OptionalInt.empty();
        }
        if (tally == null && bySource.size() >= SOURCES) {
            bySource.remove(bySource.keySet().iterator().next());
        }
        bySource.put(source, new Tally(now, 0));
        return OptionalInt.of(tally == null ? 1 : tally.since() + 1);
    }
}
