package io.redfleet.local.demo;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with {@code ${words}} to fill in. */
final class Template {
    private static final Pattern WORD = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9.]*)}");

    private Template() {}

    /** @throws IllegalArgumentException if the text asks for a word that nobody knows, or a value could leave its place */
    static String fill(String text, Map<String, String> words) {
        return WORD.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(words, match.group(1))));
    }

    private static String value(Map<String, String> words, String word) {
        String value = words.get(word);
        if (value == null) {
            throw new IllegalArgumentException("the template asks for an unknown word: " + word);
        }
        if (value.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\' || c == '#' || c == 127)) {
            throw new IllegalArgumentException("the value of " + word + " cannot stand in YAML as it is");
        }
        return value;
    }
}
