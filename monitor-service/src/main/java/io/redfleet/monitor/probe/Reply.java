package io.redfleet.monitor.probe;

import java.util.Locale;

/** What a PING, or the attempt to send one, came to. */
public sealed interface Reply {
    /** {@code +PONG}. */
    record Pong() implements Reply {}

    /** It lives and lets us not in: NOAUTH, WRONGPASS or NOPERM. A matter of passwords and rights, never of life. */
    record Denied(String error) implements Reply {}

    /** An error that only a living, serving process gives: MASTERDOWN, MISCONF and the like. */
    record Defective(String error) implements Reply {}

    /** {@code -LOADING}: the data set is on its way into memory. */
    record Loading() implements Reply {}

    /** {@code -BUSY}: a script blocks it. Alive; a restart would lose what the script wrote. */
    record Busy() implements Reply {}

    /** The connection stands, no answer came within the deadline. */
    record Silent() implements Reply {}

    /** Nothing listens there: connection refused, right after a reset or at the first attempt. */
    record Refused() implements Reply {}

    /** No route, no name, or no answer to the attempt to connect: proves nothing about the process. */
    record Unreachable(String cause) implements Reply {}

    /**
     * Somebody takes connections there and TLS with him comes to nothing: who he is nobody knows, and it proves nothing about the
     * process. A matter of certificates, never of death.
     */
    record Untrusted(String why) implements Reply {}

    /** Whether the process itself was heard. */
    default boolean answered() {
        return switch (this) {
            case Pong p -> true;
            case Denied d -> true;
            case Defective d -> true;
            case Loading l -> true;
            case Busy b -> true;
            case Silent s -> false;
            case Refused r -> false;
            case Unreachable u -> false;
            case Untrusted u -> false;
        };
    }

    /** Of an error's first word: Redis has none that is longer. */
    int MOST_CHARS = 40;

    /** The class of an error reply by its first word. */
    static Reply ofError(String message) {
        int space = message.indexOf(' ');
        int end = Math.min(space < 0 ? message.length() : space, MOST_CHARS);
        String word = message.substring(0, end).toUpperCase(Locale.ROOT);
        return switch (word) {
            case "LOADING" -> new Loading();
            case "BUSY" -> new Busy();
            case "NOAUTH", "WRONGPASS", "NOPERM" -> new Denied(word);
            default -> new Defective(word);
        };
    }
}
