package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;

/** A plan as people read it: what changes, host by host, with the difference below each step, and what is in the way. */
final class PlanText {
    private PlanText() {}

    static int show(Screen screen, Answer answer) {
        return Shown.shown(screen, answer, plan -> write(screen, plan));
    }

    private static void write(Screen screen, JsonNode plan) {
        for (JsonNode step : plan.path("steps")) {
            screen.line(String.format("%-12s %s", cell(step, "host"), cell(step, "title")));
            step.path("diff").forEach(line -> screen.line(" ".repeat(13) + line.asText()));
        }
        plan.path("notes").forEach(note -> screen.line("note: " + note.asText()));
        plan.path("obstacles").forEach(obstacle -> screen.line("in the way: " + obstacle.asText()));
        screen.line(cell(plan, "cluster") + ": " + sum(plan));
    }

    private static String sum(JsonNode plan) {
        if (!plan.path("obstacles").isEmpty()) {
            return "nothing is changed as long as something is in the way";
        }
        int changes = plan.path("changes").asInt();
        return changes == 0 ? "nothing to change" : changes + " to change";
    }
}
