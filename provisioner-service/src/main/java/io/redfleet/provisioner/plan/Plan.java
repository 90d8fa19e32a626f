package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
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
 * @param refused what differs, and this plan does not change
 * @param foreseen how many of the stages, from the last one back, are only shown: once those before them are carried out the
 *     hosts are looked at anew, and what comes next is planned by that
 * @param warnings what is not as it should be on the hosts, and is in nobody's way
 */
public record Plan(
        List<List<Step>> stages,
        List<Obstacle> obstacles,
        List<String> notes,
        boolean open,
        List<Refused> refused,
        int foreseen,
        List<String> warnings) {
    /** Of an operation that touches nothing. */
    public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of(), false);

    public Plan {
        stages = stages.stream()
                .filter(stage -> !stage.isEmpty())
                .map(List::copyOf)
                .toList();
        obstacles = List.copyOf(obstacles);
        notes = List.copyOf(notes);
        refused = List.copyOf(refused);
        warnings = List.copyOf(warnings);
        if (foreseen < 0 || foreseen > stages.size()) {
            throw new IllegalArgumentException(foreseen + " stages foreseen of " + stages.size());
        }
    }

    /** One beside which nothing is to be said. */
    public Plan(
            List<List<Step>> stages,
            List<Obstacle> obstacles,
            List<String> notes,
            boolean open,
            List<Refused> refused,
            int foreseen) {
        this(stages, obstacles, notes, open, refused, foreseen, List.of());
    }

    /** One that is carried out to its last stage. */
    public Plan(
            List<List<Step>> stages,
            List<Obstacle> obstacles,
            List<String> notes,
            boolean open,
            List<Refused> refused) {
        this(stages, obstacles, notes, open, refused, 0);
    }

    /** One that changes all that differs. */
    public Plan(List<List<Step>> stages, List<Obstacle> obstacles, List<String> notes, boolean open) {
        this(stages, obstacles, notes, open, List.of());
    }

    /**
     * A difference that stays, and why.
     *
     * @param restart whether a restart of the instance that it is about would end it, and nothing else
     */
    public record Refused(String host, String subject, List<String> diff, String reason, boolean restart) {
        public Refused {
            diff = List.copyOf(diff);
        }

        /** One that no restart ends. */
        public Refused(String host, String subject, List<String> diff, String reason) {
            this(host, subject, diff, reason, false);
        }
    }

    /** Something that a person has to mend first. */
    public record Obstacle(String host, String subject, String reason) {
        @Override
        public String toString() {
            return host + ": " + subject + ": " + reason;
        }
    }

    /** The same, with more that is warned of. */
    public Plan warning(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new Plan(stages, obstacles, notes, open, refused, foreseen, all);
    }

    /** The same, with more that was seen and is left alone. */
    public Plan noting(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new Plan(stages, obstacles, all, open, refused, foreseen, warnings);
    }

    /** Nothing can be done before a person has mended this. */
    public static Plan impossible(String subject, String reason) {
        return new Plan(List.of(), List.of(new Obstacle("", subject, reason)), List.of(), false);
    }

    /** The same plan with these warnings, and with more that stays as it is. */
    Plan beside(List<String> said, List<Refused> more) {
        List<Refused> all = new ArrayList<>(refused);
        all.addAll(more);
        return new Plan(stages, obstacles, notes, open, all, foreseen, said);
    }

    public List<Step> steps() {
        return stages.stream().flatMap(List::stream).toList();
    }

    /** The stages that are carried out before the hosts are looked at anew. */
    public List<List<Step>> due() {
        return stages.subList(0, stages.size() - foreseen);
    }

    public boolean nothingToDo() {
        return stages.isEmpty() && obstacles.isEmpty();
    }

    /** What one of its steps costs; a start that ends a restart costs nothing more than that. */
    public Effect effect(Step step) {
        Effect alone = Effect.of(step.action());
        return switch (alone) {
            case STOP -> has(Effect.START, step) ? Effect.RESTART : Effect.STOP;
            case START -> has(Effect.STOP, step) ? Effect.NONE : Effect.START;
            case NONE, LIVE, RESTART -> alone;
        };
    }

    /** How many of these steps have that effect. */
    public int count(Effect effect, List<Step> among) {
        return (int) among.stream().filter(step -> effect(step) == effect).count();
    }

    private boolean has(Effect effect, Step on) {
        return steps().stream()
                .filter(step -> Effect.of(step.action()) == effect)
                .anyMatch(step ->
                        step.action().place().id().equals(on.action().place().id()));
    }

    /**
     * The plan as whoever asked for it sees it, with its id.
     *
     * @param cluster the revision that it makes true
     */
    public Map<String, Object> shown(ClusterState cluster) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("cluster", cluster.name().value());
        shown.put("revision", cluster.revision());
        shown.put("plan", PlanId.of(cluster, this));
        shown.putAll(shown());
        return shown;
    }

    /** The plan as JSON has it: maps, lists, strings and numbers. */
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
                Effect effect = effect(step);
                shown.put("effect", effect.word());
                if (effect != Effect.NONE && !step.action().ofTheMachine()) {
                    shown.put("instance", step.action().place().id().value());
                }
                steps.add(shown);
            }
        }
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("changes", steps.size());
        plan.put("effects", effects());
        plan.put("steps", steps);
        plan.put("refused", refused.stream().map(Plan::refusal).toList());
        plan.put("obstacles", obstacles.stream().map(Obstacle::toString).toList());
        plan.put("warnings", warnings);
        plan.put("notes", notes);
        return plan;
    }

    private Map<String, Object> effects() {
        Map<String, Object> effects = new LinkedHashMap<>();
        for (Effect effect : Effect.values()) {
            effects.put(effect.word(), count(effect, steps()));
        }
        return effects;
    }

    private static Map<String, Object> refusal(Refused refused) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("host", refused.host());
        shown.put("subject", refused.subject());
        shown.put("diff", refused.diff());
        shown.put("reason", refused.reason());
        return shown;
    }
}
