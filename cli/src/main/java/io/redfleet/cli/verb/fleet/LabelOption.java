package io.redfleet.cli.verb.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.LocalBrake;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which clusters a brake is for. An empty label is refused: taken for none it would be the whole fleet's. */
@SuppressWarnings("NullAway.Init") // picocli sets the spec before the verb runs
final class LabelOption {
    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Only in clusters with this label. Default: the whole fleet.")
    private @Nullable String label;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Null for the whole fleet.
     *
     * @throws CommandLine.ParameterException it is no label
     */
    @Nullable
    String label() {
        if (label != null && !LocalBrake.isLabel(label)) {
            String rule = "key=value, each of letters, digits, dots, dashes, underscores and slashes, at most 63";
            throw new CommandLine.ParameterException(spec.commandLine(), "--label: not " + rule + ": " + label);
        }
        return label;
    }

    ObjectNode body(String reason) {
        ObjectNode body = Shown.object().put("reason", reason);
        String only = label();
        return only == null ? body : body.put("label", only);
    }

    /** What the order has not changed, in the gateway's words. */
    static void note(Screen screen, JsonNode body) {
        String note = body.path("note").asText("");
        if (!note.isEmpty()) {
            screen.note(note);
        }
    }
}
