package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom one run has restarted. Nobody is restarted twice by it: whose restart did not bring about what it was for would be
 * restarted for ever.
 */
final class Restarted {
    /** Of those that are left, in one sentence; the plan has all. */
    private static final int MOST_LEFT = 3;

    private final Set<InstanceId> done = new LinkedHashSet<>();

    /** Whether what is due of it stops an instance that has to come back, or changes the master. */
    static boolean isTurn(Plan plan) {
        return due(plan).stream()
                .anyMatch(step -> plan.effect(step) == Effect.RESTART || step.action() instanceof Action.Switch);
    }

    /** Whom what is due of it would restart again, and why that is not done; empty: nobody. */
    Optional<String> again(Plan plan) {
        return due(plan).stream()
                .filter(step -> plan.effect(step) == Effect.RESTART)
                .filter(step -> done.contains(step.action().place().id()))
                .map(step -> step.action().place().id() + " was restarted, and differs still: " + step.diff())
                .findFirst();
    }

    /** What was due of it has been done. */
    void add(Plan plan) {
        due(plan).stream()
                .filter(step -> plan.effect(step) == Effect.RESTART)
                .forEach(step -> done.add(step.action().place().id()));
    }

    /** For the end of a sentence on what came after it. */
    String before() {
        return done.isEmpty() ? "" : "; restarted before that: " + done;
    }

    /**
     * For the end of a sentence on what came before it: who runs otherwise than is asked for, and what differs.
     *
     * @param now a plan that restarts nobody, of a look that was made since
     */
    static String left(Plan now) {
        List<String> left = now.refused().stream()
                .filter(Plan.Refused::restart)
                .map(refused -> refused.subject() + " " + refused.diff())
                .toList();
        String first = left.stream().limit(MOST_LEFT).collect(Collectors.joining(", "));
        String more = left.size() > MOST_LEFT ? ", and " + (left.size() - MOST_LEFT) + " more" : "";
        return left.isEmpty() ? "" : "; still to be restarted: " + first + more;
    }

    /** For the end of a sentence on the whole. */
    String told() {
        return done.isEmpty() ? "" : "; restarted, in this order: " + done;
    }

    private static List<Step> due(Plan plan) {
        return plan.due().stream().flatMap(List::stream).toList();
    }
}
