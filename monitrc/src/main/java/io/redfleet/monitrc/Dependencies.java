package io.redfleet.monitrc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Who depends on whom: only on what there is, and nobody on himself by way of others. */
final class Dependencies {
    private Dependencies() {}

    /** What is wrong, by the name of the check. */
    static Map<String, String> faults(Map<String, Check> checks) {
        Map<String, String> faults = new LinkedHashMap<>();
        for (Check check : checks.values()) {
            String name = check.name();
            for (String parent : check.dependsOn()) {
                if (!checks.containsKey(parent)) {
                    faults.put(name, name + " depends on " + parent + ", which is not checked in this file");
                }
            }
            if (!faults.containsKey(name) && above(name, checks).contains(name)) {
                faults.put(name, name + " depends on itself");
            }
        }
        return faults;
    }

    /** Whatever it depends on, however far; with a stack of its own, because a chain may be as long as the file. */
    private static Set<String> above(String name, Map<String, Check> checks) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(name);
        while (!open.isEmpty()) {
            Check next = checks.get(open.removeLast());
            if (next != null) {
                next.dependsOn().stream().filter(found::add).forEach(open::add);
            }
        }
        return found;
    }
}
