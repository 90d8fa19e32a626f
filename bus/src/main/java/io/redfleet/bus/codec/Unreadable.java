package io.redfleet.bus.codec;

/** These bytes are no record of that kind; the message says why in a sentence and quotes none of the content. */
public sealed class Unreadable extends Exception permits Unreadable.Newer {
    private static final long serialVersionUID = 1L;

    Unreadable(String reason, Throwable cause) {
        super(reason, cause);
    }

    Unreadable(String reason) {
        super(reason);
    }

    /** Whole, and yet a part of it says nothing to its reader. */
    public static Unreadable because(String reason) {
        return new Unreadable(reason);
    }

    /** A whole record of a later release, as far as can be seen, and none of ours. */
    static final class Newer extends Unreadable {
        private static final long serialVersionUID = 1L;

        Newer(int schema, int known) {
            super("schema " + schema + " is newer than this release's " + known);
        }
    }

    /** Whether a later release wrote it: to go on as if it were not there would be to guess. */
    public boolean newer() {
        return this instanceof Newer;
    }
}
