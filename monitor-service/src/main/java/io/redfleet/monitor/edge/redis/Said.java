package io.redfleet.monitor.edge.redis;

import java.util.List;

/** What an instance said, in Redis's own protocol (RESP2). Plain values: nothing of them has to be released. */
sealed interface Said {
    /** A simple string, or a bulk string of whatever length. */
    record Text(String text) implements Said {}

    record Int(long value) implements Said {}

    record Many(List<Said> items) implements Said {
        public Many {
            items = List.copyOf(items);
        }
    }

    /** An error reply, as {@code NOAUTH Authentication required.} */
    record Refusal(String text) implements Said {}

    /** The null of either kind. */
    record Nothing() implements Said {}

    /** Of a single value: nothing that an instance says in good faith is longer, and all of it ends in events and records. */
    int MOST_CHARS = 1_000;

    static String cut(String text) {
        return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS);
    }

    /** As text; empty for what is none. */
    default String string() {
        return switch (this) {
            case Text text -> text.text();
            case Int integer -> String.valueOf(integer.value());
            case Refusal refusal -> refusal.text();
            case Many many -> "";
            case Nothing nothing -> "";
        };
    }

    /** Empty for what is no list. */
    default List<Said> list() {
        return this instanceof Many many ? many.items() : List.of();
    }

    /** -1 for what is no number. */
    default long number() {
        try {
            return Long.parseLong(string());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
