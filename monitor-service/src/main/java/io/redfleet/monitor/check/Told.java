package io.redfleet.monitor.check;

/**
 * An event.
 *
 * @param rule the place of the rule in {@link ServiceEntry#rules}; -1 for what no rule is about
 * @param change how the state of what it is about changed with it
 * @param action what the rule asks for, in Monit's word
 * @param alert whether people are to hear of it: at a flip, and at a reminder
 * @param count results of this kind in a row since the flip
 */
public record Told(
        String service, EventKind kind, int rule, Change change, String text, String action, boolean alert, int count) {

    /** Monit's states of an event. */
    public enum Change {
        FAILED,
        SUCCEEDED,
        CHANGED
    }
}
