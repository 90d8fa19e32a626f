package io.redfleet.provisioner.apply;

/** What came of a step. */
public sealed interface StepResult {
    String detail();

    /** Applied and verified. */
    record Changed(String detail) implements StepResult {}

    /** Found right already. */
    record Unchanged(String detail) implements StepResult {}

    /**
     * Waited for in vain, and not until the deadline.
     *
     * @param overtaken whether it will not come any more; else somebody wanted it to end
     */
    record Left(String detail, boolean overtaken) implements StepResult {}

    /** Host, command and cause, for a person. */
    record Failed(String detail) implements StepResult {}
}
