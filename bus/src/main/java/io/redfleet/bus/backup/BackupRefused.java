package io.redfleet.bus.backup;

/** A backup cannot be made, read or restored; the message is for the person at the terminal, and holds no secret. */
public final class BackupRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public BackupRefused(String reason) {
        super(reason);
    }

    public BackupRefused(String reason, Throwable cause) {
        super(reason, cause);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
