package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks beside each other; ours says 0. */
class ClocksTest {
    private final ClusterState cluster = Plans.cluster(3, Map.of());
    /** By host, what survey.sh says of its clock. */
    private final Map<String, String> clocks = new HashMap<>();

    @BeforeEach
    void allAreRight() {
        List.of("r1", "r2", "r3").forEach(host -> clocks.put(host, "now=0\n"));
    }

    /** By how much r1, r2 and r3 are off, and what is said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 0 0     | ''
            0 15 -15  | ''
            0 16 -15  | r2: clock: is 31 s ahead of that of r3, and at most 30 s are right
            -30 5 5   | r2: clock: is 35 s ahead of that of r1, and at most 30 s are right
            """)
    void twoMayBeFartherApartThanEitherIsFromUs(String offsets, String warning) {
        String[] seconds = offsets.split(" ", -1);
        for (int i = 0; i < 3; i++) {
            clocks.put("r" + (i + 1), "now=" + seconds[i] + "\n");
        }
        Plan plan = plan();
        assertThat(plan.obstacles()).isEmpty();
        if (warning.isEmpty()) {
            assertThat(plan.warnings()).isEmpty();
        } else {
            assertThat(plan.warnings()).singleElement().asString().startsWith(warning);
        }
    }

    /** What the host says, and whether that is a warning. */
    @ParameterizedTest
    @CsvSource({
        "clock=follows chronyc, false",
        "clock=alone chronyc, true",
        "clock=alone timedatectl, true",
        "clock=perhaps sundial, false",
        "clock=, false",
    })
    void aClockThatFollowsNoneIsWarnedOfAndOneOfWhichNobodySaysIsNot(String line, boolean warned) {
        clocks.put("r3", "now=0\n" + line + "\n");
        if (warned) {
            String by = line.substring(line.indexOf(' ') + 1);
            assertThat(plan().warnings())
                    .singleElement()
                    .asString()
                    .startsWith("r3: clock: " + by + " says that it follows no other clock");
        } else {
            assertThat(plan().warnings()).isEmpty();
        }
    }

    @Test
    void oneThatIsOffAloneIsInTheWayAsBefore() {
        clocks.put("r1", "now=31\n");
        assertThat(plan().obstacles())
                .extracting(Plan.Obstacle::toString)
                .containsExactly("r1: clock: is off by 31 s; Sentinel would not trust it");
    }

    private Plan plan() {
        return Planner.plan(cluster, SaidHosts.survey(cluster, (host, script) -> """
                        base=/base
                        boot=b
                        os=debian 12
                        binary=/usr/bin/redis-server
                        version=7.0.15
                        engine=redis
                        free=1099511627776
                        cli=/usr/bin/redis-cli
                        """ + clocks.get(host) + "end=yes\n"));
    }
}
