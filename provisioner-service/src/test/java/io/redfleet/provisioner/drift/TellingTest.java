package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.provisioner.plan.Plans;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words of a drift. */
class TellingTest {
    private static final Instant SINCE = Instant.EPOCH;
    private static final Drift FOUND =
            new Drift(4, "0123456789abcdef", 7, 2, 1, 0, List.of("set [maxmemory]", "start r3"), SINCE, false);

    @Test
    void itSaysHowMuchWhatItCostsAndByWhichPlanItIsUndone() {
        Telling telling = Telling.of(FOUND, cluster(Phase.READY, ""), SINCE);
        assertThat(telling.what()).isEqualTo("drift:4:0123456789abcdef");
        assertThat(telling.reason())
                .isEqualTo("the hosts differ from revision 3, plan 0123456789abcdef has 7 change(s) (2 live, 1 start):"
                        + " set [maxmemory]; start r3; and 5 more");
        assertThat(telling.event())
                .isEqualTo(new OperationEvent.DriftFound(
                        "0123456789abcdef", 3, 7, 2, 1, 0, List.of("set [maxmemory]", "start r3")));
    }

    @Test
    void itsEndSaysHowLongItLastedAndHasAnIdOfItsOwn() {
        Telling telling = Telling.of(FOUND.over(), cluster(Phase.READY, ""), SINCE.plusSeconds(90));
        assertThat(telling.what()).isEqualTo("drift:5:cleared");
        assertThat(telling.event()).isEqualTo(new OperationEvent.DriftCleared(90_000));
        assertThat(Telling.of(FOUND.over(), cluster(Phase.READY, ""), SINCE.minusSeconds(5))
                        .event())
                .as("by a clock that is behind")
                .isEqualTo(new OperationEvent.DriftCleared(0));
    }

    @Test
    void afterAnApplyThatFailedItSaysWhenAndWhy() {
        ClusterState failed = cluster(Phase.FAILED, "preflight: r1: no room");
        String said = "; its last apply did not succeed, at 1970-01-01T00:00:07Z: preflight: r1: no room";
        assertThat(Telling.of(FOUND, failed, SINCE).reason())
                .startsWith("the hosts differ from revision 3, plan 0123456789abcdef has 7 change(s)")
                .endsWith("; and 5 more" + said);
        assertThat(Telling.of(FOUND.over(), failed, SINCE).reason())
                .isEqualTo("the hosts are as revision 3 says again" + said);
        String longest = "x".repeat(200);
        assertThat(Telling.of(FOUND, cluster(Phase.FAILED, longest + "y"), SINCE)
                        .reason())
                .endsWith(": " + longest + "...");
        assertThat(Telling.of(FOUND, failed, SINCE).what())
                .as("the same difference is the same, whatever failed since")
                .isEqualTo("drift:4:0123456789abcdef");
    }

    private static ClusterState cluster(Phase phase, String reason) {
        return Plans.cluster("u1", 3, 2).in(phase, reason, SINCE.plusMillis(7_999));
    }
}
