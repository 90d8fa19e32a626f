package io.redfleet.monitrc;

import io.redfleet.monitrc.grammar.MonitParser.CheckContext;
import io.redfleet.monitrc.grammar.MonitParser.CheckOtherContext;
import io.redfleet.monitrc.grammar.MonitParser.FileContext;
import io.redfleet.monitrc.grammar.MonitParser.IncludeContext;
import io.redfleet.monitrc.grammar.MonitParser.SetDaemonContext;
import io.redfleet.monitrc.grammar.MonitParser.SetHttpdContext;
import io.redfleet.monitrc.grammar.MonitParser.SetOtherContext;
import io.redfleet.monitrc.grammar.MonitParser.StatementContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.antlr.v4.runtime.Token;

/** One file, from its parse tree. Used once. */
final class FileReader {
    private static final int DAY_SECONDS = 86_400;

    private final Faults faults;
    private final List<Remark> remarks = new ArrayList<>();
    private final Map<String, Check> checks = new LinkedHashMap<>();
    private final Map<String, Token> begins = new HashMap<>();
    private Duration cycle = Duration.ZERO;

    FileReader(Faults faults) {
        this.faults = faults;
    }

    Reading read(FileContext tree) {
        tree.statement().forEach(this::statement);
        Dependencies.faults(checks).forEach((name, what) -> faults.add(Objects.requireNonNull(begins.get(name)), what));
        return new Reading(new ControlFile(cycle, List.copyOf(checks.values())), faults.all(), remarks);
    }

    private void statement(StatementContext statement) {
        switch (statement) {
            case SetDaemonContext daemon -> daemon(daemon);
            case SetHttpdContext httpd ->
                remarks.add(Remark.at(
                        httpd.start,
                        "set httpd is not needed: status and commands go through Redfleet's gateway, with its tokens"));
            case SetOtherContext other -> setting(other);
            case IncludeContext include ->
                faults.add(include.start, "include is not followed", "give each file, or all in one");
            case CheckOtherContext other -> {
                Token word = other.WORD().getSymbol();
                faults.add(word, "check " + word.getText() + " is not watched", Elsewhere.CHECKS);
            }
            case CheckContext check -> check(check);
            default -> throw new IllegalStateException("a statement without a reader: " + statement.getText());
        }
    }

    private void daemon(SetDaemonContext daemon) {
        cycle = Duration.ofSeconds(Values.within(faults, daemon.INT(0).getSymbol(), 1, DAY_SECONDS, "set daemon"));
        if (daemon.START() != null) {
            remarks.add(Remark.at(
                    daemon.start, "the start delay is not needed: nothing is judged before it has been seen"));
        }
    }

    private void setting(SetOtherContext other) {
        Token what = other.what;
        String name = what.getText().toLowerCase(Locale.ROOT);
        if (Elsewhere.ofMonitItself(name)) {
            remarks.add(Remark.at(what, "set " + name + " is not needed: it is about Monit's own process"));
        } else {
            faults.add(what, "set " + name + " is not done", Elsewhere.setting(name));
        }
    }

    private void check(CheckContext tree) {
        Check check = new CheckReader(faults, remarks).read(tree);
        Check first = checks.putIfAbsent(check.name(), check);
        begins.putIfAbsent(check.name(), tree.start);
        if (first != null) {
            faults.add(
                    tree.start,
                    "service name conflict: " + check.name() + " is already checked in line " + first.line());
        }
    }
}
