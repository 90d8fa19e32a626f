package io.redfleet.cli.verb.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A cluster that somebody built by hand is observed from now on; the provisioner asks it what it is. */
@Command(
        name = "take-in",
        description = {
            "Take in a running cluster from one Sentinel's address: it is watched from now on, and nothing is",
            "written to it. Asked by the provisioner, within the limits of the key and of the password."
        },
        footer = {
            "",
            "Examples:",
            "  redfleet take-in --sentinel 10.0.0.11:26379 --dry-run        the drafts, and nothing changes",
            "  redfleet take-in --sentinel 10.0.0.11 --master orders --wait",
            "  redfleet take-in --sentinel 10.0.0.11 --all --label team=checkout",
            "  redfleet take-in --sentinel 10.0.0.11 --master orders --probe orders-probe --user watcher"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class TakeIn extends Verb {
    private static final String PATH = "/clusters/adopt";

    @Option(
            names = "--sentinel",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "A Sentinel of the cluster. Default port: 26379.")
    private String sentinel;

    @Option(names = "--master", paramLabel = "NAME", description = "The master name, where the Sentinel has several.")
    private @Nullable String master;

    @Option(names = "--all", description = "Each master of the Sentinel, one after the other.")
    private boolean all;

    @Option(
            names = "--name",
            paramLabel = "CLUSTER",
            description = "What the cluster is to be called. Default: as its master.")
    private @Nullable String name;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The SSH key whose limits hold for its addresses; it is not used. Default: default.")
    private @Nullable String key;

    @Option(
            names = "--probe",
            paramLabel = "CREDENTIAL",
            description =
                    "The name of the file with the password that its nodes ask for, on the provisioner's machine.")
    private @Nullable String probe;

    @Option(names = "--user", paramLabel = "NAME", description = "Whose password that is. Default: Redis's own user.")
    private @Nullable String user;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label of the cluster; repeat it for more.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--dry-run", description = "Show the drafts and change nothing.")
    private boolean dryRun;

    @Mixin
    private final Started started = new Started();

    public TakeIn(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        if (all && (master != null || name != null)) {
            throw usage("--all takes in each master by its own name: leave out --master and --name.");
        }
        if (user != null && probe == null) {
            throw usage("--user is for a user with a password: name its file by --probe, too.");
        }
        ObjectNode body = body();
        if (dryRun) {
            Answer drafts = gateway.post(PATH, Map.of("dryRun", "true"), body);
            return Shown.shown(screen, drafts, tree -> TakenText.write(world(), screen, tree));
        }
        if (master != null || name != null) {
            return takeIn(gateway, screen, body, limit);
        }
        Answer drafts = gateway.post(PATH, Map.of("dryRun", "true"), body);
        return Shown.done(screen, drafts, tree -> each(gateway, screen, tree, limit));
    }

    /** Goes on after one that is refused; the exit status is that of the first that was not taken in. */
    private int each(Gateway gateway, Screen screen, JsonNode tree, Duration limit) {
        List<String> masters = new ArrayList<>();
        tree.path("drafts")
                .forEach(draft -> masters.add(draft.path("masterName").asText()));
        if (masters.size() > 1 && !all) {
            screen.note(sentinel + " monitors " + String.join(", ", masters)
                    + ": name one of these by --master, or take in --all. Nothing was taken in.");
            return Exit.FAILED;
        }
        int exit = Exit.DONE;
        for (String each : masters) {
            int came = takeIn(gateway, screen, body().put("master", each), limit);
            if (came != Exit.DONE && masters.size() > 1) {
                screen.note(each + " was not taken in");
            }
            exit = exit == Exit.DONE ? came : exit;
        }
        return exit;
    }

    private int takeIn(Gateway gateway, Screen screen, ObjectNode body, Duration limit) {
        return started.show(gateway, screen, gateway.post(PATH, started.with(Map.of()), body), limit);
    }

    private ObjectNode body() {
        ObjectNode body = Shown.object().put("sentinel", sentinel);
        said(body, "master", master);
        said(body, "name", name);
        said(body, "key", key);
        if (!labels.isEmpty()) {
            ObjectNode bears = body.putObject("labels");
            for (String label : labels) {
                int equals = label.indexOf('=');
                if (equals < 1) {
                    throw usage("--label: not KEY=VALUE: " + label);
                }
                bears.put(label.substring(0, equals), label.substring(equals + 1));
            }
        }
        if (probe != null) {
            ObjectNode login = body.putObject("probe").put("credential", probe);
            said(login, "user", user);
        }
        return body;
    }

    private static void said(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }
}
