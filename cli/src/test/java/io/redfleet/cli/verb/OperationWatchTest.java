package io.redfleet.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often an operation is asked for. */
class OperationWatchTest {
    /** Age of the watch and pause, in milliseconds. */
    @ParameterizedTest
    @CsvSource({"0, 50", "999, 50", "1000, 100", "2999, 100", "3000, 200", "9999, 200", "10000, 400", "86400000, 400"})
    void aYoungOneIsAskedForMoreOften(long age, long pause) {
        assertThat(OperationWatch.pause(Duration.ofMillis(age))).isEqualTo(Duration.ofMillis(pause));
    }

    /** However quick the answers are. */
    @Test
    void questionsHaveABound() {
        int asked = 0;
        Duration age = Duration.ZERO;
        while (age.compareTo(Duration.ofSeconds(10)) < 0) {
            age = age.plus(OperationWatch.pause(age));
            asked++;
        }
        assertThat(asked).isEqualTo(75);
    }
}
