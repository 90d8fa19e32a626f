package io.redfleet.provisioner.desired;

import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;

/** The rules that a document broke, in the order in which they were met. */
final class Broken {
    /** A document of ten thousand wrong hosts needs no ten thousand sentences. */
    private static final int LIMIT = 100;

    private static final int SHOWN_CHARACTERS = 60;

    private final List<Violation> found = new ArrayList<>();

    void rule(String field, Object value, String rule) {
        if (found.size() < LIMIT) {
            found.add(new Violation(field, shown(value), rule));
        }
    }

    List<Violation> all() {
        return List.copyOf(found);
    }

    boolean none() {
        return found.isEmpty();
    }

    private static String shown(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "\u00b7");
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }
}
