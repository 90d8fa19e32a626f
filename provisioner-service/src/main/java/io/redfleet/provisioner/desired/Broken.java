package io.redfleet.provisioner.desired;

import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rules that a document broke, in the order in which they were met. */
final class Broken {
    /** A document of ten thousand wrong hosts needs no ten thousand sentences. */
    private static final int LIMIT = 100;

    private static final int SHOWN_CHARACTERS = 60;
    /** Where somebody may have put a key or a password: what is refused goes to the audit trail, value and all. */
    private static final Pattern PRIVATE = Pattern.compile(
            "(?i)(credential|hostkey|pass|auth|secret|token|\\.config\\.user|\\.security\\.tls\\.?)[^.]*$");

    /** A path is longer only by an operator's own key, which may be as long as the document. */
    private static final int FIELD_CHARACTERS = 200;

    private final List<Violation> found = new ArrayList<>();

    void rule(String field, Object value, String rule) {
        if (found.size() < LIMIT) {
            String told = PRIVATE.matcher(field).find() ? "(not shown)" : shown(value);
            found.add(new Violation(cut(field, FIELD_CHARACTERS), told, rule));
        }
    }

    List<Violation> all() {
        return List.copyOf(found);
    }

    boolean none() {
        return found.isEmpty();
    }

    private static String shown(Object value) {
        // What is nested may hold a password, and a refusal is told to the audit trail.
        boolean nested = (value instanceof Map<?, ?> map && !map.isEmpty())
                || (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance));
        String text = (nested ? "(an object, not shown)" : String.valueOf(value)).replaceAll("\\p{Cntrl}", "\u00b7");
        return cut(text, SHOWN_CHARACTERS);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
