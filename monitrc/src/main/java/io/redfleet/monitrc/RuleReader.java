package io.redfleet.monitrc;

import io.redfleet.monitrc.grammar.MonitParser.AbsentContext;
import io.redfleet.monitrc.grammar.MonitParser.ActionContext;
import io.redfleet.monitrc.grammar.MonitParser.AlertContext;
import io.redfleet.monitrc.grammar.MonitParser.ChangedContext;
import io.redfleet.monitrc.grammar.MonitParser.ConditionContext;
import io.redfleet.monitrc.grammar.MonitParser.ConnectionContext;
import io.redfleet.monitrc.grammar.MonitParser.CyclesContext;
import io.redfleet.monitrc.grammar.MonitParser.ExecContext;
import io.redfleet.monitrc.grammar.MonitParser.LastingContext;
import io.redfleet.monitrc.grammar.MonitParser.OtherChangedContext;
import io.redfleet.monitrc.grammar.MonitParser.OtherFailedContext;
import io.redfleet.monitrc.grammar.MonitParser.PingContext;
import io.redfleet.monitrc.grammar.MonitParser.PresentContext;
import io.redfleet.monitrc.grammar.MonitParser.RecoveryContext;
import io.redfleet.monitrc.grammar.MonitParser.ResourceContext;
import io.redfleet.monitrc.grammar.MonitParser.RestartContext;
import io.redfleet.monitrc.grammar.MonitParser.RestartsContext;
import io.redfleet.monitrc.grammar.MonitParser.StartContext;
import io.redfleet.monitrc.grammar.MonitParser.StatusContext;
import io.redfleet.monitrc.grammar.MonitParser.StopContext;
import io.redfleet.monitrc.grammar.MonitParser.TimeoutContext;
import io.redfleet.monitrc.grammar.MonitParser.TimesWithinContext;
import io.redfleet.monitrc.grammar.MonitParser.ToleranceContext;
import io.redfleet.monitrc.grammar.MonitParser.UnmonitorContext;
import io.redfleet.monitrc.grammar.MonitParser.UptimeContext;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** The rules of one check. */
final class RuleReader {
    /** Monit's own bound of a restart limit is an int; this is a day of the shortest cycles. */
    private static final int LIMIT_MAX = 86_400;

    private static final int STATUS_MAX = 255;

    private final Faults faults;
    private final List<Remark> remarks;
    private final Target target;
    private final TestReader tests;

    RuleReader(Faults faults, List<Remark> remarks, Target target) {
        this.faults = faults;
        this.remarks = remarks;
        this.target = target;
        this.tests = new TestReader(faults, target);
    }

    /** Adds to one of both. */
    void read(ConditionContext tree, List<Rule> rules, List<RestartLimit> limits) {
        switch (tree) {
            case AbsentContext absent -> {
                of(absent.start, "does not exist", target.isProcess());
                rules.add(rule(new Test.Absent(), absent.tolerance(), absent.action(), absent.recovery()));
            }
            case PresentContext present -> {
                of(present.start, "exist", target.isProcess());
                rules.add(rule(new Test.Present(), present.tolerance(), present.action(), present.recovery()));
            }
            case ConnectionContext connection -> {
                of(connection.start, "a connection test", target.isProcess() || target instanceof Target.Host);
                Test test = tests.connection(connection.start, connection.connectionPart());
                rules.add(rule(test, connection.tolerance(), connection.action(), connection.recovery()));
            }
            case PingContext ping -> {
                of(ping.start, "ping", target instanceof Target.Host);
                rules.add(rule(tests.ping(ping.pingPart()), ping.tolerance(), ping.action(), ping.recovery()));
            }
            case ChangedContext changed -> {
                of(changed.start, "changed " + changed.what.getText(), target.isProcess());
                Test test = changed.PID() != null ? new Test.PidChanged() : new Test.ParentChanged();
                rules.add(rule(test, changed.tolerance(), changed.action(), changed.recovery()));
            }
            case UptimeContext uptime -> {
                of(uptime.start, "uptime", target.isProcess() || target instanceof Target.Machine);
                Test test = new Test.Uptime(
                        TestReader.comparison(uptime.operator()),
                        Values.time(faults, uptime.INT().getSymbol(), uptime.longUnit(), "uptime"));
                rules.add(rule(test, uptime.tolerance(), uptime.action(), uptime.recovery()));
            }
            case ResourceContext resource ->
                rules.add(rule(tests.resource(resource), resource.tolerance(), resource.action(), resource.recovery()));
            case StatusContext status -> {
                of(status.start, "status", target instanceof Target.Program);
                Test test = new Test.Status(
                        TestReader.comparison(status.operator()),
                        Values.within(faults, status.INT().getSymbol(), 0, STATUS_MAX, "status"));
                rules.add(rule(test, status.tolerance(), status.action(), status.recovery()));
            }
            case RestartsContext restarts -> limits.add(limit(restarts));
            case OtherFailedContext other ->
                faults.add(other.what, "failed " + other.what.getText() + " is not tested");
            case OtherChangedContext other ->
                faults.add(other.what, "changed " + other.what.getText() + " is not tested");
            default -> throw new IllegalStateException("a rule without a reader: " + tree.getText());
        }
    }

    private void of(Token at, String what, boolean applies) {
        if (!applies) {
            faults.add(at, what + " cannot be tested of a " + target.word());
        }
    }

    private Rule rule(
            Test test, @Nullable ToleranceContext tolerance, ActionContext then, @Nullable RecoveryContext recovery) {
        return new Rule(
                test,
                tolerance(tolerance),
                action(then),
                recovery == null ? Tolerance.AT_ONCE : tolerance(recovery.tolerance()),
                recovery == null ? new Action.Alert() : action(recovery.action()));
    }

    private RestartLimit limit(RestartsContext tree) {
        int restarts = Values.within(faults, tree.INT(0).getSymbol(), 1, LIMIT_MAX, "restarts");
        int cycles = Values.within(faults, tree.INT(1).getSymbol(), 1, LIMIT_MAX, "cycles");
        if (restarts > cycles) {
            faults.add(
                    tree.start,
                    restarts + " restarts within " + cycles + " cycles can never be: at most one is counted per cycle");
        }
        return new RestartLimit(restarts, cycles, action(tree.action()));
    }

    private Tolerance tolerance(@Nullable ToleranceContext tree) {
        return switch (tree) {
            case null -> Tolerance.AT_ONCE;
            case TimesWithinContext times -> {
                int cycles = cycles(times.INT(1).getSymbol());
                int count = cycles(times.INT(0).getSymbol());
                if (count > cycles) {
                    faults.add(times.start, count + " times within " + cycles + " cycles can never be");
                }
                yield Tolerance.within(Math.min(count, cycles), cycles);
            }
            case CyclesContext cycles ->
                Tolerance.consecutive(cycles(cycles.INT().getSymbol()));
            case LastingContext lasting ->
                Tolerance.lasting(Values.time(faults, lasting.INT().getSymbol(), lasting.timeUnit(), "the time"));
            default -> throw new IllegalStateException("a tolerance without a reader: " + tree.getText());
        };
    }

    private int cycles(Token number) {
        return Values.within(faults, number, 1, Tolerance.CYCLES_MAX, "cycles");
    }

    private Action action(ActionContext tree) {
        return switch (tree) {
            case AlertContext alert -> new Action.Alert();
            case RestartContext restart -> new Action.Restart();
            case StartContext start -> new Action.Start();
            case StopContext stop -> new Action.Stop();
            case UnmonitorContext unmonitor -> new Action.Unmonitor();
            case TimeoutContext timeout -> new Action.Unmonitor();
            case ExecContext exec -> exec(exec);
            default -> throw new IllegalStateException("an action without a reader: " + tree.getText());
        };
    }

    private Action exec(ExecContext tree) {
        String line = Values.text(tree.text().getText());
        if (!line.startsWith("/")) {
            faults.add(tree.text().start, "'" + line + "' is not an absolute path");
        } else if (!ExecEntry.names(line)) {
            String why = "exec \"" + line + "\" is not taken in watch.rules: there it " + ExecEntry.RULE;
            remarks.add(Remark.at(tree.text().start, why));
        }
        if (tree.asUser() != null) {
            faults.add(
                    tree.asUser().start,
                    "exec runs as an unprivileged user of Redfleet's own",
                    "leave uid and gid out");
        }
        int repeat = tree.repeat == null ? 0 : Values.within(faults, tree.repeat, 1, LIMIT_MAX, "repeat every");
        return new Action.Exec(new Command(line, Command.PROGRAM_TIMEOUT), repeat);
    }
}
