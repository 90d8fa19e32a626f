package io.redfleet.contracts.operation;

import java.time.Instant;
import java.util.List;

/**
 * What was found when a cluster was held against its spec, host by host and rule by rule, without changing anything.
 *
 * @param at when it was looked at last
 * @param holds whether no rule is broken that makes the cluster unsafe or untrue to its spec, and every host gave an answer
 * @param hosts how much was looked at on each host
 * @param findings what did not pass, broken rules first; at most {@link #MOST_FINDINGS}
 * @param more how many findings are left out
 * @param limits of the processes that run; at most {@link #MOST_LIMITS}
 */
public record Verification(
        Instant at,
        boolean holds,
        List<HostCount> hosts,
        List<Finding> findings,
        int more,
        List<ProcessLimits> limits) {
    /** Each has about 500 bytes: with a hundred operations of a cluster these are 2 MB at the very most. */
    public static final int MOST_FINDINGS = 40;

    /** Each has about 80 bytes. */
    public static final int MOST_LIMITS = 100;

    public Verification {
        hosts = List.copyOf(hosts);
        findings = List.copyOf(findings);
        limits = List.copyOf(limits);
    }

    /** How a rule did not pass. */
    public enum Ruling {
        /** Broken, and the cluster is unsafe or untrue to its spec by it. */
        FAILED,
        /** Broken, and told. */
        WARNED,
        /** Nobody knows: that is not passed. */
        UNVERIFIED
    }

    /**
     * How many rules were judged on a host, and how.
     *
     * @param host its name in the spec
     */
    public record HostCount(String host, int passed, int failed, int warned, int unverified) {}

    /**
     * A rule that did not pass.
     *
     * @param rule its id, as docs/verification.md has it
     * @param subject what it is about: an instance, or a setting of one; the host's name for the host itself
     * @param says what ought to be
     * @param found what was found instead, or why nobody knows
     */
    public record Finding(String rule, Ruling ruling, String host, String subject, String says, String found) {}

    /**
     * Limits of a process that runs, as its kernel has them.
     *
     * @param openFiles soft and hard limit of open files, as {@code 65535 65535}
     */
    public record ProcessLimits(String instance, long pid, String openFiles) {}
}
