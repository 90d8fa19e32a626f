package io.redfleet.provisioner.apply;

/** What came of a step. */
public sealed interface StepResult {
    String detail();

    /** Applied and verified. */
    record Changed(String detail) implements StepResult {}

    /** Found right already. */
    record Unchanged(String detail) implements StepResult {}

    /** Waited for in vain, and not until the deadline: somebody has cancelled it, or it will not come any more. */
    record Left(String detail) implements StepResult {}

    /** Host, command and cause, for a person. */
    record Failed(String detail) implements StepResult {}
}
