package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Document;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What would change: from a file, or from what has drifted on the hosts. */
@Command(
        name = "plan",
        description = "What applying a file would change, or what has drifted on a cluster's hosts.",
        footer = {
            "",
            "Examples:",
            "  redfleet plan -f orders.yaml    the same as apply --dry-run",
            "  redfleet plan -f orders.yaml --remove r3",
            "  redfleet plan -f orders.yaml --rolling    with the restarts that it needs",
            "  redfleet plan -f orders.yaml --adopt      what taking it over would write",
            "  redfleet plan orders            compare the hosts with the accepted spec"
        })
public final class Plan extends Verb {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A spec, YAML or JSON; - for standard input.")
    private @Nullable String file;

    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "A cluster that is already there.")
    private @Nullable String cluster;

    @Mixin
    private final Departing departing = new Departing();

    @Mixin
    private final Agreeing agreeing = new Agreeing();

    @Mixin
    private final TakingOver takingOver = new TakingOver();

    public Plan(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (cluster != null && file == null) {
            if (departing.anybody()) {
                throw usage("--remove and --lost say who is to leave by a file: name it with -f.");
            }
            if (agreeing.anything()) {
                throw usage("--rolling, --until-master and --outage agree to what a file needs: name it with -f.");
            }
            if (takingOver.said()) {
                throw usage("--adopt takes over what a file says: name it with -f.");
            }
            return PlanText.show(screen, gateway.get(Names.cluster(cluster) + "/plan", Map.of()));
        }
        if (file == null || cluster != null) {
            throw usage("Either -f FILE or a cluster's name.");
        }
        Optional<String> objection = agreeing.objection();
        if (objection.isPresent()) {
            throw usage(objection.get());
        }
        if (takingOver.said() && agreeing.anything()) {
            throw usage("--adopt restarts nothing: plan again with --rolling once it is done.");
        }
        return switch (Document.from(file, world().in())) {
            case Document.Read.Refused refused -> {
                screen.note(refused.reason());
                yield Exit.BAD_USAGE;
            }
            case Document.Read.Found found -> {
                String path = Names.cluster(found.document().name());
                Map<String, String> looked = takingOver.with(agreeing.with(departing.with(Map.of("dryRun", "true"))));
                yield PlanText.show(screen, gateway.put(path, looked, found.document(), null));
            }
        };
    }
}
