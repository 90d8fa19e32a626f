package io.redfleet.cli.verb.watch;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import java.util.Map;

/** Monit's two views: the gateway lays them out, programs get the lists. */
final class MonitText {
    private MonitText() {}

    static int show(Gateway gateway, Screen screen, String path, Map<String, String> query) {
        if (!screen.people()) {
            return Shown.shown(screen, gateway.get(path, query), body -> {});
        }
        return Shown.done(screen, gateway.getText(path, query), body -> {
            if (body.isTextual()) {
                screen.text(body.asText());
            } else {
                body.path("items").forEach(item -> screen.line(line(item)));
                body.path("hosts").forEach(item -> screen.line(line(item)));
            }
            return Exit.DONE;
        });
    }

    private static String line(JsonNode item) {
        return String.format("%-40s %s", cell(item, "cluster") + "/" + cell(item, "id"), cell(item, "status"));
    }
}
