package io.redfleet.cli.verb.fleet;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Who has access. */
@Command(name = "list", description = "The tokens: whose, which role, since when. Never the token itself.")
public final class TokenList extends Verb {
    public TokenList(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return Shown.shown(screen, Pages.upTo(Pages.MOST, gateway, "/tokens", Map.of()), body -> {
            Table table = new Table("ID", "NAME", "ROLE", "LABELS", "CREATED", "EXPIRES", "REVOKED");
            for (JsonNode item : body.path("items")) {
                List<String> labels = new ArrayList<>();
                item.path("labels")
                        .properties()
                        .forEach(e -> labels.add(e.getKey() + "=" + e.getValue().asText()));
                table.row(
                        cell(item, "id"),
                        cell(item, "name"),
                        cell(item, "role"),
                        labels.isEmpty() ? "-" : String.join(",", labels),
                        When.exact(cell(item, "createdAt")),
                        When.exact(cell(item, "expiresAt")),
                        When.exact(cell(item, "revokedAt")));
            }
            screen.table(table);
        });
    }
}
