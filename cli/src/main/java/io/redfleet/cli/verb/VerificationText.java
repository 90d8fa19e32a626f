package io.redfleet.cli.verb;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.Consumer;

/** What a verification found, as people read it: what did not pass, line by line, then how much was looked at. */
public final class VerificationText {
    private VerificationText() {}

    /** Writes nothing where there was no verification. */
    public static void write(JsonNode verification, Consumer<String> line) {
        if (!verification.isObject()) {
            return;
        }
        for (JsonNode finding : verification.path("findings")) {
            line.accept(String.format(
                    "  %-12s %-10s %s: %s: %s",
                    cell(finding, "host"),
                    finding.path("ruling").asText().toLowerCase(Locale.ROOT),
                    cell(finding, "subject"),
                    cell(finding, "rule"),
                    cell(finding, "found")));
        }
        if (verification.path("more").asInt() > 0) {
            line.accept("  and " + verification.path("more").asInt() + " more");
        }
        line.accept(sum(verification));
    }

    /** The limits of what runs, a line for each process. */
    public static void limits(JsonNode verification, Consumer<String> line) {
        for (JsonNode limit : verification.path("limits")) {
            line.accept(String.format(
                    "  %-30s pid %-8s open files %s",
                    cell(limit, "instance"), cell(limit, "pid"), cell(limit, "openFiles")));
        }
    }

    private static String sum(JsonNode verification) {
        String verdict = verification.path("holds").asBoolean() ? "verified" : "does not verify";
        return verdict + ": " + count(verification, "passed") + " passed, " + count(verification, "failed")
                + " failed, " + count(verification, "warned") + " warned, " + count(verification, "unverified")
                + " not verified";
    }

    private static int count(JsonNode verification, String field) {
        int sum = 0;
        for (JsonNode host : verification.path("hosts")) {
            sum += host.path(field).asInt();
        }
        return sum;
    }
}
