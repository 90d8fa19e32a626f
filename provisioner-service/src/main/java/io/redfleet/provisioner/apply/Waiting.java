package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Waits on a host until something is true of an instance, as {@code await.sh} does. What may take minutes is asked for again and
 * again, some seconds each, so that whoever cancels the operation does not wait as long.
 */
final class Waiting {
    /** Short for a person, and longer than most waits: each is another session. */
    private static final int SLICE_SECONDS = 15;
    /** A question that is on its way takes 2 s, and a Sentinel is asked three. */
    private static final Duration BESIDE = Duration.ofSeconds(6);

    /** The script's last words where it has not come to an end, and where that will not come. */
    private static final String WAITING = "; waiting";

    private static final String OVERTAKEN = "; overtaken";

    private Waiting() {}

    /** @param ask runs the script with a deadline and its arguments */
    static StepResult of(
            Action.Await it, BooleanSupplier cancelled, BiFunction<Duration, List<String>, StepResult> ask) {
        if (!inSlices(it.until())) {
            return ask.apply(it.patience(), Asking.await(it));
        }
        long most = it.patience().toSeconds();
        StepResult result = new StepResult.Left("nothing was waited for");
        for (long waited = 0; waited <= most; waited += SLICE_SECONDS) {
            List<String> words = new ArrayList<>(Asking.await(it));
            words.addAll(List.of("" + waited, "" + SLICE_SECONDS));
            result = ask.apply(Duration.ofSeconds(SLICE_SECONDS).plus(BESIDE), words);
            String said = result.detail();
            if (said.endsWith(OVERTAKEN)) {
                String last = said.substring(0, said.length() - OVERTAKEN.length());
                return new StepResult.Left("Sentinel has made it the master meanwhile: planned anew; " + last);
            }
            if (!said.endsWith(WAITING)) {
                return result;
            }
            if (cancelled.getAsBoolean()) {
                return new StepResult.Left(
                        "cancelled while it was waited for; " + said.substring(0, said.length() - WAITING.length()));
            }
        }
        return new StepResult.Failed(result.detail() + " after " + most + " s");
    }

    /** Not what is part of a restart, which nobody cancels, nor what goes by what was seen first. */
    private static boolean inSlices(Action.Until until) {
        return switch (until) {
            case READY, LINKED, QUORUM, WELL -> true;
            case REPLICA, REJOINED, LEVEL, IDLE, SETTLED -> false;
        };
    }
}
