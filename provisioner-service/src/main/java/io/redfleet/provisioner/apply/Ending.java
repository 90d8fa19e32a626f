package io.redfleet.provisioner.apply;

import io.redfleet.contracts.operation.OperationState.Status;

/**
 * How an operation ended, and one sentence on it.
 *
 * @param whole whether all that was to be done is done, and nothing is left
 */
public record Ending(Status status, String reason, boolean whole) {
    /** One whose status says it. */
    public Ending(Status status, String reason) {
        this(status, reason, status == Status.SUCCEEDED);
    }

    public static Ending succeeded(String reason) {
        return new Ending(Status.SUCCEEDED, reason);
    }

    public static Ending failed(String reason) {
        return new Ending(Status.FAILED, reason);
    }

    /** All is done, and a rule is broken all the same that no step mends. */
    static Ending unverified(String reason) {
        return new Ending(Status.FAILED, reason, true);
    }

    public static Ending cancelled() {
        return new Ending(Status.CANCELLED, "cancelled; what had been done stays");
    }
}
