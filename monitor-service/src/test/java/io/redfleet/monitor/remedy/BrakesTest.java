package io.redfleet.monitor.remedy;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import org.junit.jupiter.api.Test;

class BrakesTest {
    @Test
    void theFourthBadClusterWithinAMinuteIsTooManyInASmallFleet() {
        Brakes brakes = bad(3, 1_000);
        assertThat(brakes.tooManyBad(20, at(3_000))).isFalse();

        brakes = brakes.wentBad(new ClusterName("c3"), at(4_000));
        assertThat(brakes.tooManyBad(20, at(4_000))).isTrue();
        assertThat(brakes.tooManyBad(20, at(60_000)))
                .as("a minute after the first")
                .isFalse();
    }

    @Test
    void inALargeFleetMoreThanATenthIsTooMany() {
        assertThat(bad(10, 1_000).tooManyBad(100, at(11_000))).isFalse();
        assertThat(bad(11, 1_000).tooManyBad(100, at(11_000))).isTrue();
    }

    @Test
    void theSameClusterTwiceIsOne() {
        Brakes brakes = Brakes.OFF;
        for (int i = 0; i < 10; i++) {
            brakes = brakes.wentBad(new ClusterName("orders"), at(i));
        }
        assertThat(brakes.tooManyBad(1, at(10))).isFalse();
    }

    @Test
    void atMostTwoRestartsAreUnderWayUntilOneLands() {
        Brakes brakes = Brakes.OFF.asked("a/1", at(0), at(30_000)).asked("b/1", at(0), at(30_000));

        assertThat(brakes.refusal("c/1", at(1_000))).contains("under way");
        assertThat(brakes.refusal("a/1", at(1_000))).as("its own repeat").isEmpty();
        assertThat(brakes.landed("a/1").refusal("c/1", at(1_000))).isEmpty();
        assertThat(brakes.refusal("c/1", at(30_000))).as("given up").isEmpty();
    }

    @Test
    void atMostTenRestartsAreTriedInTenMinutes() {
        Brakes brakes = Brakes.OFF;
        for (int i = 0; i < 10; i++) {
            brakes = brakes.asked("a/" + i, at(i * 1_000L), at(i * 1_000L + 30_000))
                    .tried("a/" + i, at(i * 1_000L));
        }
        assertThat(brakes.refusal("b/1", at(20_000))).contains("ten minutes");
        assertThat(brakes.refusal("b/1", at(600_000))).isEmpty();
    }

    @Test
    void whatNobodyCarriedOutUsesNothingUp() {
        Brakes brakes = Brakes.OFF;
        for (int i = 0; i < 20; i++) {
            brakes = brakes.asked("a/1", at(i * 30_000L), at((i + 1) * 30_000L));
        }
        assertThat(brakes.refusal("b/1", at(600_000))).isEmpty();
    }

    private static Brakes bad(int clusters, long apartMillis) {
        Brakes brakes = Brakes.OFF;
        for (int i = 0; i < clusters; i++) {
            brakes = brakes.wentBad(new ClusterName("c" + i), at(i * apartMillis));
        }
        return brakes;
    }
}
