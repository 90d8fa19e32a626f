package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a cluster. Its data stays unless the operator says otherwise (requirement: words before deeds). */
@Command(
        name = "delete",
        description = {
            "Stop a cluster's instances and forget it. Data on the hosts is kept unless --remove-data; with",
            "--archive an archive of it stays beside it, named by the operation's steps with its digest."
        },
        footer = {
            "",
            "Examples:",
            "  redfleet delete orders --dry-run --remove-data --archive    what would go, what stays, and why",
            "  redfleet delete orders --confirm orders --wait",
            "  redfleet delete orders --confirm orders --remove-data --archive --wait --timeout 2h",
            "  redfleet delete orders --confirm orders --lost r2           r2's machine is gone for good"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class Delete extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "The cluster's name, once more; needed but for --dry-run.")
    private @Nullable String confirm;

    @Option(names = "--remove-data", description = "Also remove the data directories.")
    private boolean removeData;

    @Option(
            names = "--archive",
            description =
                    "Keep an archive of the data that --remove-data removes, on its host. Nothing is removed before"
                            + " the archive is there and reads as it was written.")
    private boolean archive;

    @Option(
            names = "--lost",
            split = ",",
            paramLabel = "HOST",
            description = "A host whose machine is lost for good; repeatable. Nothing on it is touched, and the cluster"
                    + " ends on the others.")
    private List<String> lost = new ArrayList<>();

    @Option(names = "--dry-run", description = "Show the plan, with what stays and why, and change nothing.")
    private boolean dryRun;

    @Mixin
    private final Started started = new Started();

    public Delete(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        if (archive && !removeData) {
            throw usage("--archive is of data that is removed: say --remove-data too; data that is kept needs none.");
        }
        // A gateway of before refuses the word, where it would pass over another parameter and erase.
        Map<String, String> query =
                new TreeMap<>(Map.of("keepData", archive ? "archive" : String.valueOf(!removeData)));
        if (!lost.isEmpty()) {
            query.put("lost", String.join(",", lost));
        }
        if (dryRun) {
            // Without the name, by which a gateway of before would begin.
            query.put("dryRun", "true");
            return PlanText.show(screen, gateway.delete(Names.cluster(cluster), query));
        }
        String typed = confirm;
        if (typed == null) {
            throw usage("Say --confirm " + cluster + ", or --dry-run to see what would be done.");
        }
        if (!typed.equals(cluster)) {
            throw usage("--confirm " + typed + " is not the name of the cluster, " + cluster + ".");
        }
        query.put("confirm", typed);
        Map<String, String> all = started.with(query);
        return started.show(gateway, screen, gateway.delete(Names.cluster(cluster), all), limit);
    }
}
