package io.redfleet.adopt;

import java.util.List;

/** What a node said to one question. */
public sealed interface Answer {
    /** A string of either kind, or a number. */
    record Text(String text) implements Answer {}

    record Many(List<Answer> items) implements Answer {
        public Many {
            items = List.copyOf(items);
        }
    }

    /** An error reply, as {@code NOAUTH Authentication required.} */
    record Refusal(String text) implements Answer {}

    /** The null of either kind. */
    record Nothing() implements Answer {}

    /** As text; empty for what is none, and for a refusal. */
    default String string() {
        return this instanceof Text said ? said.text() : "";
    }

    /** Empty for what is no list. */
    default List<Answer> list() {
        return this instanceof Many many ? many.items() : List.of();
    }

    /** The error's words; empty for what is none. */
    default String refused() {
        return this instanceof Refusal no ? no.text() : "";
    }
}
