package io.redfleet.local.backup;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** When the next daily backup is due, how it is called, and which old ones may go. */
public final class Rota {
    public static final Duration EVERY = Duration.ofDays(1);
    public static final int KEPT = 7;

    private static final String PREFIX = "redfleet-";
    private static final String SUFFIX = ".backup";
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Rota() {}

    public static String name(Instant at) {
        return PREFIX + WHEN.format(at) + SUFFIX;
    }

    /** When the backup of that name was begun; empty: it is none of ours. */
    public static Optional<Instant> at(String name) {
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            String when = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
            return Optional.of(WHEN.parse(when, Instant::from));
        } catch (DateTimeException | IndexOutOfBoundsException noTime) {
            return Optional.empty();
        }
    }

    /** The newest of these by its name; a name of the future, from before a clock was set right, does not count. */
    public static Optional<Instant> newest(List<String> names, Instant now) {
        return names.stream()
                .flatMap(name -> at(name).stream())
                .filter(when -> !when.isAfter(now))
                .max(Comparator.naturalOrder());
    }

    /** A minute early, so that an hourly look does not drift by an hour a day. */
    public static boolean due(List<String> names, Instant now) {
        return newest(names, now)
                .map(when -> !when.plus(EVERY).minus(Duration.ofMinutes(1)).isAfter(now))
                .orElse(true);
    }

    /**
     * Those that may go once a new one has been read back: all but it and the newest of the others.
     *
     * @param made never among them, whatever the clock says
     */
    public static List<String> surplus(List<String> names, String made) {
        return names.stream()
                .filter(name -> at(name).isPresent() && !name.equals(made))
                .sorted(Comparator.reverseOrder())
                .skip(KEPT - 1L)
                .toList();
    }
}
