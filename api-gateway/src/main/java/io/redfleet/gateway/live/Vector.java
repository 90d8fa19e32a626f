package io.redfleet.gateway.live;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far somebody has read the events topic: the next offset per partition. Written {@code p:o,p:o,...}, it is the
 * id of a server-sent event, so any gateway can carry on from it.
 */
public record Vector(SortedMap<Integer, Long> next) {
    /** Twelve partitions with offsets of 19 digits fit twice. */
    private static final int MOST_CHARACTERS = 600;

    private static final Pattern FORM = Pattern.compile("\\d{1,4}:\\d{1,18}(,\\d{1,4}:\\d{1,18})*");

    public static final Vector ORIGIN = new Vector(new TreeMap<>());

    public Vector {
        next = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    public static Vector of(Map<Integer, Long> next) {
        return new Vector(new TreeMap<>(next));
    }

    /** Empty if this is not a vector. */
    public static Optional<Vector> parse(String text) {
        if (text.length() > MOST_CHARACTERS || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        SortedMap<Integer, Long> next = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            next.put(Integer.parseInt(pair.substring(0, colon)), Long.parseLong(pair.substring(colon + 1)));
        }
        return Optional.of(new Vector(next));
    }

    /** After the record at this offset has been read. Never goes back. */
    public Vector past(int partition, long offset) {
        SortedMap<Integer, Long> moved = new TreeMap<>(next);
        moved.merge(partition, offset + 1, Math::max);
        return new Vector(moved);
    }

    /** The same with this next offset for one partition. */
    public Vector at(int partition, long offset) {
        SortedMap<Integer, Long> moved = new TreeMap<>(next);
        moved.put(partition, offset);
        return new Vector(moved);
    }

    /** Whether a reader that stands here has already had the record at that offset. */
    public boolean includes(int partition, long offset) {
        return next.getOrDefault(partition, 0L) > offset;
    }

    @Override
    public String toString() {
        return next.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
