package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitrc.Tolerance;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    /** F: a failure, .: a success. F: failed just now, f: failed still, p: not enough yet, S: succeeded just now, -: nothing. */
    @ParameterizedTest(name = "{0} with {1}/{2} and {3}/{4} gives {5}")
    @CsvSource({
        ".F..F,         1, 1, 1, 1, -FS-F",
        "FFF,           1, 1, 1, 1, Fff",
        // Consecutive ones only.
        "F.FFF,         3, 3, 1, 1, p-ppF",
        "FF.FFFF,       3, 3, 1, 1, pp-ppFf",
        // A ratio; what has recovered once is not pending any more when it fails again below its threshold.
        "F.F.,          2, 4, 1, 1, p-FS",
        "F.F.FF,        2, 4, 1, 1, p-FS-F",
        "F...F,         2, 4, 1, 1, p---p",
        "F..F,          2, 4, 1, 1, p--F",
        // The way back needs its own full number of fresh results.
        "F.F..F,        1, 1, 2, 2, F-f-SF",
        "FF..,          1, 1, 2, 4, Ff-S",
        // Successes before the first failure are not remembered.
        ".....FF,       2, 2, 5, 5, -----pF",
    })
    void aStateFlipsWhenEnoughOfTheLastResultsSaySo(
            String results, int count, int cycles, int backCount, int backCycles, String expected) {
        Tolerance failed = Tolerance.within(count, cycles);
        Tolerance recovered = Tolerance.within(backCount, backCycles);
        StringBuilder said = new StringBuilder();
        Tally tally = Tally.NEW;
        for (int i = 0; i < results.length(); i++) {
            boolean failing = results.charAt(i) == 'F';
            Tally.Posted posted = tally.post(failing, failing ? failed : recovered, Instant.ofEpochSecond(i));
            tally = posted.next();
            said.append(letter(posted.effect()));
        }
        assertThat(said).hasToString(expected);
    }

    @Test
    void aWindowMayBeAsLongAsSixtyFourCycles() {
        Tolerance all = Tolerance.consecutive(64);
        Tally tally = Tally.NEW;
        for (int i = 1; i < 64; i++) {
            tally = tally.post(true, all, Instant.EPOCH).next();
            assertThat(tally.failed()).as("after %d", i).isFalse();
        }
        assertThat(tally.post(true, all, Instant.EPOCH).effect()).isEqualTo(Tally.Effect.FAILED);
    }

    @Test
    void aDurationCountsFromTheFirstOfARowOfFailures() {
        Tolerance lasting = Tolerance.lasting(Duration.ofSeconds(10));
        Tally tally = Tally.NEW;
        tally = tally.post(true, lasting, Instant.ofEpochSecond(0)).next();
        tally = tally.post(false, Tolerance.AT_ONCE, Instant.ofEpochSecond(5)).next();
        tally = tally.post(true, lasting, Instant.ofEpochSecond(8)).next();
        Tally.Posted early = tally.post(true, lasting, Instant.ofEpochSecond(17));
        assertThat(early.effect()).isEqualTo(Tally.Effect.PENDING);
        assertThat(early.next().post(true, lasting, Instant.ofEpochSecond(18)).effect())
                .isEqualTo(Tally.Effect.FAILED);
    }

    @Test
    void aChangeCountsEachTimeAndEndsByItself() {
        Tally.Posted first = Tally.NEW.change(true, Tolerance.AT_ONCE, Instant.EPOCH);
        Tally.Posted second = first.next().change(true, Tolerance.AT_ONCE, Instant.EPOCH);
        Tally.Posted none = second.next().change(false, Tolerance.AT_ONCE, Instant.EPOCH);
        assertThat(first.effect()).isEqualTo(Tally.Effect.FAILED);
        assertThat(second.effect()).isEqualTo(Tally.Effect.FAILED);
        assertThat(none.effect()).isEqualTo(Tally.Effect.PASSED);
        assertThat(none.next().failed()).isFalse();
        assertThat(none.next().change(false, Tolerance.AT_ONCE, Instant.EPOCH).effect())
                .isEqualTo(Tally.Effect.NONE);
    }

    private static char letter(Tally.Effect effect) {
        return switch (effect) {
            case NONE -> '-';
            case PENDING -> 'p';
            case FAILED -> 'F';
            case STILL_FAILED -> 'f';
            case PASSED -> 'S';
        };
    }
}
