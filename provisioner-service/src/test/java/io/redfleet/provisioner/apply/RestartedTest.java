package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.plan.Plan;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is left when a step of restarts one after the other has failed. */
class RestartedTest {
    /** How many instances a plan would have restarted, and what is said of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | '; still to be restarted: r1/redis-server [- a, + b]'
            3 | 'd: r1/redis-server [- a, + b], r2/redis-server [- a, + b], r3/redis-server [- a, + b]'
            5 | ', r3/redis-server [- a, + b], and 2 more'
            """)
    void theFirstThreeAreNamedAndNothingButInstances(int many, String end) {
        List<Plan.Refused> instances = IntStream.rangeClosed(1, many)
                .mapToObj(i -> refused("r" + i, "r" + i + "/redis-server"))
                .toList();
        assertThat(Restarted.left(plan(instances)))
                .startsWith("; still to be restarted: r1/redis-server ")
                .endsWith(end)
                .doesNotContain("r4/");
        assertThat(Restarted.left(plan(List.of()))).isEmpty();
    }

    /** A directive that is left in a file, and a Sentinel's namesake, are of an instance as well. */
    @Test
    void whatNoRestartEndsIsNotCounted() {
        Plan.Refused left = new Plan.Refused("r1", "r1/redis-server", List.of("- redis.conf: include"), "take it out");
        Plan.Refused version = new Plan.Refused("r1", "packages", List.of("- a", "+ b"), "stays");
        assertThat(Restarted.left(plan(List.of(left, version)))).isEmpty();
        assertThat(Restarted.left(plan(List.of(left, refused("r2", "r2/redis-server")))))
                .isEqualTo("; still to be restarted: r2/redis-server [- a, + b]");
    }

    private static Plan plan(List<Plan.Refused> refused) {
        return new Plan(List.of(), List.of(), List.of(), false, refused);
    }

    private static Plan.Refused refused(String host, String subject) {
        return new Plan.Refused(host, subject, List.of("- a", "+ b"), "needs --rolling", true);
    }
}
