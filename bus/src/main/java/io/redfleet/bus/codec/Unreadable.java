package io.redfleet.bus.codec;

/** These bytes are no record of that kind; the message says why in a sentence and quotes none of the content. */
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String reason, Throwable cause) {
        super(reason, cause);
    }

    Unreadable(String reason) {
        super(reason);
    }
}
