package io.redfleet.monitrc;

import java.math.BigDecimal;
import java.time.Duration;

/** A control file in the words that Monit's manual uses. */
final class FileWriter {
    /** Of Debian's monitrc. */
    private static final Duration CYCLE = Duration.ofMinutes(2);

    private final ControlFile file;
    private final boolean durations;
    private final StringBuilder out = new StringBuilder();

    /** @param durations whether who reads it knows them; Monit counts in cycles only */
    FileWriter(ControlFile file, boolean durations) {
        this.file = file;
        this.durations = durations;
    }

    String write() {
        if (!file.cycle().isZero()) {
            line("set daemon " + file.cycle().toSeconds());
        }
        file.checks().forEach(this::check);
        return out.toString();
    }

    private void check(Check check) {
        if (!out.isEmpty()) {
            out.append('\n');
        }
        line("check " + check.target().word() + " " + quoted(check.name()) + of(check.target()));
        program("start", check.programs().start());
        program("stop", check.programs().stop());
        program("restart", check.programs().restart());
        check.groups().forEach(group -> line("  group " + quoted(group)));
        check.dependsOn().forEach(parent -> line("  depends on " + quoted(parent)));
        if (check.mode() == Check.Mode.PASSIVE) {
            line("  mode passive");
        }
        if (check.every() > 1) {
            line("  every " + check.every() + " cycles");
        }
        check.rules().forEach(this::rule);
        for (RestartLimit limit : check.limits()) {
            line("  if " + limit.restarts() + " restarts within " + limit.cycles() + " cycles then "
                    + action(limit.action()));
        }
    }

    private static String of(Target target) {
        return switch (target) {
            case Target.Pidfile pidfile -> " with pidfile " + quoted(pidfile.path());
            case Target.Matching matching -> " matching " + quoted(matching.pattern());
            case Target.Host host -> " with address " + quoted(host.address());
            case Target.Machine machine -> "";
            case Target.Filesystem filesystem -> " with path " + quoted(filesystem.path());
            case Target.Program program ->
                " with path " + quoted(program.command().line())
                        + timeout(program.command().timeout());
        };
    }

    private void program(String verb, Command command) {
        if (command.isPresent()) {
            String timeout = command.timeout().equals(Command.SERVICE_TIMEOUT) ? "" : timeout(command.timeout());
            line("  " + verb + " program = " + quoted(command.line()) + timeout);
        }
    }

    String words(Rule rule) {
        return test(rule.test()) + tolerance(rule.failed());
    }

    private void rule(Rule rule) {
        String recovered = rule.recovered().equals(Tolerance.AT_ONCE) && rule.otherwise() instanceof Action.Alert
                ? ""
                : " else if succeeded" + tolerance(rule.recovered()) + " then " + action(rule.otherwise());
        line("  if " + words(rule) + " then " + action(rule.then()) + recovered);
    }

    private static String test(Test test) {
        return switch (test) {
            case Test.Absent absent -> "does not exist";
            case Test.Present present -> "exist";
            case Test.Connection connection -> connection(connection);
            case Test.Ping ping -> "failed ping count " + ping.count() + timeout(ping.timeout());
            case Test.PidChanged changed -> "changed pid";
            case Test.ParentChanged changed -> "changed ppid";
            case Test.Uptime uptime ->
                "uptime " + uptime.comparison().sign() + " " + uptime.limit().toSeconds() + " seconds";
            case Test.Resource resource ->
                resource.metric().word() + " " + resource.comparison().sign() + " "
                        + amount(resource.limit(), resource.unit());
            case Test.Status status -> "status " + status.comparison().sign() + " " + status.limit();
        };
    }

    private static String connection(Test.Connection connection) {
        StringBuilder text = new StringBuilder("failed");
        if (!connection.host().isEmpty()) {
            text.append(" host ").append(quoted(connection.host()));
        }
        text.append(" port ").append(connection.port());
        switch (connection.protocol()) {
            case Test.Protocol.None none -> {}
            case Test.Protocol.Redis redis -> text.append(" protocol redis");
            case Test.Protocol.Dialogue dialogue -> {
                for (Test.Line line : dialogue.lines()) {
                    text.append(line.sent() ? " send " : " expect ").append(quoted(line.pattern()));
                }
            }
        }
        if (!connection.timeout().equals(Test.Connection.TIMEOUT)) {
            text.append(timeout(connection.timeout()));
        }
        return connection.tries() == 1 ? text.toString() : text + " retry " + connection.tries();
    }

    private String tolerance(Tolerance tolerance) {
        if (tolerance.isDuration()) {
            return durations
                    ? " for " + tolerance.lasting().toMillis() + " ms"
                    : " for " + cycles(tolerance.lasting()) + " cycles";
        }
        if (tolerance.equals(Tolerance.AT_ONCE)) {
            return "";
        }
        return tolerance.count() == tolerance.cycles()
                ? " for " + tolerance.cycles() + " cycles"
                : " for " + tolerance.count() + " times within " + tolerance.cycles() + " cycles";
    }

    private long cycles(Duration lasting) {
        long cycle = (file.cycle().isZero() ? CYCLE : file.cycle()).toMillis();
        return Math.clamp((lasting.toMillis() + cycle - 1) / cycle, 1, Tolerance.CYCLES_MAX);
    }

    private static String action(Action action) {
        return switch (action) {
            case Action.Exec exec ->
                "exec " + quoted(exec.command().line())
                        + (exec.repeat() == 0 ? "" : " repeat every " + exec.repeat() + " cycles");
            default -> action.word();
        };
    }

    private static String timeout(Duration timeout) {
        return " with timeout " + timeout.toSeconds() + " seconds";
    }

    private static String amount(double limit, Unit unit) {
        String number = BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
        return switch (unit) {
            case PLAIN -> number;
            case PERCENT -> number + "%";
            case BYTES -> number + " B";
        };
    }

    /** In whichever quotes it does not hold itself; the reader takes no text with both. */
    private static String quoted(String text) {
        String quote = text.indexOf('"') < 0 ? "\"" : "'";
        if (text.contains(quote) || text.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new IllegalArgumentException("cannot stand in a control file: " + text);
        }
        return quote + text + quote;
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
