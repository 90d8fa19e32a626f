package io.redfleet.cli.verb.cluster;

import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Survey;
import io.redfleet.adopt.edge.Login;
import io.redfleet.adopt.edge.Patience;
import io.redfleet.adopt.edge.SocketPeers;
import io.redfleet.cli.screen.Form;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Endpoint;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a cluster that somebody built by hand would be as a spec. Asks its nodes from here, and no gateway. */
@Command(
        name = "adopt",
        description = "Draft the spec of a running cluster from one Sentinel's address. Changes nothing anywhere.",
        footer = {
            "",
            "It asks the Sentinels and the data nodes that they name, from this machine, and only reads. What no node",
            "says of itself stands as ? in the draft, and what the nodes do not agree on is listed.",
            "",
            "Examples:",
            "  redfleet adopt --sentinel 10.0.0.11:26379 --draft > orders.yaml",
            "  redfleet adopt --sentinel 10.0.0.11 --master orders --draft --password-file redis.pass -o json",
            "  redfleet adopt --sentinel 10.0.0.11 --all --draft --sentinel-password-file - < sentinel.pass"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the spec and required options before the verb runs
public final class Adopt implements Callable<Integer> {
    private static final Pattern ADDRESS =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](:\\d{1,5})?|([A-Za-z0-9._-]+)(:\\d{1,5})?");
    private static final int SENTINEL_PORT = 26_379;

    private final World world;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sentinel",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "A Sentinel of the cluster. Default port: 26379.")
    private String sentinel;

    @Option(names = "--draft", required = true, description = "Print the draft; apply --adopt takes over what it says.")
    private boolean unusedDraft; // picocli holds the caller to it

    @Option(names = "--master", paramLabel = "NAME", description = "The master name, where the Sentinel has several.")
    private @Nullable String master;

    @Option(names = "--all", description = "A draft for each master of the Sentinel.")
    private boolean all;

    @Option(names = "--user", paramLabel = "NAME", description = "The user at the data nodes. Default: Redis's own.")
    private String user = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File (0600) with the password for the data nodes; - for standard input.")
    private @Nullable String password;

    @Option(names = "--sentinel-user", paramLabel = "NAME", description = "The user at the Sentinels.")
    private String sentinelUser = "";

    @Option(
            names = "--sentinel-password-file",
            paramLabel = "FILE",
            description = "File (0600) with the password for the Sentinels; - for standard input.")
    private @Nullable String sentinelPassword;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json or yaml. Default: table, a file of YAML with what was found as comments.")
    private Form output = Form.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    public Adopt(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        Endpoint first = address(sentinel);
        Choice choice = choice();
        if ("-".equals(password) && "-".equals(sentinelPassword)) {
            throw usage("Only one password can come from standard input.");
        }
        Login sentinels = login("--sentinel-user", sentinelUser, sentinelPassword);
        Login nodes = login("--user", user, password);
        Survey survey = new Survey(new SocketPeers(sentinels, nodes, Patience.USUAL));
        // What a person reads is YAML too, with comments.
        Screen screen = new Screen(world.out(), world.err(), output == Form.JSON ? Form.JSON : Form.YAML, false);
        return switch (survey.look(first, choice)) {
            case Survey.Unreachable away -> said(screen, away.why(), Exit.NOT_REACHABLE);
            case Survey.Refused refused -> said(screen, refused.why(), Exit.FAILED);
            case Survey.Seen seen -> shown(screen, first, seen);
        };
    }

    private int shown(Screen screen, Endpoint first, Survey.Seen seen) {
        if (output == Form.TABLE) {
            DraftText.file(screen, first.toString(), seen.drafts());
        } else {
            screen.data(DraftText.tree(first.toString(), seen.drafts()));
        }
        seen.drafts().forEach(draft -> screen.note(DraftText.sum(draft)));
        return Exit.DONE;
    }

    private static int said(Screen screen, String why, int exit) {
        screen.note(why);
        return exit;
    }

    private Choice choice() {
        if (all && master != null) {
            throw usage("Either --master or --all.");
        }
        if (all) {
            return new Choice.All();
        }
        return master == null ? new Choice.TheOnlyOne() : new Choice.Named(master);
    }

    private Login login(String option, String name, @Nullable String file) {
        if (file == null) {
            if (!name.isEmpty()) {
                throw usage(option + " is for a user with a password: name its file, too.");
            }
            return Login.NONE;
        }
        Secret secret = switch (PasswordFile.from(file, world.in())) {
            case PasswordFile.Read.Found found -> found.password();
            case PasswordFile.Read.Refused refused -> throw usage(refused.reason());
        };
        return new Login(name, secret);
    }

    private Endpoint address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw usage("--sentinel: not HOST or HOST:PORT: " + text);
        }
        boolean bracketed = parts.group(1) != null;
        String host = Objects.requireNonNull(parts.group(bracketed ? 1 : 3));
        String port = Objects.requireNonNullElse(parts.group(bracketed ? 2 : 4), ":" + SENTINEL_PORT);
        int number = Integer.parseInt(port.substring(1));
        if (number < 1 || number > 65_535) {
            throw usage("--sentinel: a port is from 1 to 65535: " + number);
        }
        return new Endpoint(host, number);
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
