package io.redfleet.provisioner.apply;

import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.operation.StepState.Status;

/** How steps end in an operation's record. */
final class StepEnds {
    private StepEnds() {}

    /** What somebody wanted to end runs until it is known who: a person, or the end of this process, after which it goes on. */
    static Status status(StepResult result) {
        return switch (result) {
            case StepResult.Changed changed -> Status.DONE;
            case StepResult.Unchanged unchanged -> Status.UNCHANGED;
            case StepResult.Left left -> left.overtaken() ? Status.SKIPPED : Status.RUNNING;
            case StepResult.Failed failed -> Status.FAILED;
        };
    }

    /** Whether an instance that was waited for with this result is up again. */
    static boolean isBack(StepResult result) {
        return switch (result) {
            case StepResult.Changed changed -> true;
            case StepResult.Unchanged unchanged -> true;
            case StepResult.Left left -> left.overtaken();
            case StepResult.Failed failed -> false;
        };
    }

    /**
     * The step as it is when all is over. One that still runs was cut off: nobody knows whether it was done, unless a later owner
     * looked and found nothing left to do. One that says why it was waited for no longer has been cancelled.
     */
    static StepState over(StepState step, OperationState.Status end, String reason) {
        return switch (step.status()) {
            case WAITING -> ended(step, Status.SKIPPED, "");
            case RUNNING -> cutOff(step, end, reason);
            case DONE, UNCHANGED, FAILED, SKIPPED -> step;
        };
    }

    private static StepState cutOff(StepState step, OperationState.Status end, String reason) {
        if (end == OperationState.Status.CANCELLED && !step.detail().isEmpty()) {
            return ended(step, Status.SKIPPED, step.detail());
        }
        return ended(step, end == OperationState.Status.SUCCEEDED ? Status.UNCHANGED : Status.FAILED, reason);
    }

    private static StepState ended(StepState step, Status status, String detail) {
        return new StepState(step.id(), step.host(), step.title(), status, detail, 0);
    }
}
