package io.redfleet.provisioner.edge;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the plan of a removal said would stay on one host, to be held against what differs there ({@link HostState}). What is
 * below a path that it names is named too.
 *
 * @param paths in which ? stands for any one character
 * @param packages of which dpkg keeps something
 * @param user whether the user redis stays
 */
record Kept(List<String> paths, Set<String> packages, boolean user) {
    private static final Pattern PATH = Pattern.compile("(?<=^| )/[A-Za-z0-9._?/@+-]*[A-Za-z0-9?]");
    private static final Pattern FILE = Pattern.compile("(?:file|content of) (/.*?)(?:: .* -> .*)?");
    private static final Pattern PACKAGE = Pattern.compile("of the package (\\S+), which goes, dpkg keeps ");
    /** Where a user is written down, with what was there before. */
    private static final Pattern ACCOUNTS = Pattern.compile("/etc/((passwd|group|shadow|gshadow)-?|\\.pwd\\.lock)");
    /** What is written anew with each package that goes: nothing but this may be another or gone. */
    private static final Pattern LEDGERS =
            Pattern.compile("/var/lib/(apt|dpkg)(/.*)?|/var/log/(apt|dpkg\\.log)(/.*)?|/etc/ld\\.so\\.cache");

    /** @param notes of the plan, each after the name of its host */
    static Kept of(List<String> notes, String host) {
        List<String> paths = new ArrayList<>();
        Set<String> packages = new HashSet<>();
        boolean user = false;
        for (String note : notes) {
            if (note.startsWith(host + ": ")) {
                String said = note.substring(host.length() + 2);
                PATH.matcher(said).results().forEach(found -> paths.add(found.group()));
                PACKAGE.matcher(said).results().forEach(found -> packages.add(found.group(1)));
                user |= said.startsWith("the user redis stays");
            }
        }
        return new Kept(List.copyOf(paths), Set.copyOf(packages), user);
    }

    /** @param difference a line of {@link HostState#difference} */
    boolean covers(String difference) {
        String change = difference.substring(0, 1);
        String thing = difference.substring(2);
        if (thing.startsWith("file ") || thing.startsWith("content of ")) {
            Matcher path = FILE.matcher(thing);
            return path.matches() && covers(change, path.group(1));
        }
        if (!change.equals("+")) {
            return false;
        }
        return thing.startsWith("package ")
                ? packages.contains(thing.substring("package ".length()))
                : user && Set.of("user redis", "group redis").contains(thing);
    }

    private boolean covers(String change, String path) {
        if (user && ACCOUNTS.matcher(path).matches() && !change.equals("-")) {
            return true;
        }
        boolean named = paths.stream().anyMatch(kept -> below(kept, path));
        return named && (change.equals("+") || LEDGERS.matcher(path).matches());
    }

    private static boolean below(String kept, String path) {
        for (Path at = Path.of(path); at != null; at = at.getParent()) {
            if (FileSystems.getDefault().getPathMatcher("glob:" + kept).matches(at)) {
                return true;
            }
        }
        return false;
    }
}
