package io.redfleet.provisioner.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What apt offers of one package.
 *
 * @param candidate what it would install by itself, by the priorities that the host's admin has set; empty: nothing
 * @param versions what can be fetched, in apt's order, the highest first; without what the admin has forbidden by a priority
 *     below zero
 */
public record Offer(String candidate, List<String> versions) {
    /** What a package that apt does not know has. */
    static final Offer NONE = new Offer("", List.of());

    private static final String CANDIDATE = "  Candidate: ";
    /** The width of what stands before a version, with or without the mark of the one that is installed. */
    private static final int MARGIN = 5;

    public Offer {
        versions = List.copyOf(versions);
    }

    /** By package, what {@code apt-cache policy} says of some, line by line. A line of another form says nothing. */
    static Map<String, Offer> read(List<String> policy) {
        Map<String, Offer> offers = new LinkedHashMap<>();
        String name = "";
        String candidate = "";
        List<String> versions = new ArrayList<>();
        String at = "";
        for (String line : policy) {
            if (!line.startsWith(" ")) {
                offers.put(name, new Offer(candidate, versions));
                name = line.endsWith(":") ? line.substring(0, line.length() - 1) : "";
                candidate = "";
                versions = new ArrayList<>();
                at = "";
            } else if (line.startsWith(CANDIDATE)) {
                String said = line.substring(CANDIDATE.length()).strip();
                candidate = DebianVersion.allowed(said) ? said : "";
            } else if (heads(line)) {
                at = version(line.substring(MARGIN));
            } else if (fetched(line) && !at.isEmpty() && !versions.contains(at)) {
                versions.add(at);
            }
        }
        offers.put(name, new Offer(candidate, versions));
        offers.remove("");
        return offers;
    }

    /** Whether a version stands there; where it comes from follows, further to the right. */
    private static boolean heads(String line) {
        return line.length() > MARGIN
                && (line.startsWith(" *** ") || line.startsWith("     "))
                && line.charAt(MARGIN) != ' ';
    }

    private static boolean fetched(String line) {
        return line.startsWith("      ") && !line.endsWith(" /var/lib/dpkg/status");
    }

    /** @param text a version and its priority */
    private static String version(String text) {
        String[] words = text.split(" ", -1);
        boolean forbidden = words.length > 1 && words[1].startsWith("-");
        return !forbidden && DebianVersion.allowed(words[0]) ? words[0] : "";
    }
}
