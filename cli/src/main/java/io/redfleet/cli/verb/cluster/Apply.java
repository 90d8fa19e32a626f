package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Document;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a cluster be what a file says. */
@Command(
        name = "apply",
        description = "Create a cluster, or change it to what the file says. Applying twice is harmless.",
        footer = {
            "",
            "Examples:",
            "  redfleet apply -f orders.yaml --dry-run    what would change, step by step",
            "  redfleet apply -f orders.yaml --wait       do it and show the steps",
            "  redfleet apply -f orders.yaml --plan ID    that plan, or nothing",
            "  redfleet apply -f orders.yaml --remove r3  r3, which the file leaves out, leaves the cluster",
            "  redfleet apply -f orders.yaml --lost r2    r4 in the file replaces r2, whose machine is gone",
            "  redfleet apply -f orders.yaml --rolling    restart for it what needs it, one after the other",
            "  redfleet apply -f orders.yaml --rolling --until-master",
            "                                             but leave the master to the next --rolling",
            "  redfleet apply -f orders.yaml --adopt      manage where it lies what was only observed",
            "  cat orders.yaml | redfleet apply -f -"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class Apply extends Verb {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The spec, YAML or JSON; - for standard input.")
    private String file;

    @Option(names = "--dry-run", description = "Show the plan and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--plan",
            paramLabel = "ID",
            description = "Only if this is still what would be done (see: redfleet plan -f FILE).")
    private @Nullable String plan;

    @Option(
            names = "--if-revision",
            paramLabel = "N",
            description = "Only if the cluster still has this revision (see: redfleet show).")
    private @Nullable String revision;

    @Mixin
    private final Departing departing = new Departing();

    @Mixin
    private final Agreeing agreeing = new Agreeing();

    @Mixin
    private final TakingOver takingOver = new TakingOver();

    @Mixin
    private final Started started = new Started();

    public Apply(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        if (dryRun && plan != null) {
            throw usage("--plan says what is to be carried out, and --dry-run that nothing is.");
        }
        Optional<String> objection = agreeing.objection();
        if (objection.isPresent()) {
            throw usage(objection.get());
        }
        if (takingOver.said() && agreeing.anything()) {
            throw usage("--adopt restarts nothing: apply again with --rolling once it is done.");
        }
        return switch (Document.from(file, world().in())) {
            case Document.Read.Refused refused -> {
                screen.note(refused.reason());
                yield Exit.BAD_USAGE;
            }
            case Document.Read.Found found -> send(gateway, screen, found.document(), limit);
        };
    }

    private int send(Gateway gateway, Screen screen, Document document, Duration limit) {
        String path = Names.cluster(document.name());
        if (dryRun) {
            Map<String, String> looked = with(Map.of("dryRun", "true"));
            return PlanText.show(screen, gateway.put(path, looked, document, revision));
        }
        Map<String, String> wanted = with(plan == null ? Map.of() : Map.of("plan", plan));
        return started.show(gateway, screen, gateway.put(path, started.with(wanted), document, revision), limit);
    }

    private Map<String, String> with(Map<String, String> query) {
        return takingOver.with(agreeing.with(departing.with(query)));
    }
}
