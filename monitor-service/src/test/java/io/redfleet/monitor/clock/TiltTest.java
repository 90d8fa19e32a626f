package io.redfleet.monitor.clock;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TiltTest {
    private static final Duration PERIOD = Duration.ofMillis(250);

    @Test
    void aTickThatComesTwoSecondsLateBeginsATiltThatEndsAfterThirtyQuietSeconds() {
        Tilt tilt = Tilt.started(at(0)).tick(at(250), PERIOD).tilt();

        Tilt.Ticked late = tilt.tick(at(2_600), PERIOD);
        assertThat(late.change()).isEqualTo(new Tilt.Entered("a tick came 2100 ms late"));
        assertThat(late.tilt().active()).isTrue();

        Tilt quiet = late.tilt();
        for (long ms = 2_850; ms < 32_600; ms += 250) {
            Tilt.Ticked ticked = quiet.tick(at(ms), PERIOD);
            assertThat(ticked.change()).isEqualTo(new Tilt.Unchanged());
            quiet = ticked.tilt();
        }
        Tilt.Ticked left = quiet.tick(at(32_600), PERIOD);
        assertThat(left.change()).isEqualTo(new Tilt.Left(Duration.ofSeconds(30)));
        assertThat(left.tilt().active()).isFalse();
    }

    @Test
    void aTickTwoSecondsLateAtMostIsNoTilt() {
        assertThat(Tilt.started(at(0)).tick(at(2_250), PERIOD).tilt().active()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -2_001, 2_001, 3_600_000})
    void aWallClockThatIsSetBeginsATiltThoughTicksAreEven(long step) {
        assertThat(Tilt.started(at(0)).tick(jumped(step), PERIOD).change())
                .isEqualTo(new Tilt.Entered("the wall clock jumped by " + step + " ms"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-2_000, -1, 1, 2_000})
    void aWallClockThatIsSetByTwoSecondsAtMostIsNoTilt(long step) {
        assertThat(Tilt.started(at(0)).tick(jumped(step), PERIOD).tilt().active())
                .isFalse();
    }

    private static Moment jumped(long step) {
        return new Moment(at(250).wall().plusMillis(step), at(250).ticks());
    }

    @Test
    void moreTroubleProlongsATiltAndIsNotToldAgain() {
        Tilt tilt = Tilt.started(at(0)).tick(at(10_000), PERIOD).tilt();

        Tilt.Ticked again = tilt.tick(at(20_000), PERIOD);

        assertThat(again.change()).isEqualTo(new Tilt.Unchanged());
        assertThat(again.tilt().tick(at(20_250), PERIOD).tilt().active()).isTrue();
        assertThat(again.tilt().trouble()).isEqualTo(at(20_000));
    }
}
