package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;

/** A plan as people read it: what changes, host by host, with the difference below each step. */
final class PlanText {
    private PlanText() {}

    static int show(Screen screen, Answer answer) {
        return Shown.shown(screen, answer, plan -> write(screen, plan));
    }

    private static void write(Screen screen, JsonNode plan) {
        int unchanged = 0;
        for (JsonNode step : plan.path("steps")) {
            String change = step.path("change").asText("none");
            if (change.equals("none")) {
                unchanged++;
                continue;
            }
            screen.line(String.format("%-8s %-12s %s", change, cell(step, "host"), cell(step, "title")));
            step.path("diff").asText("").lines().forEach(line -> screen.line("         " + line));
        }
        int changes = plan.path("changes").asInt();
        String rest = unchanged == 0 ? "" : ", " + unchanged + " as wanted";
        screen.line(
                cell(plan, "cluster") + ": " + (changes == 0 ? "nothing to change" : changes + " to change" + rest));
    }
}
