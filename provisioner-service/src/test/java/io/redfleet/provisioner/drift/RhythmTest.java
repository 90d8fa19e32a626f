package io.redfleet.provisioner.drift;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When clusters are looked at. */
class RhythmTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Drift TOLD = new Drift(1, "a", 1, 1, 0, 0, List.of("set"), NOON, true);

    private final Rhythm rhythm = new Rhythm(Duration.ofMinutes(10));
    private final ClusterState cluster = Plans.cluster("u", 3, 3);

    @Test
    void eachClusterHasOneTurnInTenMinutesAndNoMinuteHasMoreThanItsShare() {
        int[] looks = new int[60];
        for (int i = 0; i < 600; i++) {
            ClusterState one = Plans.cluster(uid(i), 1, 1);
            Rhythm.Looked last = new Rhythm.Looked(NOON, false);
            int own = 0;
            for (int second = 1; second <= 3_600; second++) {
                Instant now = NOON.plusSeconds(second);
                if (rhythm.due(one, last, now)) {
                    last = new Rhythm.Looked(now, false);
                    looks[(second - 1) / 60]++;
                    own++;
                }
            }
            assertThat(own).isEqualTo(6);
        }
        assertThat(looks)
                .as("600 clusters, 60 in each minute if all is even")
                .satisfies(all ->
                        assertThat(Arrays.stream(all).max().orElseThrow()).isLessThan(120));
    }

    @Test
    void anotherOwnerKeepsTheTurns() {
        Instant first = nextTurn(new Rhythm.Looked(NOON, false));
        Rhythm.Looked met = new Rhythm.Looked(first.minusSeconds(30), false);
        assertThat(nextTurn(met)).isEqualTo(first);
    }

    @Test
    void aDifferenceIsLookedAtAgainAfterAMinute() {
        Rhythm.Looked suspected = new Rhythm.Looked(NOON, true);
        assertThat(rhythm.due(cluster, suspected, NOON.plusSeconds(59))).isFalse();
        assertThat(rhythm.due(cluster, suspected, NOON.plusSeconds(60))).isTrue();
        Rhythm fast = new Rhythm(Duration.ofSeconds(2));
        assertThat(fast.due(cluster, suspected, NOON.plusSeconds(1))).isFalse();
        assertThat(fast.due(cluster, suspected, NOON.plusSeconds(2))).isTrue();
    }

    @Test
    void whereDriftWasToldTheEndOfAnOperationIsLookedAtAtOnce() {
        // Long before the next turn.
        Instant turn = nextTurn(new Rhythm.Looked(NOON, false));
        Rhythm.Looked looked = new Rhythm.Looked(turn, false);
        ClusterState ready = cluster.drifted(TOLD).in(Phase.READY, "", turn.plusSeconds(5));
        assertThat(rhythm.due(ready, looked, turn.plusSeconds(6))).isTrue();
        assertThat(rhythm.due(ready, new Rhythm.Looked(turn.plusSeconds(6), false), turn.plusSeconds(7)))
                .isFalse();
        ClusterState well = cluster.drifted(TOLD.over()).in(Phase.READY, "", turn.plusSeconds(5));
        assertThat(rhythm.due(well, looked, turn.plusSeconds(6))).isFalse();
        ClusterState never = cluster.in(Phase.READY, "", turn.plusSeconds(5));
        assertThat(rhythm.due(never, looked, turn.plusSeconds(6))).isFalse();
    }

    @Test
    void aClockThatGoesBackEndsNothing() {
        Rhythm.Looked ahead = new Rhythm.Looked(NOON.plus(Duration.ofDays(1)), false);
        assertThat(rhythm.due(cluster, ahead, NOON)).isTrue();
    }

    /** As if drawn by lot, and the same in each run. */
    private static String uid(int i) {
        return UUID.nameUUIDFromBytes(("cluster " + i).getBytes(UTF_8)).toString();
    }

    private Instant nextTurn(Rhythm.Looked last) {
        Instant now = last.at();
        while (!rhythm.due(cluster, last, now)) {
            now = now.plusSeconds(1);
        }
        return now;
    }
}
