package io.redfleet.monitrc;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.redfleet.monitrc.grammar.MonitParser.AsUserContext;
import io.redfleet.monitrc.grammar.MonitParser.CheckContext;
import io.redfleet.monitrc.grammar.MonitParser.ClauseContext;
import io.redfleet.monitrc.grammar.MonitParser.DependsContext;
import io.redfleet.monitrc.grammar.MonitParser.EveryCronContext;
import io.redfleet.monitrc.grammar.MonitParser.EveryCyclesContext;
import io.redfleet.monitrc.grammar.MonitParser.FilesystemHeadContext;
import io.redfleet.monitrc.grammar.MonitParser.GroupContext;
import io.redfleet.monitrc.grammar.MonitParser.HeadContext;
import io.redfleet.monitrc.grammar.MonitParser.HostHeadContext;
import io.redfleet.monitrc.grammar.MonitParser.LocalAlertContext;
import io.redfleet.monitrc.grammar.MonitParser.NoAlertContext;
import io.redfleet.monitrc.grammar.MonitParser.OnrebootContext;
import io.redfleet.monitrc.grammar.MonitParser.ProcessHeadContext;
import io.redfleet.monitrc.grammar.MonitParser.ProgramHeadContext;
import io.redfleet.monitrc.grammar.MonitParser.RestartProgramContext;
import io.redfleet.monitrc.grammar.MonitParser.RuleClauseContext;
import io.redfleet.monitrc.grammar.MonitParser.StartProgramContext;
import io.redfleet.monitrc.grammar.MonitParser.StopProgramContext;
import io.redfleet.monitrc.grammar.MonitParser.SystemHeadContext;
import io.redfleet.monitrc.grammar.MonitParser.TextContext;
import io.redfleet.monitrc.grammar.MonitParser.WatchModeContext;
import io.redfleet.monitrc.grammar.MonitParser.WordContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** One check, from its part of the parse tree. Used once. */
final class CheckReader {
    private final Faults faults;
    private final List<Remark> remarks;
    private final List<String> groups = new ArrayList<>();
    private final List<String> dependsOn = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<RestartLimit> limits = new ArrayList<>();
    private Check.Programs programs = Check.Programs.NONE;
    private Check.Mode mode = Check.Mode.ACTIVE;
    private int every = 1;

    CheckReader(Faults faults, List<Remark> remarks) {
        this.faults = faults;
        this.remarks = remarks;
    }

    Check read(CheckContext tree) {
        Target target = target(tree.head());
        RuleReader reader = new RuleReader(faults, remarks, target);
        for (ClauseContext clause : tree.clause()) {
            if (clause instanceof RuleClauseContext rule) {
                reader.read(rule.condition(), rules, limits);
            } else {
                clause(clause);
            }
        }
        return new Check(
                name(tree.head()),
                target,
                mode,
                programs,
                groups,
                dependsOn,
                every,
                rules,
                limits,
                tree.start.getLine());
    }

    private void clause(ClauseContext clause) {
        switch (clause) {
            case StartProgramContext start ->
                programs = new Check.Programs(
                        command(start.text(), start.asUser(), start.INT()), programs.stop(), programs.restart());
            case StopProgramContext stop ->
                programs = new Check.Programs(
                        programs.start(), command(stop.text(), stop.asUser(), stop.INT()), programs.restart());
            case RestartProgramContext restart ->
                programs = new Check.Programs(
                        programs.start(), programs.stop(), command(restart.text(), restart.asUser(), restart.INT()));
            case GroupContext group -> group(group);
            case DependsContext depends ->
                depends.word().stream().map(CheckReader::text).forEach(dependsOn::add);
            case WatchModeContext said -> mode(said);
            case EveryCyclesContext cycles ->
                every = Values.within(faults, cycles.INT().getSymbol(), 1, 1_000_000, "every");
            case EveryCronContext cron ->
                faults.add(cron.start, "a schedule in cron's form is not done", Elsewhere.CRON);
            case OnrebootContext onreboot -> onreboot(onreboot);
            case LocalAlertContext alert -> faults.add(alert.start, "alert is not done here", Elsewhere.RECEIVERS);
            case NoAlertContext alert -> faults.add(alert.start, "noalert is not done here", Elsewhere.RECEIVERS);
            default -> throw new IllegalStateException("a clause without a reader: " + clause.getText());
        }
    }

    private void group(GroupContext said) {
        String name = text(said.word());
        if (name.isBlank() || name.contains(" ")) {
            faults.add(said.word().start, "the name of a group has no blanks: '" + name + "'");
        }
        groups.add(name);
    }

    private void mode(WatchModeContext said) {
        switch (text(said.word()).toLowerCase(Locale.ROOT)) {
            case "active" -> mode = Check.Mode.ACTIVE;
            case "passive" -> mode = Check.Mode.PASSIVE;
            default -> faults.add(said.word().start, "mode " + text(said.word()) + " is not active or passive");
        }
    }

    private void onreboot(OnrebootContext said) {
        if (said.START() == null) {
            faults.add(said.start, "only `onreboot start` is done", Elsewhere.setting("onreboot"));
        }
    }

    private Target target(HeadContext head) {
        return switch (head) {
            case ProcessHeadContext process when process.PIDFILE() != null -> new Target.Pidfile(path(process.text()));
            case ProcessHeadContext process -> new Target.Matching(pattern(process.text()));
            case HostHeadContext host -> new Target.Host(Values.host(faults, host.text()));
            case SystemHeadContext system -> new Target.Machine();
            case FilesystemHeadContext filesystem -> new Target.Filesystem(path(filesystem.text()));
            case ProgramHeadContext program -> {
                TerminalNode seconds = program.INT();
                Duration timeout = seconds == null ? Command.PROGRAM_TIMEOUT : timeout(seconds);
                yield new Target.Program(new Command(path(program.text()), timeout));
            }
            default -> throw new IllegalStateException("a check without a reader: " + head.getText());
        };
    }

    private String name(HeadContext head) {
        WordContext word = switch (head) {
            case ProcessHeadContext process -> process.word();
            case HostHeadContext host -> host.word();
            case SystemHeadContext system -> system.word();
            case FilesystemHeadContext filesystem -> filesystem.word();
            case ProgramHeadContext program -> program.word();
            default -> throw new IllegalStateException("a check without a name: " + head.getText());
        };
        String name = text(word);
        if (name.isBlank() || name.contains("/")) {
            faults.add(word.start, "'" + name + "' is not the name of a service: it is empty or has a slash");
        }
        return name;
    }

    private Command command(TextContext text, @Nullable AsUserContext user, @Nullable TerminalNode seconds) {
        if (user != null) {
            remarks.add(Remark.at(user.start, "as uid, gid is not needed: the unit says whose process it is"));
        }
        return new Command(path(text), seconds == null ? Command.SERVICE_TIMEOUT : timeout(seconds));
    }

    private Duration timeout(TerminalNode seconds) {
        return Values.seconds(faults, seconds.getSymbol(), "timeout");
    }

    /** Of a program the first word. */
    private String path(TextContext text) {
        String path = text(text);
        if (!path.startsWith("/")) {
            faults.add(text.start, "'" + path + "' is not an absolute path");
        }
        return path;
    }

    private String pattern(TextContext text) {
        String pattern = text(text);
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            faults.add(text.start, "'" + pattern + "' is not a regular expression: " + e.getMessage());
        }
        return pattern;
    }

    private static String text(TextContext text) {
        return Values.text(text.getText());
    }

    private static String text(WordContext word) {
        return Values.text(word.getText());
    }
}
