package io.redfleet.provisioner.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What verify.sh found of one instance.
 *
 * @param pid 0: it does not run
 * @param openFiles soft and hard limit of open files, with a blank between; empty: they could not be read
 * @param modes of its directories and files, by name; {@code .} is its own directory
 * @param users by name: {@code on} or {@code off}, and {@code nopass} after a blank for one that needs no password; empty: it
 *     was not asked, or did not say
 * @param knows what a Sentinel knows, each as {@code address port}, by kind: {@code replica} and {@code sentinel}; a kind that
 *     it was not asked for, or did not say, is missing
 * @param conf the lines of a Sentinel's file that say who may reach it, and how, by their first word
 * @param log whether its log was read from its last start on
 * @param logged the lines of trouble in it, by kind
 */
public record Evidence(
        long pid,
        String openFiles,
        Map<String, Mode> modes,
        Map<String, String> users,
        Map<String, Set<String>> knows,
        Map<String, String> conf,
        Log log,
        Map<String, Logged> logged) {
    static final Evidence NONE = new Evidence(0, "", Map.of(), Map.of(), Map.of(), Map.of(), Log.NONE, Map.of());

    public Evidence {
        modes = Map.copyOf(modes);
        users = Map.copyOf(users);
        Map<String, Set<String>> copies = new HashMap<>();
        knows.forEach((kind, known) -> copies.put(kind, Set.copyOf(known)));
        knows = Map.copyOf(copies);
        conf = Map.copyOf(conf);
        logged = Map.copyOf(logged);
    }

    /** How much of a log was read. */
    public enum Log {
        /** From the last start on. */
        WHOLE,
        /** The start lies further back than what was read. */
        CUT,
        /** It could not be read. */
        NONE
    }

    /**
     * Who may do what with a file.
     *
     * @param bits in octal, as {@code 700}
     */
    public record Mode(String bits, String owner) {
        /** The bits of group and others are none. */
        boolean closed() {
            return bits.endsWith("00");
        }
    }

    /**
     * Lines of one kind in a log.
     *
     * @param last the last of them, cut and without control characters
     */
    public record Logged(int times, String last) {}

    /** Names in the order of the alphabet. */
    List<String> usersThatAreOn() {
        return users.entrySet().stream()
                .filter(user -> user.getValue().startsWith("on"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
