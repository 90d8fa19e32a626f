package io.redfleet.local;

/** A part cannot be started, or did not become ready; the message is for the person at the terminal. */
final class StartRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    StartRefused(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
