package io.redfleet.provisioner.desired;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of a document, read field by field. What is absent gives the default, what is wrong gives the default too
 * and a broken rule; what was never asked for is an unknown key, found by {@link #end}.
 */
final class Fields {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final Broken broken;
    private final String path;
    private final Map<?, ?> values;
    private final Set<String> asked = new TreeSet<>();

    private Fields(Broken broken, String path, Map<?, ?> values) {
        this.broken = broken;
        this.path = path;
        this.values = values;
    }

    static Fields of(Broken broken, String path, @Nullable Object value) {
        if (value == null) {
            return new Fields(broken, path, Map.of());
        }
        if (value instanceof Map<?, ?> map) {
            return new Fields(broken, path, map);
        }
        broken.rule(path.isEmpty() ? "(document)" : path, value, "must be an object");
        return new Fields(broken, path, Map.of());
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    boolean isObject(String key) {
        return values.get(key) instanceof Map;
    }

    boolean isEmptyList(String key) {
        return values.get(key) instanceof List<?> list && list.isEmpty();
    }

    Broken broken() {
        return broken;
    }

    /** A string without line breaks or control characters; a number is one too, true and false are yes and no. */
    String text(String key, String otherwise) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        return plain(path(key), value, otherwise);
    }

    String text(String key, String otherwise, Pattern form, String rule) {
        String text = text(key, otherwise);
        if (!text.equals(otherwise) && !form.matcher(text).matches()) {
            broken.rule(path(key), text, rule);
            return otherwise;
        }
        return text;
    }

    /** A text of several lines, as it is written. */
    String lines(String key, int most) {
        Object value = take(key);
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text) || text.length() > most) {
            broken.rule(path(key), value, "must be a text of at most " + most + " characters");
            return "";
        }
        return text;
    }

    /** One of some words; YAML turns the bare words on and off into booleans, which count as the words. */
    String choice(String key, String otherwise, List<String> words) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        String word = value instanceof Boolean on ? (on ? "on" : "off") : String.valueOf(value);
        if (words.contains(word)) {
            return word;
        }
        broken.rule(path(key), value, "must be one of " + String.join(", ", words));
        return otherwise;
    }

    /** A word of the language that this release understands only in part. */
    void only(String key, String supported, List<String> known) {
        String word = choice(key, supported, known);
        if (!word.equals(supported)) {
            broken.rule(path(key), word, "not supported in this release, which supports only " + supported);
        }
    }

    /** A part of the language that this release does not understand at all. */
    void unsupported(String key) {
        unsupported(key, "not supported in this release");
    }

    void unsupported(String key, String why) {
        Object value = take(key);
        if (value != null) {
            broken.rule(path(key), value, why + ": leave it out");
        }
    }

    int whole(String key, int otherwise, int least, int most) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number) value).longValue() < least || ((Number) value).longValue() > most) {
            broken.rule(path(key), value, "must be a whole number from " + least + " to " + most);
            return otherwise;
        }
        return ((Number) value).intValue();
    }

    boolean yes(String key) {
        Object value = take(key);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        broken.rule(path(key), value, "must be true or false");
        return false;
    }

    Duration duration(String key, Duration otherwise, Duration least, Duration most) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(String.valueOf(value));
        if (!(value instanceof String) || !matcher.matches()) {
            broken.rule(path(key), value, "must be a duration such as 500ms, 5s or 1m");
            return otherwise;
        }
        Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            broken.rule(path(key), value, "must be from " + shown(least) + " to " + shown(most));
            return otherwise;
        }
        return duration;
    }

    Fields object(String key) {
        return of(broken, path(key), take(key));
    }

    List<Fields> objects(String key) {
        List<Fields> objects = new ArrayList<>();
        for (Item item : items(key)) {
            objects.add(of(broken, item.path, item.value));
        }
        return objects;
    }

    List<String> words(String key, List<String> allowed) {
        List<String> words = new ArrayList<>();
        for (Item item : items(key)) {
            String word = String.valueOf(item.value);
            if (allowed.contains(word)) {
                words.add(word);
            } else {
                broken.rule(item.path, word, "must be one of " + String.join(", ", allowed));
            }
        }
        return words;
    }

    /** An object whose keys are the operator's own, with values as of {@link #text}; nothing is the empty text. */
    Map<String, String> texts(String key) {
        return texts(key, (field, value) -> value == null ? "" : plain(field, value, ""));
    }

    /**
     * As {@link #texts}, but a value is the text that JSON has for it, and never nothing: the gateway has judged by these
     * very texts whether the caller may.
     */
    Map<String, String> scalars(String key) {
        return texts(key, (field, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                return String.valueOf(value);
            }
            broken.rule(field, String.valueOf(value), "must be a string, a number, true or false");
            return "";
        });
    }

    private interface Scalar {
        String of(String field, @Nullable Object value);
    }

    private Map<String, String> texts(String key, Scalar scalar) {
        Object value = take(key);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            broken.rule(path(key), value, "must be an object");
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((k, v) -> {
            String field = path(key) + "." + k;
            texts.put(plain(field, k, "?"), scalar.of(field, v));
        });
        return texts;
    }

    /** Names every key that nobody asked for, and nothing of what it holds: a misspelled password is one too. */
    void end() {
        for (Object key : values.keySet()) {
            if (!asked.contains(String.valueOf(key))) {
                broken.rule(path(String.valueOf(key)), key, "unknown key; known here: " + String.join(", ", asked));
            }
        }
    }

    record Item(String path, @Nullable Object value) {}

    List<Item> items(String key) {
        Object value = take(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            broken.rule(path(key), value, "must be a list");
            return List.of();
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            items.add(new Item(path(key) + "[" + i + "]", list.get(i)));
        }
        return items;
    }

    private @Nullable Object take(String key) {
        asked.add(key);
        return values.get(key);
    }

    private String plain(String field, Object value, String otherwise) {
        String text = switch (value) {
            case Boolean yes -> yes ? "yes" : "no";
            // 1.10 is 1.1: so are names and zones spelled that stand.
            case BigDecimal decimal -> String.valueOf(decimal.doubleValue());
            default -> String.valueOf(value);
        };
        if (value instanceof Map || value instanceof List) {
            broken.rule(field, value, "must be a string");
            return otherwise;
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            broken.rule(field, text, "must not contain line breaks or control characters");
            return otherwise;
        }
        return text;
    }

    private static Duration duration(long count, String unit) {
        return switch (Objects.requireNonNull(unit)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
