package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import java.util.ArrayList;
import java.util.List;

/** A plan as people read it: what changes, host by host, with the difference below each step, and what is in the way. */
final class PlanText {
    private static final String NOTHING = "none";

    private PlanText() {}

    static int show(Screen screen, Answer answer) {
        return Shown.shown(screen, answer, plan -> write(screen, plan));
    }

    private static void write(Screen screen, JsonNode plan) {
        for (JsonNode step : plan.path("steps")) {
            screen.line(String.format("%-12s %s%s", cell(step, "host"), cell(step, "title"), effect(step)));
            step.path("diff").forEach(line -> screen.line(" ".repeat(13) + line.asText()));
        }
        for (JsonNode refused : plan.path("refused")) {
            screen.line(String.format(
                    "%-12s refused: %s differs, and stays so: %s",
                    cell(refused, "host"), cell(refused, "subject"), cell(refused, "reason")));
            refused.path("diff").forEach(shown -> screen.line(" ".repeat(13) + shown.asText()));
        }
        plan.path("warnings").forEach(warning -> screen.line("warning: " + warning.asText()));
        plan.path("notes").forEach(note -> screen.line("note: " + note.asText()));
        plan.path("obstacles").forEach(obstacle -> screen.line("in the way: " + obstacle.asText()));
        screen.line(cell(plan, "cluster") + ": " + sum(plan));
        if (plan.path("changes").asInt() > 0 && plan.path("plan").isTextual()) {
            screen.line("plan " + plan.path("plan").asText() + " (apply -f FILE --plan "
                    + plan.path("plan").asText() + " does this, or nothing)");
        }
    }

    /** What the step costs, where that is anything; of a restart also of whom. */
    private static String effect(JsonNode step) {
        String effect = step.path("effect").asText();
        return switch (effect) {
            case "", NOTHING -> "";
            case "restart" -> " (restart of " + cell(step, "instance") + ")";
            default -> " (" + effect + ")";
        };
    }

    private static String sum(JsonNode plan) {
        if (!plan.path("obstacles").isEmpty()) {
            return "nothing is changed as long as something is in the way";
        }
        int changes = plan.path("changes").asInt();
        return changes == 0 ? "nothing to change" : changes + " to change" + effects(plan);
    }

    private static String effects(JsonNode plan) {
        List<String> counts = new ArrayList<>();
        plan.path("effects").properties().forEach(effect -> {
            if (effect.getValue().asInt() > 0) {
                String word = effect.getKey().equals(NOTHING) ? "without effect on what runs" : effect.getKey();
                counts.add(effect.getValue().asInt() + " " + word);
            }
        });
        return counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
    }
}
