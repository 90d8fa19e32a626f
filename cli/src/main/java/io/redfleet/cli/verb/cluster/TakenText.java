package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.screen.Form;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.World;

/** What taking a cluster in would apply, as a file of YAML that says itself what it lacks. */
final class TakenText {
    private TakenText() {}

    /** @param screen for what is no part of the file */
    static void write(World world, Screen screen, JsonNode tree) {
        Screen yaml = new Screen(world.out(), world.err(), Form.YAML, false);
        boolean first = true;
        for (JsonNode draft : tree.path("drafts")) {
            if (!first) {
                yaml.line("---");
            }
            first = false;
            one(yaml, cell(tree, "sentinel"), draft);
        }
        screen.note("Nothing was changed anywhere.");
    }

    private static void one(Screen yaml, String asked, JsonNode draft) {
        yaml.line(
                "# The cluster of the master " + cell(draft, "masterName") + " as it answered; asked first: " + asked);
        for (JsonNode blank : draft.path("blanks")) {
            yaml.line("# To be given: " + cell(blank, "field") + ": " + cell(blank, "why"));
        }
        for (JsonNode broken : draft.path("errors")) {
            yaml.line("# Would be refused: " + cell(broken, "field") + " " + cell(broken, "value") + " "
                    + cell(broken, "rule"));
        }
        for (JsonNode finding : draft.path("findings")) {
            yaml.line("# Found: " + cell(finding, "severity") + " " + cell(finding, "subject") + " "
                    + cell(finding, "text"));
        }
        yaml.data(draft.path("document"));
    }
}
