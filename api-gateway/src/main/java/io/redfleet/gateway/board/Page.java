package io.redfleet.gateway.board;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the cursor that the next part starts after; null at the end
 * @param stale whether the bus is away, so that this may be old
 */
public record Page<T>(List<T> items, @Nullable String next, boolean stale) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * The part that the window names of a list in any order.
     *
     * @param key unique in the list
     * @param order of the keys, and so of the list: an item that has gone since leaves its place behind
     */
    public static <T> Page<T> of(
            Collection<T> all, Function<T, String> key, Comparator<String> order, Window window, boolean stale) {
        List<T> rest = all.stream()
                .filter(item -> window.after().isEmpty() || order.compare(key.apply(item), window.after()) > 0)
                .sorted(Comparator.comparing(key, order))
                .toList();
        boolean more = rest.size() > window.limit();
        List<T> items = more ? rest.subList(0, window.limit()) : rest;
        return new Page<>(items, more ? Window.cursor(key.apply(items.getLast())) : null, stale);
    }

    /** A list that is given whole. */
    public static <T> Page<T> whole(List<T> all, boolean stale) {
        return new Page<>(all, null, stale);
    }
}
