package io.redfleet.contracts.health;

import java.time.Instant;
import java.util.Map;

/**
 * How the rules of one instance stand, so that another monitor goes on counting.
 *
 * @param skipped cycles since it was judged last, where it is judged at each n-th only
 * @param pid of the process in the last judged cycle; 0 if none was seen
 * @param rules those that have failed before, by their words in Monit's language
 */
public record CheckHealth(int skipped, long pid, Map<String, RuleHealth> rules) {
    public CheckHealth {
        rules = Map.copyOf(rules);
    }

    /**
     * @param bits the last 64 results, the newest lowest; 1: failed
     * @param count results since the state changed last
     * @param since when the present row of equal results began
     */
    public record RuleHealth(State state, long bits, int count, Instant since) {}

    /** Where a rule stands. */
    public enum State {
        /** Failed, but not yet as often as it takes. */
        PENDING,
        FAILED,
        PASSED
    }
}
