package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Step;
import java.util.List;

/** What one look at a cluster showed. */
public sealed interface Look {
    /**
     * Not all was seen: a host that gave no answer, an instance that is stopped or not ready. It proves neither a
     * difference nor its end.
     */
    record Blind(String why) implements Look {}

    /** Everything was seen, and is as the spec says. */
    record Same() implements Look {}

    /**
     * @param plan the id of the plan that would undo it
     * @param changes how many of its steps change something
     * @param first the titles of the first of these
     */
    record Differs(String plan, int changes, int live, int starts, int restarts, List<String> first) implements Look {
        public Differs {
            first = List.copyOf(first);
        }
    }

    /** As many titles as one reads. */
    int SHOWN = 5;
    /** Longer than any title of our own; a path in one may be longer. */
    int SHOWN_CHARACTERS = 200;

    /** @param plan what would be done now */
    static Look at(ClusterState cluster, Plan plan) {
        if (!plan.obstacles().isEmpty()) {
            return new Blind(plan.obstacles().getFirst().toString());
        }
        List<Step> changes = plan.steps().stream().filter(step -> !step.waits()).toList();
        if (!changes.isEmpty()) {
            return new Differs(
                    PlanId.of(cluster, plan),
                    changes.size(),
                    plan.count(Effect.LIVE, changes),
                    plan.count(Effect.START, changes),
                    plan.count(Effect.RESTART, changes),
                    changes.stream().limit(SHOWN).map(Look::shown).toList());
        }
        // Of an instance that does not answer the settings are not known.
        if (!plan.steps().isEmpty()) {
            return new Blind(plan.steps().getFirst().title());
        }
        return plan.notes().isEmpty() ? new Same() : new Blind(plan.notes().getFirst());
    }

    private static String shown(Step step) {
        String title = step.title();
        return title.length() <= SHOWN_CHARACTERS ? title : title.substring(0, SHOWN_CHARACTERS) + "...";
    }
}
