package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.event.OperationEvent;
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
        Telling telling = Telling.of(FOUND, 3, SINCE);
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
        Telling telling = Telling.of(FOUND.over(), 3, SINCE.plusSeconds(90));
        assertThat(telling.what()).isEqualTo("drift:5:cleared");
        assertThat(telling.event()).isEqualTo(new OperationEvent.DriftCleared(90_000));
        assertThat(Telling.of(FOUND.over(), 3, SINCE.minusSeconds(5)).event())
                .as("by a clock that is behind")
                .isEqualTo(new OperationEvent.DriftCleared(0));
    }
}
