package io.redfleet.cli.screen;

import com.fasterxml.jackson.databind.JsonNode;

/** A failover report as a timeline in milliseconds from its first sign. */
public final class FailoverText {
    private FailoverText() {}

    public static void write(Screen screen, JsonNode report) {
        screen.line("failover " + report.path("id").asText() + " of "
                + report.path("cluster").asText("-") + ", epoch "
                + report.path("epoch").asText() + (report.path("inferred").asBoolean() ? ", inferred afterwards" : ""));
        screen.line("  " + Cell.text(report.path("oldMaster")) + " -> "
                + Cell.text(report.path("newMaster")) + ", started "
                + When.exact(report.path("startedAt").asText("")));
        screen.line("");
        for (JsonNode moment : report.path("timeline")) {
            screen.line(String.format(
                    "  %+7d ms  %-22s %s",
                    moment.path("offsetMillis").asLong(),
                    moment.path("witness").asText(),
                    moment.path("what").asText()));
        }
        screen.line("");
        screen.line("  from the old master's last answer to the promotion            "
                + figure(report, "writeOutageMillis", "ms"));
        screen.line("  from the old master's last answer to Sentinel's new address   "
                + figure(report, "addressOutageMillis", "ms"));
        screen.line("  of acknowledged writes lost at most                           "
                + figure(report, "lossBoundBytes", "bytes"));
    }

    /** The report uses a negative figure for what nobody saw. */
    private static String figure(JsonNode report, String field, String unit) {
        JsonNode node = report.path(field);
        return node.isNumber() && node.asLong() >= 0 ? node.asLong() + " " + unit : "unknown";
    }
}
