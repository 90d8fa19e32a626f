package io.redfleet.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.local.StartRefused;
import io.redfleet.local.doctor.BrakeCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What holds back automatic action in the demo's cluster: the master that it kills would be started again by nobody. Each answer
 * says since when, why, and what ends it.
 */
final class Brake {
    /** Of the demo's cluster, as its templates have them. */
    static final Map<String, String> LABELS = Map.of("team", "checkout", "env", "demo");

    private static final String REARM = "./redfleet rearm";

    private static final String NOT_BEGUN =
            "\n  Nobody would start the master again that the demo kills, so it does not begin.";

    private Brake() {}

    /**
     * Before anything is made that would be waited for in vain.
     *
     * @param home the stack's
     * @throws StartRefused if a brake holds, or the gateway does not say whether one does
     */
    static void armed(Path home, Gateway gateway) throws IOException, StartRefused {
        Optional<String> held = byFile(home);
        if (held.isEmpty()) {
            held = switch (gateway.get("/fleet", Map.of())) {
                case Answer.Done fleet -> byOrder(fleet.body());
                case Answer.Refused refused ->
                    throw new StartRefused("the gateway does not say whether the fleet is disarmed: " + refused.title()
                            + ": " + refused.detail());
                case Answer.Unreachable silent ->
                    throw new StartRefused(
                            "the gateway does not say whether the fleet is disarmed: " + silent.reason());
            };
        }
        if (held.isPresent()) {
            throw new StartRefused(held.get());
        }
    }

    /** What was waited for in vain may be what a brake holds back that was pulled meanwhile, by the fleet itself or by a person. */
    static StartRefused inVain(Path home, Gateway gateway, StartRefused refused) throws IOException {
        Optional<String> held = byFile(home);
        if (held.isEmpty() && gateway.get("/fleet", Map.of()) instanceof Answer.Done fleet) {
            held = byOrder(fleet.body());
        }
        return held.map(brake -> new StartRefused(inVain(refused.reason(), brake)))
                .orElse(refused);
    }

    /** By a file of this machine, which holds with or without a gateway. */
    static Optional<String> byFile(Path home) throws IOException {
        LocalBrakes files = BrakeFiles.read(home);
        if (!files.everywhere().isEmpty()) {
            String held = "the fleet is disarmed on this machine: " + files.everywhere() + said(home);
            return Optional.of(words(held, Files.notExists(home.resolve("disarmed")) ? byHand(home) : REARM));
        }
        return files.labels().stream()
                .filter(label -> label.isOn(LABELS))
                .findFirst()
                .map(label -> words("label " + label.value() + " is disarmed by a file on this machine", rearm(label)));
    }

    /** @param fleet what {@code GET /fleet} answers */
    static Optional<String> byOrder(JsonNode fleet) {
        JsonNode brake = fleet.path("brake");
        if (brake.path("disarmed").asBoolean()) {
            return Optional.of(words("the fleet is disarmed" + said(brake), REARM));
        }
        for (JsonNode each : brake.path("labelled").path("brakes")) {
            String label = each.path("label").asText();
            if (Label.allowed(label) && new Label(label).isOn(LABELS)) {
                return Optional.of(words("label " + label + " is disarmed" + said(each), rearm(new Label(label))));
            }
        }
        return Optional.empty();
    }

    /**
     * A refusal of the demo once it has begun, with the brake that may be its reason.
     *
     * @param brake as {@link #byFile} and {@link #byOrder} tell it
     */
    static String inVain(String refusal, String brake) {
        return refusal + "\n  Nothing is done by itself meanwhile: " + brake.replace(NOT_BEGUN, "");
    }

    private static String said(JsonNode brake) {
        return " since " + brake.path("since").asText() + " by "
                + brake.path("actor").path("name").asText() + ": "
                + brake.path("reason").asText();
    }

    /** Of the file of the whole fleet, if it is that which holds. */
    private static String said(Path home) throws IOException {
        Path file = home.resolve("disarmed");
        if (!Files.isRegularFile(file)) {
            return "";
        }
        return " since " + Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS) + ": "
                + Files.readString(file).strip();
    }

    /** Where it is no order that holds: what is not understood holds everything, and rearm takes away named labels alone. */
    private static String byHand(Path home) {
        Path labels = home.resolve("disarmed.labels");
        return BrakeCheck.byHand(labels.toString(), Files.isDirectory(labels) && Files.isReadable(labels));
    }

    private static String rearm(Label label) {
        return REARM + " --label " + label.value();
    }

    private static String words(String held, String end) {
        return held + NOT_BEGUN + "\n  When the reason is gone: " + end;
    }
}
