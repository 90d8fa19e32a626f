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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Puts a new host in the place of one whose machine is lost: {@code apply --lost}, once the file is seen to say just that. The file
 * stays what the cluster is, so it is changed by its owner and not here.
 */
@Command(
        name = "replace",
        description = "Put a new host in the place of one whose machine is lost for good.",
        footer = {
            "",
            "The file names the new host and no longer the lost one. A host that answers is not lost: it leaves",
            "by apply --remove.",
            "",
            "Examples:",
            "  redfleet replace orders --host r2 --with r4 -f orders.yaml --dry-run",
            "  redfleet replace orders --host r2 --with r4 -f orders.yaml --wait"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class Replace extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "Whose host is lost.")
    private String cluster;

    @Option(names = "--host", required = true, paramLabel = "HOST", description = "The one whose machine is lost.")
    private String lost;

    @Option(names = "--with", required = true, paramLabel = "HOST", description = "The one that takes its place.")
    private String replacement;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The spec with the new host, YAML or JSON; - for standard input.")
    private String file;

    @Option(names = "--dry-run", description = "Show the plan and change nothing.")
    private boolean dryRun;

    @Mixin
    private final Started started = new Started();

    public Replace(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        return switch (Document.from(file, world().in())) {
            case Document.Read.Refused refused -> {
                screen.note(refused.reason());
                yield Exit.BAD_USAGE;
            }
            case Document.Read.Found found -> {
                String wrong = wrong(found.document());
                if (!wrong.isEmpty()) {
                    screen.note(wrong);
                    yield Exit.BAD_USAGE;
                }
                yield send(gateway, screen, found.document(), limit);
            }
        };
    }

    /** What the file says else than the command line; empty: nothing. */
    private String wrong(Document document) {
        if (!document.name().equals(cluster)) {
            return "%s: metadata.name is %s, not %s".formatted(file, document.name(), cluster);
        }
        if (!document.hasHost(replacement)) {
            return "%s: spec.hosts has no %s, which is to take the place of %s".formatted(file, replacement, lost);
        }
        if (document.hasHost(lost)) {
            return "%s: spec.hosts still has %s, whose machine is lost; leave it out".formatted(file, lost);
        }
        return "";
    }

    private int send(Gateway gateway, Screen screen, Document document, Duration limit) {
        String path = Names.cluster(cluster);
        if (dryRun) {
            return PlanText.show(screen, gateway.put(path, Map.of("lost", lost, "dryRun", "true"), document, null));
        }
        Map<String, String> query = started.with(Map.of("lost", lost));
        return started.show(gateway, screen, gateway.put(path, query, document, null), limit);
    }
}
