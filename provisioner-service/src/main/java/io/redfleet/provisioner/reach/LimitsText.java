package io.redfleet.provisioner.reach;

import io.redfleet.contracts.cluster.ClusterName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A key's limits as an admin writes them: {@code addresses}, {@code clusters} and {@code labels}, each a list with commas, and
 * {@code hostWide}, yes or no. A word that is not understood makes the whole unusable: read past, it would open what was meant
 * to be shut.
 */
public final class LimitsText {
    private static final Set<String> WORDS = Set.of("addresses", "clusters", "labels", "hostWide");

    private LimitsText() {}

    /** @param where the file, for the reason */
    public static KeyLimits read(Map<String, String> entries, String where) {
        List<String> wrong = new ArrayList<>();
        entries.keySet().stream()
                .filter(word -> !WORDS.contains(word))
                .sorted()
                .forEach(word -> wrong.add(word + " is not a word; known are addresses, clusters, labels, hostWide"));
        List<Range> addresses = new ArrayList<>();
        for (String text : list(entries, "addresses", wrong)) {
            Range.of(text)
                    .ifPresentOrElse(
                            addresses::add,
                            () -> wrong.add(
                                    "addresses: " + text + " is neither an address nor a network as 10.0.0.0/16"));
        }
        Set<ClusterName> clusters = new HashSet<>();
        for (String name : list(entries, "clusters", wrong)) {
            if (ClusterName.allowed(name)) {
                clusters.add(new ClusterName(name));
            } else {
                wrong.add("clusters: " + name + " is not a cluster's name");
            }
        }
        Map<String, String> labels = new HashMap<>();
        for (String label : list(entries, "labels", wrong)) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                wrong.add("labels: " + label + " is not key=value");
            } else {
                labels.put(label.substring(0, equals), label.substring(equals + 1));
            }
        }
        boolean hostWide = hostWide(entries, wrong);
        return wrong.isEmpty()
                ? new KeyLimits.Limited(addresses, clusters, labels, hostWide)
                : new KeyLimits.Unusable(where + ": " + String.join("; ", wrong));
    }

    private static boolean hostWide(Map<String, String> entries, List<String> wrong) {
        String word = entries.getOrDefault("hostWide", "no").strip();
        if (!word.equals("yes") && !word.equals("no")) {
            wrong.add("hostWide is yes or no, not " + word);
        }
        return word.equals("yes");
    }

    /** A word with nothing after it is taken for a mistake: does it mean none, or any? */
    private static List<String> list(Map<String, String> entries, String word, List<String> wrong) {
        String text = entries.get(word);
        if (text == null) {
            return List.of();
        }
        List<String> items =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (items.contains("")) {
            wrong.add(word + " has an empty item; leave the word out for any");
            return List.of();
        }
        return items;
    }
}
