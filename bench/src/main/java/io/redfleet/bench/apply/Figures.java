package io.redfleet.bench.apply;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured of both sides, by quantity, in the order in which it came. Single-threaded. */
final class Figures {
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    void add(String quantity, Side side, double value) {
        add(quantity, side.name(), value);
    }

    void add(String quantity, String side, double value) {
        figures.computeIfAbsent(quantity, key -> new LinkedHashMap<>())
                .computeIfAbsent(side, key -> new ArrayList<>())
                .add(value);
    }

    /** A line for each quantity: both medians with least and greatest, and theirs divided by ours. */
    List<String> lines(String ours, String theirs) {
        List<String> lines = new ArrayList<>();
        figures.forEach((quantity, sides) -> {
            List<Double> one = sides.getOrDefault(ours, List.of());
            List<Double> other = sides.getOrDefault(theirs, List.of());
            OptionalDouble times = ratio(quantity, ours, theirs);
            String ratio =
                    times.isEmpty() ? "no ratio" : String.format(Locale.ROOT, "%.2f times ours", times.orElseThrow());
            lines.add(String.format(
                    Locale.ROOT, "%-46s %s %s  %s %s  %s", quantity, ours, shown(one), theirs, shown(other), ratio));
        });
        return lines;
    }

    /** Their median divided by ours; empty while one of the two has none. */
    OptionalDouble ratio(String quantity, String ours, String theirs) {
        Map<String, List<Double>> sides = figures.getOrDefault(quantity, Map.of());
        List<Double> one = sides.getOrDefault(ours, List.of());
        List<Double> other = sides.getOrDefault(theirs, List.of());
        return one.isEmpty() || other.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(median(other) / median(one));
    }

    /** The one in the middle, or the mean of the two there. */
    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String shown(List<Double> values) {
        return values.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f to %.2f, n=%d)",
                        median(values),
                        Collections.min(values),
                        Collections.max(values),
                        values.size());
    }
}
