package io.redfleet.provisioner.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The users of an instance, held against those that it should have. */
public final class UsersDiff {
    private static final String HASH = "#[0-9a-f]{64}";

    /** What stands for a hash that was found to be the wanted one. */
    private static final String SAME = "#same";

    private UsersDiff() {}

    /**
     * What differs, in words, by user in the order of the file; nothing of one that is as it should be, or that nobody wants.
     *
     * @param wanted a users.acl of {@link UsersFile}
     * @param found the rules of each user, with {@code #same} for the password that it should have
     * @param categories commands by category. Where one is missing rights are not compared
     */
    public static Map<String, List<String>> of(
            String wanted, Map<String, String> found, Map<String, Set<String>> categories) {
        Map<String, List<String>> differ = new LinkedHashMap<>();
        lines(wanted).forEach((name, line) -> {
            String there = found.get(name);
            List<String> words = there == null
                    ? List.of("is missing")
                    : between(UserRules.of(line.replaceAll(HASH, SAME), categories), UserRules.of(there, categories));
            if (!words.isEmpty()) {
                differ.put(name, words);
            }
        });
        return differ;
    }

    /** The users that are there, and that nobody of ours has made. */
    public static Set<String> beside(String wanted, Map<String, String> found) {
        Set<String> beside = new TreeSet<>(found.keySet());
        beside.removeAll(lines(wanted).keySet());
        return beside;
    }

    /** The lines of a users.acl, by user, in its order. */
    public static Map<String, String> lines(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().filter(line -> line.startsWith("user ")).forEach(line -> lines.put(line.split(" ", 3)[1], line));
        return lines;
    }

    private static List<String> between(UserRules wanted, UserRules found) {
        List<String> words = new ArrayList<>();
        if (wanted.on() != found.on()) {
            words.add(found.on() ? "is on" : "is off");
        }
        if (!wanted.passwords().equals(found.passwords())) {
            words.add(found.passwords().contains("nopass") ? "needs no password" : "has another password");
        }
        if (wanted.known() && found.known() && !wanted.sameRights(found)) {
            words.add("has other rights");
        }
        return words;
    }
}
