package io.redfleet.provisioner.apply;

import io.redfleet.contracts.operation.OperationState.Status;

/** How an operation ended, and one sentence on it. */
public record Ending(Status status, String reason) {
    public static Ending succeeded(String reason) {
        return new Ending(Status.SUCCEEDED, reason);
    }

    public static Ending failed(String reason) {
        return new Ending(Status.FAILED, reason);
    }

    public static Ending cancelled() {
        return new Ending(Status.CANCELLED, "cancelled; what had been done stays");
    }
}
