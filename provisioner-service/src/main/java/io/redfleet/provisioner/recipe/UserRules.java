package io.redfleet.provisioner.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules of one user come to. Redis 6.2 and 7.0 do not print the rules that they were given, but others with the same
 * effect; later ones and Valkey print those that are left of them. So rules are compared by their effect: categories, and commands
 * that have subcommands, are taken apart into commands as the instance itself lists them.
 *
 * @param passwords their hashes; {@code nopass}: none is asked for
 * @param root what the user may do by itself
 * @param selectors what it may do beside, each alone
 * @param odd rules that no user of ours has
 * @param known whether every category that is named is listed: else nothing is known of the rights
 */
record UserRules(boolean on, Set<String> passwords, Part root, Set<Part> selectors, Set<String> odd, boolean known) {
    /** Harmless, and left out by 7.0 where it prints a command with all of its subcommands. */
    private static final String HELP = "|help";

    /** Each command is in one of the two. */
    private static final List<String> EVERYTHING = List.of("fast", "slow");

    record Part(Set<String> keys, Set<String> channels, Set<String> commands) {}

    /** @param line {@code user NAME RULES}, as in users.acl and in ACL LIST */
    static UserRules of(String line, Map<String, Set<String>> categories) {
        String[] words = line.split(" ", 3);
        Reading reading = new Reading(categories);
        if (words.length > 2) {
            for (String word : words[2].split(" ", -1)) {
                reading.word(word);
            }
        }
        return reading.end();
    }

    boolean sameRights(UserRules other) {
        return root.equals(other.root) && selectors.equals(other.selectors) && odd.equals(other.odd);
    }

    /** Of a user or of a selector, while it is read. */
    private static final class Scope {
        private final Set<String> keys = new TreeSet<>();
        private final Set<String> channels = new TreeSet<>();
        private final Set<String> commands = new HashSet<>();

        Part end() {
            commands.removeIf(command -> command.endsWith(HELP));
            return new Part(Set.copyOf(keys), Set.copyOf(channels), Set.copyOf(commands));
        }
    }

    private static final class Reading {
        private final Map<String, Set<String>> categories;
        private final Set<String> all = new HashSet<>();
        private final Scope root = new Scope();
        private final List<Scope> selectors = new ArrayList<>();
        private final Set<String> passwords = new TreeSet<>();
        private final Set<String> odd = new TreeSet<>();
        private Scope scope = root;
        private boolean on;
        private boolean known;

        Reading(Map<String, Set<String>> categories) {
            this.categories = categories;
            categories.values().forEach(all::addAll);
            this.known = categories.keySet().containsAll(EVERYTHING);
        }

        void word(String word) {
            String rule = word;
            if (rule.startsWith("(")) {
                scope = new Scope();
                selectors.add(scope);
                rule = rule.substring(1);
            }
            boolean last = scope != root && rule.endsWith(")");
            rule(last ? rule.substring(0, rule.length() - 1) : rule);
            if (last) {
                scope = root;
            }
        }

        private void rule(String rule) {
            switch (rule) {
                case "", "sanitize-payload", "alldbs" -> {
                    // What everybody has who has nothing else.
                }
                case "on" -> on = true;
                case "off" -> on = false;
                case "nopass" -> passwords.add(rule);
                case "resetpass" -> passwords.clear();
                case "resetkeys" -> scope.keys.clear();
                case "resetchannels" -> scope.channels.clear();
                case "allkeys" -> scope.keys.add("~*");
                case "allchannels" -> scope.channels.add("&*");
                case "allcommands" -> command("+@all");
                case "nocommands" -> command("-@all");
                default -> named(rule);
            }
        }

        private void named(String rule) {
            switch (rule.charAt(0)) {
                case '#' -> passwords.add(rule);
                case '~', '%' -> scope.keys.add(rule);
                case '&' -> scope.channels.add(rule);
                case '+', '-' -> command(rule.toLowerCase(Locale.ROOT));
                default -> odd.add(rule);
            }
        }

        private void command(String rule) {
            Set<String> meant = meant(rule.substring(1));
            if (rule.startsWith("+")) {
                scope.commands.addAll(meant);
            } else {
                scope.commands.removeAll(meant);
            }
        }

        private Set<String> meant(String name) {
            if (name.equals("@all")) {
                // What was allowed by name may be in no list.
                Set<String> every = new HashSet<>(all);
                every.addAll(scope.commands);
                return every;
            }
            if (name.startsWith("@")) {
                Set<String> listed = categories.get(name.substring(1));
                known &= listed != null;
                return listed == null ? new HashSet<>() : new HashSet<>(listed);
            }
            Set<String> meant = new HashSet<>(Set.of(name));
            all.stream().filter(command -> command.startsWith(name + "|")).forEach(meant::add);
            scope.commands.stream()
                    .filter(command -> command.startsWith(name + "|"))
                    .forEach(meant::add);
            return meant;
        }

        UserRules end() {
            Set<Part> beside = new HashSet<>();
            selectors.forEach(selector -> beside.add(selector.end()));
            return new UserRules(on, Set.copyOf(passwords), root.end(), Set.copyOf(beside), Set.copyOf(odd), known);
        }
    }
}
