package io.redfleet.local;

/** A part cannot be started, or did not become ready; the message is for the person at the terminal. */
public final class StartRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public StartRefused(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
