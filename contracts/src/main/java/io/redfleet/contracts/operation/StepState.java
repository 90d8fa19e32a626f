package io.redfleet.contracts.operation;

/**
 * One step of an operation.
 *
 * @param id stable within its plan, as in {@code r1/redis-server/config}
 * @param host the host it works on; empty for a step of the whole cluster
 * @param title what it does, for a person
 * @param detail what was found or why it failed; secrets masked
 */
public record StepState(String id, String host, String title, Status status, String detail, long tookMillis) {
    /** Where a step stands. */
    public enum Status {
        WAITING,
        RUNNING,
        /** Applied and verified. */
        DONE,
        /** Inspected and found right already. */
        UNCHANGED,
        FAILED,
        /** Not begun, or waited for no longer without having come: the detail says why. */
        SKIPPED
    }
}
