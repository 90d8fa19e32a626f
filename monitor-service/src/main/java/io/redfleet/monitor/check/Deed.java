package io.redfleet.monitor.check;

import io.redfleet.monitrc.Command;

/**
 * What is to be done to a service. Whether it may be is not decided here.
 *
 * @param why the kind of event that led to it
 * @param text what was found
 * @param command of an {@link Verb#EXEC}; {@link Command#NONE} otherwise
 * @param event what happened, in Monit's words: {@code why} has failed, or recovered
 */
public record Deed(String service, Verb verb, Cause cause, EventKind why, String text, Command command, String event) {
    /** What is done. */
    public enum Verb {
        START,
        STOP,
        /** A stop, if it is there, and a start. */
        RESTART,
        EXEC
    }

    /** Who wants it. */
    public enum Cause {
        RULE,
        PERSON,
        /** What it depends on is restarted. */
        PARENT
    }
}
