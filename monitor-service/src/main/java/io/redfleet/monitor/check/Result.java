package io.redfleet.monitor.check;

/**
 * What came of one rule's test in one cycle.
 *
 * @param text for people, what was found
 */
public record Result(Verdict verdict, String text) {
    /** Not looked at, or not to be known: counts for nothing. */
    public static final Result NONE = new Result(Verdict.NONE, "");

    /** Whether what the rule says was so. */
    public enum Verdict {
        NONE,
        PASSED,
        FAILED
    }

    public static Result passed(String text) {
        return new Result(Verdict.PASSED, text);
    }

    public static Result failed(String text) {
        return new Result(Verdict.FAILED, text);
    }
}
