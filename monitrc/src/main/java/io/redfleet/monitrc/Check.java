package io.redfleet.monitrc;

import java.util.List;

/**
 * One {@code check}: what is watched, and by which rules.
 *
 * @param every judged at each n-th cycle only; 1: at all
 * @param dependsOn names of checks of the same file; no loops
 * @param rules as written, in the order of the file; an existence test that is only implied is not among them
 * @param line where it begins, from 1
 */
public record Check(
        String name,
        Target target,
        Mode mode,
        Programs programs,
        List<String> groups,
        List<String> dependsOn,
        int every,
        List<Rule> rules,
        List<RestartLimit> limits,
        int line) {

    /** Whether a failed rule acts, or only tells (Monit manual, Monitoring modes). */
    public enum Mode {
        ACTIVE,
        PASSIVE
    }

    /**
     * How the service is started and stopped; {@link Command#NONE} for what is not said. Without a restart program a restart
     * is a stop and a start.
     */
    public record Programs(Command start, Command stop, Command restart) {
        public static final Programs NONE = new Programs(Command.NONE, Command.NONE, Command.NONE);
    }

    public Check {
        groups = List.copyOf(groups);
        dependsOn = List.copyOf(dependsOn);
        rules = List.copyOf(rules);
        limits = List.copyOf(limits);
    }
}
