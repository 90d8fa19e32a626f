package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the steps of a plan cost. */
class EffectTest {
    private final Step write = Plans.write("r1", "write users.acl", List.of(), "");
    private final Step live = Plans.tell("r1");
    private final Step start = Plans.start("r2");
    private final Step ready = Plans.ready("r2");
    private final Step stop = Plans.stop("r3");
    private final Step startAgain = Plans.start("r3");

    @Test
    void aStopIsARestartIfTheSamePlanStartsTheSameInstanceAgain() {
        Plan restart = Plans.of(List.of(List.of(start), List.of(stop), List.of(startAgain)));
        assertThat(restart.effect(stop)).isEqualTo(Effect.RESTART);
        assertThat(restart.effect(startAgain)).isEqualTo(Effect.NONE);
        assertThat(restart.effect(start)).as("of another instance").isEqualTo(Effect.START);

        assertThat(Plans.of(List.of(List.of(start), List.of(stop))).effect(stop))
                .isEqualTo(Effect.STOP);
    }

    @Test
    void eachStepSaysWhatItCostsAndThePlanCountsThem() {
        Plan plan = Plans.of(List.of(
                List.of(write), List.of(live), List.of(start), List.of(ready), List.of(stop), List.of(startAgain)));
        assertThat(each(plan, "effect")).containsExactly("none", "live", "start", "none", "restart", "none");
        assertThat(each(plan, "instance"))
                .as("named where something runs otherwise than before")
                .containsExactly("null", "r1/redis-server", "r2/redis-server", "null", "r3/redis-server", "null");
        assertThat(plan.shown())
                .containsEntry("effects", Map.of("none", 3, "live", 1, "start", 1, "stop", 0, "restart", 1))
                .containsEntry("changes", 6);
    }

    private static List<String> each(Plan plan, String field) {
        List<?> steps = (List<?>) Objects.requireNonNull(plan.shown().get("steps"));
        return steps.stream()
                .map(step -> String.valueOf(((Map<?, ?>) step).get(field)))
                .toList();
    }
}
