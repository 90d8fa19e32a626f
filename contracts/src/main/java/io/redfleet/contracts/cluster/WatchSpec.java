package io.redfleet.contracts.cluster;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the cluster is watched.
 *
 * @param probe the time between two PINGs of an instance
 * @param cycle how often rules are judged, as Monit means a cycle
 * @param compat whose judgment a rule follows where Monit's and ours differ
 * @param rules in Monit's language: a {@code check process} for every instance of that name; an instance without one is under
 *     the default. Empty: all are
 * @param restartWindow what "within so many cycles" means of a restart limit
 */
public record WatchSpec(
        WatchMode mode,
        Duration probe,
        Duration cycle,
        @Nullable String rules,
        @Nullable Compat compat,
        @Nullable RestartWindow restartWindow) {
    /** Whose judgment of a rule counts. What is done about it passes the same gate under both. */
    public enum Compat {
        /** Answers are told from each other: who loads or is busy has not failed, who hangs has. */
        REDFLEET,
        /** As Monit 5.33 decides. */
        MONIT
    }

    /** Which cycles a restart limit looks at. */
    public enum RestartWindow {
        /** As Monit: those since the first restart that was counted, and then anew. */
        TUMBLING,
        /** The last ones, at every cycle. */
        SLIDING
    }

    public WatchSpec {
        // Records of releases without rules have none.
        rules = Objects.requireNonNullElse(rules, "");
        compat = Objects.requireNonNullElse(compat, Compat.REDFLEET);
        restartWindow = Objects.requireNonNullElse(restartWindow, RestartWindow.TUMBLING);
    }

    /** With a window that tumbles. */
    public WatchSpec(WatchMode mode, Duration probe, Duration cycle, @Nullable String rules, @Nullable Compat compat) {
        this(mode, probe, cycle, rules, compat, RestartWindow.TUMBLING);
    }

    /** By our own judgment. */
    public WatchSpec(WatchMode mode, Duration probe, Duration cycle, @Nullable String rules) {
        this(mode, probe, cycle, rules, Compat.REDFLEET);
    }

    /** Under the default. */
    public WatchSpec(WatchMode mode, Duration probe, Duration cycle) {
        this(mode, probe, cycle, "");
    }

    /** The same in another mode. */
    public WatchSpec in(WatchMode other) {
        return new WatchSpec(other, probe, cycle, rules, compat, restartWindow);
    }

    /** {@link RestartWindow#TUMBLING} in a record of a release that knows no other. */
    @Override
    public RestartWindow restartWindow() {
        return Objects.requireNonNullElse(restartWindow, RestartWindow.TUMBLING);
    }

    @Override
    public Compat compat() {
        return Objects.requireNonNullElse(compat, Compat.REDFLEET);
    }

    @Override
    public String rules() {
        return Objects.requireNonNullElse(rules, "");
    }
}
