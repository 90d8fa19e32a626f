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
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** All verbs in the order in which help lists them. */
final class Verbs {
    private Verbs() {}

    static CommandLine over(World world) {
        CommandLine root = new CommandLine(new Redfleet());
        clusters(root, world);
        watching(root, world);
        fleet(root, world);
        here(root, world);
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

    private static void clusters(CommandLine root, World world) {
        CommandLine operations = new CommandLine(new Operations(world))
                .addSubcommand(new OperationShow(world))
                .addSubcommand("cancel", told(new OperationOrder(world), "Stop an operation before its next step."))
                .addSubcommand("resume", told(new OperationOrder(world), "Go on with an operation that failed."));
        CommandLine secret = new CommandLine(new Group())
                .addSubcommand(new SecretReveal(world))
                .addSubcommand(new SecretRotate(world));
        secret.getCommandSpec().usageMessage().description("Generated passwords.");
        root.addSubcommand(new Apply(world))
                .addSubcommand(new Plan(world))
                .addSubcommand(new Replace(world))
                .addSubcommand(new Adopt(world))
                .addSubcommand(new TakeIn(world))
                .addSubcommand(new Verify(world))
                .addSubcommand(new Clusters(world))
                .addSubcommand(new Show(world))
                .addSubcommand(new Connection(world))
                .addSubcommand(new Sudoers(world))
                .addSubcommand("secret", secret)
                .addSubcommand(new Delete(world))
                .addSubcommand(new InfoSection(world))
                .addSubcommand(operations);
    }

    private static void watching(CommandLine root, World world) {
        CommandLine failover = new CommandLine(new SwitchOver(world)).addSubcommand(new FailoverShow(world));
        root.addSubcommand(new Status(world))
                .addSubcommand(new Summary(world))
                .addSubcommand(new Report(world))
                .addSubcommand(
                        "start",
                        told(new InstanceOrder(world), "Start an instance, or all of a cluster or a group in turn."))
                .addSubcommand(
                        "stop",
                        told(
                                new InstanceOrder(world),
                                "Stop an instance, or many in turn; they stay down until started."))
                .addSubcommand("restart", told(new InstanceOrder(world), "Restart an instance, or many in turn."))
                .addSubcommand("monitor", told(new MonitorOrder(world), "Judge and act on it again."))
                .addSubcommand("unmonitor", told(new MonitorOrder(world), "Look on, but judge and act no more."))
                .addSubcommand(new Failovers(world))
                .addSubcommand(failover)
                .addSubcommand(new Roll(world))
                .addSubcommand(new Events(world))
                .addSubcommand(new Alerts(world))
                .addSubcommand(new Acknowledge(world))
                .addSubcommand(new Check(world));
    }

    private static void fleet(CommandLine root, World world) {
        CommandLine token = new CommandLine(new Group())
                .addSubcommand(new TokenCreate(world))
                .addSubcommand(new TokenList(world))
                .addSubcommand(new TokenRevoke(world));
        token.getCommandSpec().usageMessage().description("Who has access.");
        root.addSubcommand(new Disarm(world))
                .addSubcommand(new Rearm(world))
                .addSubcommand("token", token)
                .addSubcommand(new Completion(world))
                .addSubcommand(new Version(world))
                .addSubcommand(new CommandLine.HelpCommand());
    }

    private static void here(CommandLine root, World world) {
        root.addSubcommand("up", told(new Here(world), "Start the whole stack on this machine."))
                .addSubcommand("down", told(new Here(world), "Stop it; nothing stays behind but its data."))
                .addSubcommand("demo", told(new Here(world), "Three hosts, a cluster, and the death of its master."))
                .addSubcommand("logs", told(new Here(world), "What the stack writes."))
                .addSubcommand("test", told(new Here(world), "Run Redfleet's own tests."));
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
