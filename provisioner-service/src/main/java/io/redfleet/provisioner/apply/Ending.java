package io.redfleet.provisioner.apply;

import io.redfleet.contracts.operation.OperationState.Status;

/**
 * How an operation ended, and one sentence on it.
 *
 * @param whole whether all that was to be done is done, and nothing is left
 * @param turnedAway whether another operation had a host, so that it ended before its first step there: the cluster stands as it
 *     did
 */
public record Ending(Status status, String reason, boolean whole, boolean turnedAway) {
    /** One whose status says it. */
    public Ending(Status status, String reason) {
        this(status, reason, status == Status.SUCCEEDED, false);
    }

    public static Ending succeeded(String reason) {
        return new Ending(Status.SUCCEEDED, reason);
    }

    public static Ending failed(String reason) {
        return new Ending(Status.FAILED, reason);
    }

    /** All is done, and a rule is broken all the same that no step mends. */
    static Ending unverified(String reason) {
        return new Ending(Status.FAILED, reason, true, false);
    }

    /** Refused a host that another operation has: nothing is broken by it, so it is no failure of the cluster. */
    static Ending turnedAway(String reason) {
        return new Ending(Status.CANCELLED, reason, false, true);
    }

    public static Ending cancelled() {
        return new Ending(Status.CANCELLED, "cancelled; what had been done stays");
    }
}
