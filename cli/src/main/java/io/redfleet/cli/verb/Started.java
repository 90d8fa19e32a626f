package io.redfleet.cli.verb;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The end of every verb that starts an operation: say so, and wait if that was asked for. */
public final class Started {
    @Option(
            names = "--wait",
            description = "Stay until the operation ends, and show its steps. Where another one holds the cluster or a"
                    + " host, wait for that too; without this the order is refused, and says who it is.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            description = "How long --wait stays at most. Default: ${DEFAULT-VALUE}.")
    private String timeout = "15m";

    /** These query parameters, and whether the order takes its turn behind another. */
    public Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        if (wait) {
            all.put("wait", "true");
        }
        return all;
    }

    /** The order of one of many that take turns: its end is waited for, and so is its beginning, asked for or not. */
    public static Map<String, String> inTurn() {
        return Map.of("wait", "true");
    }

    /** Checked before anything is sent, so that a typing error starts nothing. */
    public Duration limit(Verb verb) {
        return verb.span("--timeout", timeout);
    }

    public int show(Gateway gateway, Screen screen, Answer answer, Duration limit) {
        return Shown.done(screen, answer, body -> accepted(gateway, screen, body, wait, limit));
    }

    /** The same, and waits whether or not that was asked for: for one of many that take turns. */
    public int showToItsEnd(Gateway gateway, Screen screen, Answer answer, Duration limit) {
        return Shown.done(screen, answer, body -> accepted(gateway, screen, body, true, limit));
    }

    private int accepted(Gateway gateway, Screen screen, JsonNode body, boolean stay, Duration limit) {
        String cluster = body.path("cluster").asText("");
        String operation = body.path("operation").asText("");
        if (!screen.people()) {
            screen.data(body);
        }
        if (operation.isEmpty() || operation.equals("null")) {
            screen.note(cluster + ": nothing to change");
            return Exit.DONE;
        }
        if (screen.people()) {
            screen.line(cluster + ": operation " + operation + " accepted");
        }
        return stay ? new OperationWatch(gateway, screen).await(operation, limit) : Exit.DONE;
    }
}
