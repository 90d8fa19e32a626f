package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.HostName;

/**
 * One rule, judged of one subject.
 *
 * @param subject an instance, or a setting of one; the host's name for the host itself
 * @param found what was found instead, or why nobody knows; empty where it passed
 * @param decides whether the operation fails where it is broken: as its rule has it, but for what an apply cannot mend there
 */
public record Check(Rule rule, HostName host, String subject, Result result, String found, boolean decides) {
    public Check(Rule rule, HostName host, String subject, Result result, String found) {
        this(rule, host, subject, result, found, rule.decides());
    }

    /** How it ended. */
    public enum Result {
        PASSED,
        BROKEN,
        /** Nobody knows, which is not passed. */
        UNKNOWN
    }

    /** Whether the operation fails by it. A host without an answer is one of which nothing was shown. */
    public boolean fails() {
        return (result == Result.BROKEN && decides) || (rule == Rule.REACHED && result != Result.PASSED);
    }

    /** For a person. */
    public String sentence() {
        String how = result == Result.UNKNOWN ? "not verified: " : "";
        return subject + ": " + how + rule.id() + ": " + found;
    }
}
