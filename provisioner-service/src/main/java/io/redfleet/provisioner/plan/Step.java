package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.BuildJob;
import java.util.List;

/**
 * One step of a plan.
 *
 * @param id stable, as {@code r1/redis-server/config}
 * @param title for a person, in the imperative
 * @param diff lines with {@code +} and {@code -}, of a whole file as {@code diff -u} has them; empty when the title says it all
 */
public record Step(String id, String title, List<String> diff, Action action) {
    public Step {
        diff = List.copyOf(diff);
    }

    /** On which it is done. */
    public String host() {
        return action instanceof TreeAction.Build
                ? BuildJob.HOST
                : action.place().host().name().value();
    }

    /** Whether it changes nothing, and only waits for what others do. */
    public boolean waits() {
        return action instanceof Action.Await;
    }
}
