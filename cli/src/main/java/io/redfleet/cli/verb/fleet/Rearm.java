package io.redfleet.cli.verb.fleet;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Releases the brake: the file of this machine first, then the one that the gateway keeps. */
@Command(name = "rearm", description = "Allow automatic action again; undoes disarm.")
public final class Rearm extends Verb {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is safe again.")
    private String reason = "released by hand";

    public Rearm(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        int file = releaseHere(settings(), screen);
        if (file == Exit.FAILED) {
            return file;
        }
        Answer answer = gateway.post("/fleet/rearm", Shown.object().put("reason", reason));
        if (answer instanceof Answer.Unreachable) {
            screen.note("A brake that the gateway keeps, if any, is still pulled.");
        }
        return Shown.shown(
                screen,
                answer,
                body -> screen.line("Armed: " + body.path("reason").asText(reason)));
    }

    @Override
    protected int withoutToken(Settings settings, Screen screen, String why) {
        int file = releaseHere(settings, screen);
        return file == Exit.FAILED ? file : super.withoutToken(settings, screen, why);
    }

    private static int releaseHere(Settings settings, Screen screen) {
        LocalBrake brake = new LocalBrake(settings.home());
        if (!settings.local()) {
            return Exit.DONE;
        }
        try {
            if (brake.release()) {
                screen.note("Removed " + brake.file());
            }
            return Exit.DONE;
        } catch (IOException e) {
            screen.note("Still disarmed: cannot remove " + brake.file() + ": " + e.getMessage());
            return Exit.FAILED;
        }
    }
}
