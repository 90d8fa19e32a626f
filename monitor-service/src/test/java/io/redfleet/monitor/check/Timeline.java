package io.redfleet.monitor.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What real Monit saw, did and told in one scenario: the rows of {@code monit-timelines.tsv}, cycle by cycle. */
record Timeline(String scenario, List<Cycle> cycles) {
    /**
     * @param what it saw of a service, did to it, or was asked for
     * @param event what it told with that, or empty
     */
    record Row(String cycle, String service, String what, String event) {
        /** Seen, and not done. */
        boolean isSeen() {
            return what.matches(
                    "(present|absent|paused|connected|not connected|status|limit|held|skipped|pid|same pid|zombie|no zombie|exec cleared)"
                            + ".*");
        }

        boolean beginsAJudgment() {
            return what.matches("(present|absent|status|limit|held|skipped|connected|not connected).*");
        }
    }

    /** @param rows by service */
    record Cycle(String number, Map<String, List<Row>> rows) {
        /** Also of a cycle in which nothing was said. */
        static Cycle of(List<Row> rows, String number) {
            return rows.isEmpty() ? new Cycle(number, Map.of()) : of(rows);
        }

        static Cycle of(List<Row> rows) {
            Map<String, List<Row>> byService = new LinkedHashMap<>();
            rows.forEach(row -> byService
                    .computeIfAbsent(row.service(), name -> new ArrayList<>())
                    .add(row));
            return new Cycle(rows.getFirst().cycle(), byService);
        }
    }

    static List<Timeline> all() {
        Map<String, List<Row>> scenarios = new LinkedHashMap<>();
        for (String line : lines()) {
            String[] field = line.split("\t", -1);
            Row row = new Row(field[1], field[3], field[4], field.length > 5 ? field[5] : "");
            scenarios.computeIfAbsent(field[0], name -> new ArrayList<>()).add(row);
        }
        return scenarios.entrySet().stream()
                .map(scenario -> new Timeline(scenario.getKey(), cycles(scenario.getValue())))
                .toList();
    }

    private static List<Cycle> cycles(List<Row> rows) {
        List<Cycle> cycles = new ArrayList<>();
        List<Row> open = new ArrayList<>();
        Set<String> judged = new LinkedHashSet<>();
        for (Row row : rows) {
            boolean next = !open.isEmpty() && !open.getLast().cycle().equals(row.cycle());
            // Where cycles were not numbered, a service that is judged again begins the next one.
            boolean again = row.cycle().equals("0") && row.beginsAJudgment() && judged.contains(row.service());
            if (next || again) {
                cycles.add(Cycle.of(open));
                open = new ArrayList<>();
                judged.clear();
            }
            open.add(row);
            if (row.beginsAJudgment()) {
                judged.add(row.service());
            }
        }
        cycles.add(Cycle.of(open));
        return cycles;
    }

    private static List<String> lines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Timeline.class.getResourceAsStream("monit-timelines.tsv")),
                StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return scenario;
    }
}
