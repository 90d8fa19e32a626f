package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.EventText;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Follow;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The audit trail, and what happens now. */
@Command(
        name = "events",
        description = "What happened, from the audit trail; with --follow also what happens now.",
        footer = {
            "",
            "Examples:",
            "  redfleet events --follow                         every event as it happens",
            "  redfleet events --since 1h --cluster orders      the last hour of one cluster",
            "  redfleet events --type failover. --since 7d      every failover of the week",
            "  redfleet events --follow -o json | jq .type"
        })
public final class Events extends Verb {
    @Option(
            names = {"-f", "--follow"},
            description = "Stay and show each event as it happens.")
    private boolean follow;

    @Option(names = "--cluster", paramLabel = "CLUSTER", description = "Only of this cluster.")
    private String cluster = "";

    @Option(names = "--type", paramLabel = "TYPE", description = "Only types that start so: failover., instance.down")
    private String type = "";

    @Option(names = "--actor", paramLabel = "NAME", description = "Only what this person caused; not with --follow.")
    private String actor = "";

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "From then on: a span such as 30m, 1h or 2d, or a moment such as 2026-01-31T12:00:00Z.")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many from the past. Default: ${DEFAULT-VALUE}.")
    private int limit = 200;

    public Events(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (limit < 1 || limit > Pages.MOST) {
            throw usage("--limit: between 1 and " + Pages.MOST + ", not " + limit);
        }
        if (follow && !actor.isEmpty()) {
            throw usage("--actor searches the audit trail; it cannot be used with --follow.");
        }
        Map<String, String> query = new HashMap<>(Map.of("cluster", cluster, "type", type));
        if (follow) {
            Map<String, String> live = Map.copyOf(query);
            return new Follow(gateway, screen).events(live, since == null ? Map.of() : from(query));
        }
        query.put("actor", actor);
        return Shown.shown(screen, Pages.upTo(limit, gateway, "/events", from(query)), body -> {
            EventText.oldestFirst(body.path("items")).forEach(event -> screen.line(EventText.line(event)));
            if (!body.path("next").isNull()) {
                screen.note("There are more; narrow the question or raise --limit.");
            }
        });
    }

    private Map<String, String> from(Map<String, String> query) {
        if (since != null) {
            String text = since;
            query.put(
                    "from",
                    When.moment(text, now())
                            .orElseThrow(() -> usage("--since: neither a span nor a moment: " + text))
                            .toString());
        }
        return query;
    }
}
