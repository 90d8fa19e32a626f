package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.HostName;

/**
 * One rule, judged of one subject.
 *
 * @param subject an instance, or a setting of one; the host's name for the host itself
 * @param found what was found instead, or why nobody knows; empty where it passed
 */
public record Check(Rule rule, HostName host, String subject, Result result, String found) {

    /** How it ended. */
    public enum Result {
        PASSED,
        BROKEN,
        /** Nobody knows, which is not passed. */
        UNKNOWN
    }

    /** Whether the operation fails by it. A host without an answer is one of which nothing was shown. */
    public boolean fails() {
        return (result == Result.BROKEN && rule.decides()) || (rule == Rule.REACHED && result != Result.PASSED);
    }

    /** For a person. */
    public String sentence() {
        String how = result == Result.UNKNOWN ? "not verified: " : "";
        return subject + ": " + how + rule.id() + ": " + found;
    }
}
