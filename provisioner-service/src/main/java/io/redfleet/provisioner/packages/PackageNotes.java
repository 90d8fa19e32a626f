package io.redfleet.provisioner.packages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Redfleet noted on a host before it touched its packages.
 *
 * @param strange whether there is a file in their place that Redfleet did not make
 * @param pending whether an installation was begun and not finished
 * @param clusters who uses the packages: names by uid
 * @param packages Redis's own, as they were before
 * @param brought what came with them, with the version that came
 */
public record PackageNotes(
        boolean strange,
        boolean pending,
        Map<String, String> clusters,
        Map<String, Before> packages,
        Map<String, String> brought) {
    /** Of a host on which Redfleet has touched no package. */
    static final PackageNotes NONE = new PackageNotes(false, false, Map.of(), Map.of(), Map.of());

    /** Where they lie. The scripts know it too. */
    public static final String PATH = "/var/lib/redfleet-host/packages";

    /** Those of Monit's package: whoever uses Redis's may have no use for it. The scripts know it too. */
    public static final String MONIT = "/var/lib/redfleet-host/monit";

    /** Their first line, and that of the file for needrestart. The scripts know it too. */
    static final String MARK = "# redfleet-packages";

    public PackageNotes {
        clusters = Map.copyOf(clusters);
        packages = Map.copyOf(packages);
        brought = Map.copyOf(brought);
    }

    /**
     * How a package was.
     *
     * @param version empty: it was not installed
     * @param held whether it was held
     * @param put the version that was asked for then
     */
    public record Before(String version, boolean held, String put) {}

    /** @param lines all of the file */
    static PackageNotes read(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals(MARK)) {
            return new PackageNotes(true, false, Map.of(), Map.of(), Map.of());
        }
        boolean pending = false;
        Map<String, String> clusters = new LinkedHashMap<>();
        Map<String, Before> packages = new LinkedHashMap<>();
        Map<String, String> brought = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("pending")) {
                pending = true;
            } else if (words[0].equals("cluster") && words.length == 3) {
                clusters.put(words[1], words[2]);
            } else if (words[0].equals("package") && words.length == 5) {
                String version = words[2].equals("-") ? "" : words[2];
                packages.put(words[1], new Before(version, words[3].equals("held"), words[4]));
            } else if (words[0].equals("brought") && words.length == 3) {
                brought.put(words[1], words[2]);
            }
        }
        return new PackageNotes(false, pending, clusters, packages, brought);
    }
}
