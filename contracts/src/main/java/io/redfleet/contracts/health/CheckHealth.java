package io.redfleet.contracts.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the rules of one instance, or of one check of a host, stand, so that another monitor goes on counting.
 *
 * @param skipped cycles since it was judged last, where it is judged at each n-th only
 * @param pid of the process in the last judged cycle; 0 if none was seen
 * @param rules those that have failed before, by their words in Monit's language
 * @param unfailed of a check of a host: the words of those that were judged and have never failed
 */
public record CheckHealth(
        int skipped,
        long pid,
        Map<String, RuleHealth> rules,
        @Nullable List<String> unfailed) {
    public CheckHealth {
        rules = Map.copyOf(rules);
        // Records of releases that did not write down who was judged have none.
        unfailed = List.copyOf(Objects.requireNonNullElse(unfailed, List.of()));
    }

    /** Empty in a record of a release that did not write down which rules were judged. */
    @Override
    public List<String> unfailed() {
        return Objects.requireNonNullElse(unfailed, List.of());
    }

    /** Of an instance. */
    public CheckHealth(int skipped, long pid, Map<String, RuleHealth> rules) {
        this(skipped, pid, rules, List.of());
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
