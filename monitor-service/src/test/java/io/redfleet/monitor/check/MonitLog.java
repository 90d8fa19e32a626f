package io.redfleet.monitor.check;

import io.redfleet.monitor.check.Timeline.Row;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of {@code monit -v} as rows of a timeline. */
final class MonitLog {
    private static final Pattern LINE = Pattern.compile("\\[[^]]*\\] (\\w+) +: '([^']+)' (.*)");

    /**
     * @param text what the line must contain
     * @param what as the row says it
     * @param event told where the line has one of the levels; empty: never
     */
    private record Kind(String text, String what, String event, String levels) {
        static Kind seen(String text, String what, String event, String levels) {
            return new Kind(text, what, event, levels);
        }

        static Kind done(String text, String what) {
            return new Kind(text, what, "", "");
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.seen("process is running after previous exec", "exec cleared", "Exec/succeeded", "info"),
            Kind.seen("process is running after previous restart", "exec cleared", "Timeout/succeeded", "info"),
            Kind.seen("process is running with pid", "present 1", "NonExist/succeeded", "info"),
            Kind.seen("process is not running", "absent", "NonExist/failed", "error"),
            Kind.seen("is a zombie", "zombie", "Data/failed", "error"),
            Kind.seen("zombie check succeeded", "no zombie", "Data/succeeded", "info"),
            Kind.seen("process PID changed from", "pid", "Pid/changed", "error"),
            Kind.seen("process PID has not changed", "same pid", "Pid/succeeded", "info"),
            Kind.seen("failed protocol test", "not connected: ", "Connection/failed", "error"),
            Kind.seen("connection succeeded to", "connected", "Connection/succeeded", "info"),
            Kind.seen("service restarted ", "limit", "Timeout/failed", "error"),
            Kind.done("trying to restart", "restart"),
            Kind.done("monitoring disabled", "unmonitor"),
            Kind.seen("failed to start", "start failed", "Exec/failed", "error"),
            Kind.seen("failed to stop", "stop failed", "Exec/failed", "error"));

    private MonitLog() {}

    /** Which service a line is about. */
    static Optional<String> service(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
    }

    /** Why the service of the line is not judged; empty for a line that says something else. */
    static Optional<String> waiting(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() && matcher.group(3).startsWith("test skipped as required service")
                ? Optional.of(matcher.group(3).strip())
                : Optional.empty();
    }

    /** Empty for a line that says nothing of what was seen, done or told. */
    static Optional<Row> row(String cycle, String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String level = matcher.group(1);
        String service = matcher.group(2);
        String text = matcher.group(3);
        if (text.equals("started") || text.equals("stopped")) {
            String event = level.equals("info") ? "Exec/succeeded" : "";
            return Optional.of(
                    new Row(cycle, service, text.equals("started") ? "start succeeded" : "stop succeeded", event));
        }
        return KINDS.stream()
                .filter(kind -> text.contains(kind.text()))
                .findFirst()
                .map(kind -> new Row(cycle, service, kind.what(), level.equals(kind.levels()) ? kind.event() : ""));
    }
}
