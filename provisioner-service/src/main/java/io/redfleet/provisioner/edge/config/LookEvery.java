package io.redfleet.provisioner.edge.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code redfleet.drift.every}. */
final class LookEvery {
    /** Each look costs every instance some commands. */
    static final Duration LEAST = Duration.ofSeconds(1);

    static final Duration MOST = Duration.ofDays(7);

    private LookEvery() {}

    /** Empty: never. */
    static Optional<Duration> read(String text) {
        String word = text.strip();
        if (word.equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        Duration every;
        try {
            every = DurationConverter.parseDuration(word);
        } catch (IllegalArgumentException e) {
            throw broken(text, e);
        }
        if (every == null) {
            throw broken(text, null);
        }
        if (every.isZero()) {
            return Optional.empty();
        }
        if (every.compareTo(LEAST) < 0 || every.compareTo(MOST) > 0) {
            throw broken(text, null);
        }
        return Optional.of(every);
    }

    private static IllegalStateException broken(String text, @Nullable Throwable cause) {
        return new IllegalStateException(
                "redfleet.drift.every (REDFLEET_DRIFT_EVERY) is '" + text
                        + "': it is a duration from 1s to 7d, as 10m or PT10M, or off or 0 for never",
                cause);
    }
}
