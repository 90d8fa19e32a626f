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
    /** For a host that stands still for a while, as one that loads more than it has memory for. */
    private static final Duration BESIDE = Duration.ofSeconds(45);
    /** Sentinel makes an old master a replica after some 10 s, and not before the end of a tilt of 30 s. */
    private static final int LED_SECONDS = 90;

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
        int led = 0;
        String last = "";
        for (long waited = 0; waited <= most; waited += SLICE_SECONDS) {
            List<String> words = new ArrayList<>(Asking.await(it));
            words.addAll(List.of("" + waited, "" + SLICE_SECONDS));
            StepResult result = ask.apply(Duration.ofSeconds(SLICE_SECONDS).plus(BESIDE), words);
            String said = result.detail();
            if (said.endsWith(OVERTAKEN)) {
                last = said.substring(0, said.length() - OVERTAKEN.length());
                return new StepResult.Left("Sentinel has made it the master meanwhile: planned anew; " + last, true);
            }
            if (!said.endsWith(WAITING)) {
                return result;
            }
            last = said.substring(0, said.length() - WAITING.length());
            if (cancelled.getAsBoolean()) {
                return new StepResult.Left("cancelled while it was waited for; " + last, false);
            }
            led = last.contains("role:master") ? led + SLICE_SECONDS : 0;
            if (it.until() == Action.Until.REJOINED && led >= LED_SECONDS) {
                return new StepResult.Failed(
                        "it has been a master for " + led + " s, and nobody makes it a replica; " + last);
            }
        }
        return new StepResult.Failed("not so after " + most + " s; " + last);
    }

    /** Not what goes by what was seen first, nor what turns of restarts alone wait for: nobody cancels those. */
    private static boolean inSlices(Action.Until until) {
        return switch (until) {
            case READY, LINKED, REJOINED, QUORUM, WELL -> true;
            case REPLICA, LEVEL, IDLE, SETTLED -> false;
        };
    }
}
