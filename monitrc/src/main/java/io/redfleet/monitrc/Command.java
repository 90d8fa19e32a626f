package io.redfleet.monitrc;

import java.time.Duration;
import java.util.List;

/**
 * A command as a control file writes it. It is data: Redfleet matches it with what it knows, and hands it to no shell.
 *
 * @param line words with blanks between them; empty: none
 * @param timeout for the program and its effect together
 */
public record Command(String line, Duration timeout) {
    /** How long Monit waits for a start or stop where the file does not say (Monit manual, Limits). */
    public static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(30);

    /** How long Monit lets a {@code check program} run where the file does not say. */
    public static final Duration PROGRAM_TIMEOUT = Duration.ofMinutes(5);

    public static final Command NONE = new Command("", SERVICE_TIMEOUT);

    public boolean isPresent() {
        return !line.isEmpty();
    }

    public List<String> words() {
        return isPresent() ? List.of(line.strip().split("\\s+")) : List.of();
    }
}
