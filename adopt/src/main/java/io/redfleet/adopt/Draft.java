package io.redfleet.adopt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster as it runs, written down as a spec by which it is observed.
 *
 * @param document the spec: maps, lists, texts and whole numbers, in the order in which people write them
 * @param blanks what is to be filled in before anybody can use it
 * @param findings the gravest first
 */
public record Draft(String masterName, Map<String, Object> document, List<Blank> blanks, List<Finding> findings) {
    public Draft {
        document = Collections.unmodifiableMap(new LinkedHashMap<>(document));
        blanks = List.copyOf(blanks);
        findings = List.copyOf(findings);
    }
}
