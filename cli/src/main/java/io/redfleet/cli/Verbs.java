package io.redfleet.cli;

import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import io.redfleet.cli.verb.cluster.Adopt;
import io.redfleet.cli.verb.cluster.Apply;
import io.redfleet.cli.verb.cluster.Clusters;
import io.redfleet.cli.verb.cluster.Connection;
import io.redfleet.cli.verb.cluster.Delete;
import io.redfleet.cli.verb.cluster.InfoSection;
import io.redfleet.cli.verb.cluster.OperationOrder;
import io.redfleet.cli.verb.cluster.OperationShow;
import io.redfleet.cli.verb.cluster.Operations;
import io.redfleet.cli.verb.cluster.Plan;
import io.redfleet.cli.verb.cluster.Replace;
import io.redfleet.cli.verb.cluster.Roll;
import io.redfleet.cli.verb.cluster.SecretReveal;
import io.redfleet.cli.verb.cluster.SecretRotate;
import io.redfleet.cli.verb.cluster.Show;
import io.redfleet.cli.verb.cluster.Sudoers;
import io.redfleet.cli.verb.cluster.SwitchOver;
import io.redfleet.cli.verb.cluster.TakeIn;
import io.redfleet.cli.verb.cluster.Verify;
import io.redfleet.cli.verb.fleet.Completion;
import io.redfleet.cli.verb.fleet.Disarm;
import io.redfleet.cli.verb.fleet.Here;
import io.redfleet.cli.verb.fleet.Rearm;
import io.redfleet.cli.verb.fleet.TokenCreate;
import io.redfleet.cli.verb.fleet.TokenList;
import io.redfleet.cli.verb.fleet.TokenRevoke;
import io.redfleet.cli.verb.fleet.Version;
import io.redfleet.cli.verb.watch.Acknowledge;
import io.redfleet.cli.verb.watch.Alerts;
import io.redfleet.cli.verb.watch.Check;
import io.redfleet.cli.verb.watch.Events;
import io.redfleet.cli.verb.watch.FailoverShow;
import io.redfleet.cli.verb.watch.Failovers;
import io.redfleet.cli.verb.watch.InstanceOrder;
import io.redfleet.cli.verb.watch.MonitorOrder;
import io.redfleet.cli.verb.watch.Report;
import io.redfleet.cli.verb.watch.Status;
import io.redfleet.cli.verb.watch.Summary;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * All verbs in the order in which help lists them. A command line has the one that is asked for alone, where that is clear from
 * the first word: reading what all of them say of themselves takes longer than most answers.
 */
final class Verbs {
    /** They speak of the others. */
    private static final Set<String> OF_ALL = Set.of("help", "completion");

    private final World world;
    private final Map<String, Supplier<CommandLine>> verbs = new LinkedHashMap<>();

    private Verbs(World world) {
        this.world = world;
        clusters();
        watching();
        fleet();
        here();
    }

    /** @param args what is going to be executed */
    static CommandLine over(World world, String... args) {
        CommandLine root = new CommandLine(new Redfleet());
        Map<String, Supplier<CommandLine>> all = new Verbs(world).verbs;
        String first = args.length == 0 ? "" : args[0];
        if (all.containsKey(first) && !OF_ALL.contains(first)) {
            root.addSubcommand(first, all.get(first).get());
        } else {
            all.forEach((name, verb) -> root.addSubcommand(name, verb.get()));
        }
        boolean color =
                world.terminal() && world.env().getOrDefault("NO_COLOR", "").isEmpty();
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF))
                .setOut(new PrintWriter(world.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(world.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(Verbs::badUsage)
                .setExitCodeExceptionMapper(bug -> Exit.FAILED);
    }

    private void clusters() {
        one("apply", () -> new Apply(world));
        one("plan", () -> new Plan(world));
        one("replace", () -> new Replace(world));
        one("adopt", () -> new Adopt(world));
        one("take-in", () -> new TakeIn(world));
        one("verify", () -> new Verify(world));
        one("list", () -> new Clusters(world));
        one("show", () -> new Show(world));
        one("connection", () -> new Connection(world));
        one("sudoers", () -> new Sudoers(world));
        verbs.put(
                "secret",
                () -> told(new Group(), "Generated passwords.")
                        .addSubcommand(new SecretReveal(world))
                        .addSubcommand(new SecretRotate(world)));
        one("delete", () -> new Delete(world));
        one("info", () -> new InfoSection(world));
        verbs.put(
                "operations",
                () -> new CommandLine(new Operations(world))
                        .addSubcommand(new OperationShow(world))
                        .addSubcommand(
                                "cancel", told(new OperationOrder(world), "Stop an operation before its next step."))
                        .addSubcommand(
                                "resume", told(new OperationOrder(world), "Go on with an operation that failed.")));
    }

    private void watching() {
        one("status", () -> new Status(world));
        one("summary", () -> new Summary(world));
        one("report", () -> new Report(world));
        instances("start", "Start an instance, or all of a cluster or a group in turn.");
        instances("stop", "Stop an instance, or many in turn; they stay down until started.");
        instances("restart", "Restart an instance, or many in turn.");
        verbs.put("monitor", () -> told(new MonitorOrder(world), "Judge and act on it again."));
        verbs.put("unmonitor", () -> told(new MonitorOrder(world), "Look on, but judge and act no more."));
        one("failovers", () -> new Failovers(world));
        verbs.put("failover", () -> new CommandLine(new SwitchOver(world)).addSubcommand(new FailoverShow(world)));
        one("roll", () -> new Roll(world));
        one("events", () -> new Events(world));
        one("alerts", () -> new Alerts(world));
        one("ack", () -> new Acknowledge(world));
        one("check", () -> new Check(world));
    }

    private void fleet() {
        one("disarm", () -> new Disarm(world));
        one("rearm", () -> new Rearm(world));
        verbs.put(
                "token",
                () -> told(new Group(), "Who has access.")
                        .addSubcommand(new TokenCreate(world))
                        .addSubcommand(new TokenList(world))
                        .addSubcommand(new TokenRevoke(world)));
        one("completion", () -> new Completion(world));
        one("version", () -> new Version(world));
        one("help", CommandLine.HelpCommand::new);
    }

    private void here() {
        here("up", "Start the whole stack on this machine.");
        here("down", "Stop it; nothing stays behind but its data.");
        here("demo", "Three hosts, a cluster, and the death of its master.");
        here("logs", "What the stack writes.");
        here("test", "Run Redfleet's own tests.");
    }

    private void one(String name, Supplier<Object> verb) {
        verbs.put(name, () -> new CommandLine(verb.get()));
    }

    private void instances(String name, String description) {
        verbs.put(name, () -> told(new InstanceOrder(world), description));
    }

    private void here(String name, String description) {
        verbs.put(name, () -> told(new Here(world), description));
    }

    private static CommandLine told(Object verb, String description) {
        CommandLine line = new CommandLine(verb);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    /** One line what is wrong, one line where to read on: not a screen of options. */
    private static int badUsage(CommandLine.ParameterException problem, String[] args) {
        CommandLine verb = problem.getCommandLine();
        verb.getErr().println(problem.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, verb.getErr());
        verb.getErr().println("Read: " + verb.getCommandSpec().qualifiedName() + " --help");
        return Exit.BAD_USAGE;
    }
}
