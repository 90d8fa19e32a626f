package io.redfleet.contracts.cluster;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the cluster is watched.
 *
 * @param probe the time between two PINGs of an instance
 * @param cycle how often rules are judged, as Monit means a cycle
 * @param rules in Monit's language: a {@code check process} for every instance of that name; an instance without one is under
 *     the default. Empty: all are
 */
public record WatchSpec(
        WatchMode mode,
        Duration probe,
        Duration cycle,
        @Nullable String rules) {
    public WatchSpec {
        // Records of releases without rules have none.
        rules = Objects.requireNonNullElse(rules, "");
    }

    /** Under the default. */
    public WatchSpec(WatchMode mode, Duration probe, Duration cycle) {
        this(mode, probe, cycle, "");
    }

    @Override
    public String rules() {
        return Objects.requireNonNullElse(rules, "");
    }
}
