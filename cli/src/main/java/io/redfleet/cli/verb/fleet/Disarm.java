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

/**
 * Pulls the brake: no automatic action anywhere until rearmed.
 *
 * <p>It must work when everything else does not, Kafka included: unless the gateway confirms it, it leaves the file that the
 * services of this machine read before they act.
 */
@Command(
        name = "disarm",
        description =
                "No automatic action anywhere until rearmed. Works without the gateway on the machine of the stack.",
        footer = {"", "Example:", "  redfleet disarm --reason 'network work in rack 4'"})
public final class Disarm extends Verb {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to everybody who meets the brake.")
    private String reason = "pulled by hand";

    public Disarm(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Answer answer = gateway.post("/fleet/disarm", Shown.object().put("reason", reason));
        return switch (answer) {
            case Answer.Done done
            when confirmed(done) ->
                Shown.shown(
                        screen,
                        done,
                        body -> screen.line("Disarmed: " + body.path("reason").asText(reason)));
            case Answer.Done done -> here(settings(), screen, "The monitor has not confirmed it in time.", Exit.FAILED);
            case Answer.Refused refused -> {
                screen.problem(refused);
                yield here(settings(), screen, "The gateway has not confirmed it.", Exit.FAILED);
            }
            case Answer.Unreachable unreachable -> here(settings(), screen, unreachable.reason(), Exit.NOT_REACHABLE);
        };
    }

    /** Anything may answer 200; only the record of a pulled brake is one. */
    private static boolean confirmed(Answer.Done done) {
        return !Shown.pending(done) && done.body().path("disarmed").asBoolean();
    }

    @Override
    protected int withoutToken(Settings settings, Screen screen, String why) {
        return here(settings, screen, why, Exit.BAD_USAGE);
    }

    private int here(Settings settings, Screen screen, String why, int otherwise) {
        LocalBrake brake = new LocalBrake(settings.home());
        screen.note(why);
        if (!settings.local() || !brake.usable()) {
            screen.note("Not disarmed: there is no Redfleet home of yours at " + settings.home() + " either.");
            return otherwise;
        }
        try {
            brake.pull(reason);
            screen.line("Disarmed by file: " + brake.file()
                    + ". The services of this machine read it before every automatic action;"
                    + " the gateway has not confirmed a brake of its own.");
            return Exit.DONE;
        } catch (IOException e) {
            screen.note("Not disarmed: cannot write " + brake.file() + ": " + e.getMessage());
            return Exit.FAILED;
        }
    }
}
