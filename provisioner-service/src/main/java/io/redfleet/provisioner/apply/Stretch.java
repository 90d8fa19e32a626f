package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.RunAs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a plan in which no host waits for another: one stage, or several that follow each other and of which every step is
 * local to its host ({@link Local}).
 *
 * <p>Hosts wait for each other twice more: behind the settings of their machines, so that nothing else is begun where one cannot be
 * set; and before the first configuration that follows on directories and notes: one with a configuration counts as configured from
 * then on, so none gets that while another cannot even be prepared.
 *
 * @param lanes what may be done at the same time; the batches of a lane one after the other, and the steps of a batch in one go
 */
record Stretch(List<List<List<Step>>> lanes) {
    /** Several times what a host of a usual cluster gets. More is a batch more: what is cut off is not known of any of them. */
    static final int MOST_IN_A_BATCH = 24;

    Stretch {
        lanes = lanes.stream()
                .map(lane -> lane.stream().map(List::copyOf).toList())
                .toList();
    }

    static List<Stretch> of(List<List<Step>> stages) {
        List<Stretch> stretches = new ArrayList<>();
        List<Step> local = new ArrayList<>();
        for (List<Step> stage : stages) {
            boolean stays = stage.stream().allMatch(step -> Local.is(step.action()));
            boolean joins = stays && !(configures(stage) && prepares(local)) && tunes(local) == tunes(stage);
            if (!joins && !local.isEmpty()) {
                stretches.add(byHost(local));
                local.clear();
            }
            if (stays) {
                local.addAll(stage);
                continue;
            }
            stretches.add(new Stretch(
                    stage.stream().map(step -> List.of(List.of(step))).toList()));
        }
        if (!local.isEmpty()) {
            stretches.add(byHost(local));
        }
        return stretches;
    }

    private static boolean tunes(List<Step> steps) {
        return steps.stream().anyMatch(step -> step.action() instanceof Action.Tune);
    }

    private static boolean configures(List<Step> stage) {
        return stage.stream().anyMatch(step -> step.action() instanceof Action.WriteNew);
    }

    /** Whether there is nothing among them but what comes before configurations. */
    private static boolean prepares(List<Step> local) {
        return local.stream()
                .allMatch(step -> step.action() instanceof Action.Prepare || step.action() instanceof Action.Note);
    }

    private static Stretch byHost(List<Step> steps) {
        Map<HostAccess, List<List<Step>>> lanes = new LinkedHashMap<>();
        for (Step step : steps) {
            List<List<Step>> lane = lanes.computeIfAbsent(step.action().place().access(), host -> new ArrayList<>());
            if (lane.isEmpty() || !fits(lane.getLast(), step)) {
                lane.add(new ArrayList<>());
            }
            lane.getLast().add(step);
        }
        return new Stretch(List.copyOf(lanes.values()));
    }

    private static boolean fits(List<Step> batch, Step step) {
        Optional<RunAs> by = Local.by(step.action());
        return batch.size() < MOST_IN_A_BATCH
                && by.isPresent()
                && by.equals(Local.by(batch.getLast().action()));
    }
}
