package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long nothing is certain after this process stood still. */
class StallsTest {
    private final long begin = System.nanoTime();

    @Test
    void aShortPauseIsNoDoubt() {
        try (Stalls stalls = new Stalls(begin)) {
            assertThat(stalls.doubtful(at(0))).isFalse();
            assertThat(stalls.doubtful(at(2_900))).isFalse();
        }
    }

    @Test
    void aStopIsSeenByWhoeverLooksFirstAndDoubtedForLongerThanASession() {
        try (Stalls stalls = new Stalls(begin)) {
            assertThat(stalls.doubtful(at(0))).isFalse();
            assertThat(stalls.doubtful(at(30_000))).isTrue();
            for (int millis = 250; millis < 8_000; millis += 250) {
                assertThat(stalls.doubtful(at(30_000 + millis))).isTrue();
            }
            assertThat(stalls.doubtful(at(38_001))).isFalse();
        }
    }

    private long at(long millis) {
        return begin + Duration.ofMillis(millis).toNanos();
    }
}
