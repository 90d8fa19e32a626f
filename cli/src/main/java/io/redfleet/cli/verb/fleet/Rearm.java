package io.redfleet.cli.verb.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalBrake;
import io.redfleet.cli.gateway.Settings;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Releases the brake: the file of this machine first, then the one that the gateway keeps. That of the fleet and those of
 * labels are released each by itself.
 */
@Command(
        name = "rearm",
        description = "Allow automatic action again; undoes disarm, of the whole fleet or of a label.",
        footer = {"", "Examples:", "  redfleet rearm", "  redfleet rearm --label team=checkout --reason 'test is over'"
        })
public final class Rearm extends Verb {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is safe again.")
    private String reason = "released by hand";

    @Mixin
    private final LabelOption where = new LabelOption();

    public Rearm(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        int file = releaseHere(settings(), screen);
        if (file == Exit.FAILED) {
            return file;
        }
        Answer answer = gateway.post("/fleet/rearm", where.body(reason));
        if (answer instanceof Answer.Unreachable) {
            screen.note("A brake that the gateway keeps, if any, is still pulled.");
        }
        return Shown.shown(screen, answer, body -> rearmed(screen, body));
    }

    private void rearmed(Screen screen, JsonNode body) {
        String label = where.label();
        if (label != null) {
            screen.line("Armed " + label + ": " + reason);
            LabelOption.note(screen, body);
            return;
        }
        screen.line("Armed: " + body.path("reason").asText(reason));
        for (JsonNode still : body.path("labelled").path("brakes")) {
            screen.note("Still disarmed: " + still.path("label").asText() + ", by "
                    + still.path("actor").path("name").asText() + " since "
                    + still.path("since").asText() + ": " + still.path("reason").asText());
        }
    }

    @Override
    protected int withoutToken(Settings settings, Screen screen, String why) {
        int file = releaseHere(settings, screen);
        return file == Exit.FAILED ? file : super.withoutToken(settings, screen, why);
    }

    private int releaseHere(Settings settings, Screen screen) {
        String label = where.label();
        LocalBrake brake = new LocalBrake(settings.home());
        if (!settings.local()) {
            return Exit.DONE;
        }
        Path file = label == null ? brake.file() : brake.file(label);
        try {
            if (label == null ? brake.release() : brake.release(label)) {
                screen.note("Removed " + file);
            }
        } catch (IOException e) {
            screen.note("Still disarmed: cannot remove " + file + ": " + e.getMessage());
            return Exit.FAILED;
        }
        othersHere(brake, screen);
        return Exit.DONE;
    }

    /** What holds on this machine all the same. */
    private static void othersHere(LocalBrake brake, Screen screen) {
        if (brake.pulled()) {
            screen.note("Still disarmed here, the whole fleet: " + brake.file());
        }
        try {
            brake.entries()
                    .forEach(entry -> screen.note("Still disarmed here: " + entry + " (in " + brake.labels() + ")"));
        } catch (IOException e) {
            screen.note("Still disarmed here: cannot read " + brake.labels() + ": " + e.getMessage());
        }
    }
}
