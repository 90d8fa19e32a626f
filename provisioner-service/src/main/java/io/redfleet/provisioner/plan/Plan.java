package io.redfleet.provisioner.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stages in order; the steps of one stage may run at once.
 *
 * @param obstacles why nothing may be touched; empty when the plan may be carried out
 * @param notes what was seen and is left alone
 * @param open whether more can only be planned after these stages have been carried out
 */
public record Plan(List<List<Step>> stages, List<Obstacle> obstacles, List<String> notes, boolean open) {
    /** Of an operation that touches nothing. */
    public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of(), false);

    public Plan {
        stages = stages.stream()
                .filter(stage -> !stage.isEmpty())
                .map(List::copyOf)
                .toList();
        obstacles = List.copyOf(obstacles);
        notes = List.copyOf(notes);
    }

    /** Something that a person has to mend first. */
    public record Obstacle(String host, String subject, String reason) {
        @Override
        public String toString() {
            return host + ": " + subject + ": " + reason;
        }
    }

    /** Nothing can be done before a person has mended this. */
    public static Plan impossible(String subject, String reason) {
        return new Plan(List.of(), List.of(new Obstacle("", subject, reason)), List.of(), false);
    }

    public List<Step> steps() {
        return stages.stream().flatMap(List::stream).toList();
    }

    public boolean nothingToDo() {
        return stages.isEmpty() && obstacles.isEmpty();
    }

    /** The plan as JSON has it: maps, lists and strings. */
    public Map<String, Object> shown() {
        List<Object> steps = new ArrayList<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            for (Step step : stages.get(stage)) {
                Map<String, Object> shown = new LinkedHashMap<>();
                shown.put("stage", stage + 1);
                shown.put("id", step.id());
                shown.put("host", step.host());
                shown.put("title", step.title());
                shown.put("diff", step.diff());
                steps.add(shown);
            }
        }
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("changes", steps.size());
        plan.put("steps", steps);
        plan.put("obstacles", obstacles.stream().map(Obstacle::toString).toList());
        plan.put("notes", notes);
        return plan;
    }
}
