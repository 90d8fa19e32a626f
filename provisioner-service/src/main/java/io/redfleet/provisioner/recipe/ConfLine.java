package io.redfleet.provisioner.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One directive of a configuration file as Redis reads it (sds.c, sdssplitargs).
 *
 * @param name lower case, and by the name that Redis writes: no {@code slave}
 * @param words what follows it, without quotes
 * @param readable whether Redis can read it; if not, its quotes do not match and a start ends there
 */
record ConfLine(String name, List<String> words, boolean readable) {
    private static final Map<Character, Character> ESCAPED =
            Map.of('n', '\n', 'r', '\r', 't', '\t', 'b', '\b', 'a', '\007');

    ConfLine {
        words = List.copyOf(words);
    }

    static ConfLine of(String line) {
        List<String> words = new ArrayList<>();
        boolean readable = split(line, words);
        if (!readable || words.isEmpty()) {
            return new ConfLine("", List.of(), false);
        }
        return new ConfLine(known(words.getFirst()), words.subList(1, words.size()), true);
    }

    /** The words with a blank between them; an empty one alone is nothing. */
    String value() {
        return String.join(" ", words);
    }

    /** The one name of a directive that has several. */
    static String known(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("slave", "replica");
        return switch (plain) {
            case "primaryauth" -> "masterauth";
            case "primaryuser" -> "masteruser";
            default -> plain;
        };
    }

    /** @return whether the quotes match */
    private static boolean split(String line, List<String> words) {
        int at = 0;
        while (at < line.length()) {
            if (blank(line.charAt(at))) {
                at++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            at = word(line, at, word);
            if (at < 0) {
                return false;
            }
            words.add(word.toString());
        }
        return true;
    }

    /** @return where the word ends; below 0: nowhere */
    private static int word(String line, int from, StringBuilder word) {
        int at = from;
        while (at < line.length() && !blank(line.charAt(at))) {
            char next = line.charAt(at);
            if (next != '"' && next != '\'') {
                word.append(next);
                at++;
                continue;
            }
            at = quoted(line, at, word);
            // What is quoted ends its word.
            return at >= 0 && at < line.length() && !blank(line.charAt(at)) ? -1 : at;
        }
        return at;
    }

    /** @return where what is quoted ends; below 0: nowhere */
    private static int quoted(String line, int from, StringBuilder word) {
        char quote = line.charAt(from);
        int at = from + 1;
        while (at < line.length() && line.charAt(at) != quote) {
            boolean escapes = line.charAt(at) == '\\' && at + 1 < line.length();
            if (escapes && quote == '"') {
                at = escaped(line, at + 1, word);
            } else if (escapes && line.charAt(at + 1) == '\'') {
                word.append('\'');
                at += 2;
            } else {
                word.append(line.charAt(at));
                at++;
            }
        }
        return at < line.length() ? at + 1 : -1;
    }

    /** @return where what is escaped ends */
    private static int escaped(String line, int at, StringBuilder word) {
        char letter = line.charAt(at);
        if (letter == 'x' && line.length() > at + 2) {
            int high = Character.digit(line.charAt(at + 1), 16);
            int low = Character.digit(line.charAt(at + 2), 16);
            if (high >= 0 && low >= 0) {
                word.append((char) (high * 16 + low));
                return at + 3;
            }
        }
        Character plain = ESCAPED.get(letter);
        word.append(plain == null ? letter : plain);
        return at + 1;
    }

    private static boolean blank(char letter) {
        return letter == ' ' || letter == '\t';
    }
}
