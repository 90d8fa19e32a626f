package io.redfleet.provisioner.survey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an instance answers, line by line as redis-cli prints it. */
final class Said {
    private Said() {}

    /** INFO: {@code field:value}. */
    static Map<String, String> colons(List<String> lines) {
        Map<String, String> fields = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    /** A flat array as redis-cli prints it: a line with the name, a line with the value. */
    static Map<String, String> pairs(List<String> lines) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            fields.put(lines.get(i), lines.get(i + 1));
        }
        return fields;
    }
}
