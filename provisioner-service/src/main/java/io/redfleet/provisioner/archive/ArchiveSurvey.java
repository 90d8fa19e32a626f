package io.redfleet.provisioner.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found on one host of versions that archives brought. Asked only for a cluster whose Redis comes out of one.
 *
 * @param trees by version
 */
public record ArchiveSurvey(Map<String, Tree> trees) {
    /** Of a host that nobody asked, or that has none. */
    public static final ArchiveSurvey NONE = new ArchiveSurvey(Map.of());

    private static final String TREE = "archive.tree=";
    private static final String USER = "archive.user=";
    private static final String SOURCE = "archive.source=";

    public ArchiveSurvey {
        trees = Map.copyOf(trees);
    }

    /**
     * A directory under a version's name.
     *
     * @param ours whether it bears our mark
     * @param sha256 of the archive that it came out of, by the mark; empty: it is not ours
     * @param whole whether its server is the one that was unpacked
     * @param clusters who uses it, by the mark: names by uid
     * @param origin the word of what that archive was built of ({@link Origin}), by the mark; empty: nothing is known of that
     */
    public record Tree(boolean ours, String sha256, boolean whole, Map<String, String> clusters, String origin) {
        public Tree {
            clusters = Map.copyOf(clusters);
        }

        /** Of an archive of which no more is known. */
        public Tree(boolean ours, String sha256, boolean whole, Map<String, String> clusters) {
            this(ours, sha256, whole, clusters, "");
        }

        private Tree used(String uid, String name) {
            Map<String, String> all = new LinkedHashMap<>(clusters);
            all.put(uid, name);
            return new Tree(ours, sha256, whole, all, origin);
        }

        private Tree builtOf(String word) {
            return new Tree(ours, sha256, whole, clusters, word);
        }
    }

    /** What archives.sh printed, among other lines. A line of another form says nothing. */
    public static ArchiveSurvey read(String text) {
        Map<String, Tree> trees = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(TREE)) {
                String[] words = line.substring(TREE.length()).split(" ", -1);
                if (words.length == 4) {
                    boolean ours = words[1].equals("ours");
                    trees.put(words[0], new Tree(ours, ours ? words[2] : "", words[3].equals("whole"), Map.of()));
                }
            } else if (line.startsWith(USER)) {
                String[] words = line.substring(USER.length()).split(" ", -1);
                if (words.length == 3) {
                    trees.computeIfPresent(words[0], (version, tree) -> tree.used(words[1], words[2]));
                }
            } else if (line.startsWith(SOURCE)) {
                String[] words = line.substring(SOURCE.length()).split(" ", -1);
                if (words.length == 2) {
                    trees.computeIfPresent(words[0], (version, tree) -> tree.builtOf(words[1]));
                }
            }
        }
        return new ArchiveSurvey(trees);
    }
}
