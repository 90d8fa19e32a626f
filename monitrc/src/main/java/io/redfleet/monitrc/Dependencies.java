package io.redfleet.monitrc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Who depends on whom: only on what there is, and nobody on himself by way of others. */
final class Dependencies {
    /** Of a circle, so many are named. */
    private static final int NAMED = 5;

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
            if (!faults.containsKey(name)) {
                circle(name, checks).ifPresent(way -> faults.put(name, words(name, way)));
            }
        }
        return faults;
    }

    private static String words(String name, List<String> way) {
        if (way.isEmpty()) {
            return name + " depends on itself";
        }
        String more = way.size() > NAMED ? " and " + (way.size() - NAMED) + " more" : "";
        List<String> first = way.subList(0, Math.min(NAMED, way.size()));
        return name + " depends on itself, by way of " + String.join(", ", first) + more;
    }

    /**
     * By way of whom it depends on itself, the shortest way; empty where it does not. With a queue of its own, because a chain may
     * be as long as the file.
     */
    private static Optional<List<String>> circle(String name, Map<String, Check> checks) {
        Map<String, String> children = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(name);
        while (!open.isEmpty()) {
            String child = open.removeFirst();
            Check check = checks.get(child);
            List<String> parents = check == null ? List.of() : check.dependsOn();
            if (parents.contains(name)) {
                return Optional.of(way(name, child, children));
            }
            parents.stream()
                    .filter(parent -> children.putIfAbsent(parent, child) == null)
                    .forEach(open::add);
        }
        return Optional.empty();
    }

    /** Those between it and the last of the circle, in the order in which each depends on the next. */
    private static List<String> way(String name, String last, Map<String, String> children) {
        Deque<String> way = new ArrayDeque<>();
        for (String each = last; !each.equals(name); each = Objects.requireNonNull(children.get(each))) {
            way.addFirst(each);
        }
        return List.copyOf(way);
    }
}
