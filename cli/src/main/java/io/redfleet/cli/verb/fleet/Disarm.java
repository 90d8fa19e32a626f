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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Pulls the brake: no automatic action anywhere, or where clusters bear a label, until rearmed.
 *
 * <p>It must work when everything else does not, Kafka included: unless the gateway confirms it, it leaves the file that the
 * services of this machine read before they act.
 */
@Command(
        name = "disarm",
        description = "No automatic action anywhere, or in clusters with a label, until rearmed."
                + " Works without the gateway on the machine of the stack.",
        footer = {
            "",
            "Examples:",
            "  redfleet disarm --reason 'network work in rack 4'",
            "  redfleet disarm --label team=checkout --reason 'load test'"
        })
public final class Disarm extends Verb {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to everybody who meets the brake.")
    private String reason = "pulled by hand";

    @Mixin
    private final LabelOption where = new LabelOption();

    public Disarm(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String label = where.label();
        Answer answer = gateway.post("/fleet/disarm", where.body(reason));
        return switch (answer) {
            case Answer.Done done
            when confirmed(done, label) -> Shown.shown(screen, done, body -> disarmed(screen, body, label));
            case Answer.Done done -> here(settings(), screen, "The monitor has not confirmed it in time.", Exit.FAILED);
            case Answer.Refused refused -> {
                screen.problem(refused);
                yield here(settings(), screen, "The gateway has not confirmed it.", Exit.FAILED);
            }
            case Answer.Unreachable unreachable -> here(settings(), screen, unreachable.reason(), Exit.NOT_REACHABLE);
        };
    }

    private void disarmed(Screen screen, JsonNode body, @Nullable String label) {
        if (label == null) {
            screen.line("Disarmed: " + body.path("reason").asText(reason));
            return;
        }
        screen.line(
                "Disarmed " + label + ": " + body.path("brake").path("reason").asText(reason));
        LabelOption.note(screen, body);
    }

    /** Anything may answer 200; only the record of a pulled brake, of this very label, is one. */
    private static boolean confirmed(Answer.Done done, @Nullable String label) {
        JsonNode of = done.body().path("label");
        boolean same = label == null ? of.isMissingNode() : label.equals(of.asText());
        return !Shown.pending(done) && same && done.body().path("disarmed").asBoolean();
    }

    @Override
    protected int withoutToken(Settings settings, Screen screen, String why) {
        return here(settings, screen, why, Exit.BAD_USAGE);
    }

    private int here(Settings settings, Screen screen, String why, int otherwise) {
        String label = where.label();
        LocalBrake brake = new LocalBrake(settings.home());
        Path file = label == null ? brake.file() : brake.file(label);
        screen.note(why);
        if (!settings.local() || !brake.usable()) {
            screen.note("Not disarmed: there is no Redfleet home of yours at " + settings.home() + " either.");
            return otherwise;
        }
        try {
            if (label == null) {
                brake.pull(reason);
            } else {
                brake.pull(label, reason);
            }
            screen.line("Disarmed by file: " + file
                    + ". The services of this machine read it before every automatic action;"
                    + " the gateway has not confirmed a brake of its own.");
            return Exit.DONE;
        } catch (IOException e) {
            screen.note("Not disarmed: cannot write " + file + ": " + e.getMessage());
            return Exit.FAILED;
        }
    }
}
