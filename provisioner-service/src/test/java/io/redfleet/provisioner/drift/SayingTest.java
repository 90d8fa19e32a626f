package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Drift;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told, by what was told and what is seen. */
class SayingTest {
    private static final Instant BEFORE = Instant.EPOCH;
    private static final Instant NOW = BEFORE.plusSeconds(600);
    private static final Look BLIND = new Look.Blind("r1 gave no answer");
    private static final Look SAME = new Look.Same();
    private static final Look A = new Look.Differs("a", 2, 1, 1, 0, List.of("set", "start"));
    private static final Look B = new Look.Differs("b", 1, 0, 1, 0, List.of("start"));
    private static final Drift TOLD_A = drift(1, "a", 2, 1, List.of("set", "start"), BEFORE, true);
    private static final Drift CLEARED = drift(2, "", 0, 0, List.of(), BEFORE, true);
    private static final Saying NOTHING = new Saying.Nothing();
    private static final Saying NOT_YET = new Saying.NotYet();

    static Stream<Arguments> rows() {
        Saying firstA = new Saying.Tell(drift(1, "a", 2, 1, List.of("set", "start"), NOW, false));
        Saying thenB = new Saying.Tell(new Drift(2, "b", 1, 0, 1, 0, List.of("start"), BEFORE, false));
        Saying againA = new Saying.Tell(drift(3, "a", 2, 1, List.of("set", "start"), NOW, false));
        Saying over = new Saying.Tell(drift(2, "", 0, 0, List.of(), BEFORE, false));
        return Stream.of(
                // Nothing was ever told.
                Arguments.of(null, false, SAME, NOTHING),
                Arguments.of(null, false, BLIND, NOTHING),
                Arguments.of(null, false, A, NOT_YET),
                Arguments.of(null, true, A, firstA),
                Arguments.of(null, true, SAME, NOTHING),
                Arguments.of(null, true, BLIND, NOTHING),
                // One was told and stands.
                Arguments.of(TOLD_A, false, A, NOTHING),
                Arguments.of(TOLD_A, true, A, NOTHING),
                Arguments.of(TOLD_A, false, B, NOT_YET),
                Arguments.of(TOLD_A, true, B, thenB),
                Arguments.of(TOLD_A, false, SAME, over),
                Arguments.of(TOLD_A, true, SAME, over),
                Arguments.of(TOLD_A, false, BLIND, NOTHING),
                // Its end was told: the same difference is a new one.
                Arguments.of(CLEARED, false, SAME, NOTHING),
                Arguments.of(CLEARED, false, BLIND, NOTHING),
                Arguments.of(CLEARED, false, A, NOT_YET),
                Arguments.of(CLEARED, true, A, againA));
    }

    @ParameterizedTest(name = "{0}, suspected {1}, {2}")
    @MethodSource("rows")
    void judges(@Nullable Drift told, boolean suspected, Look look, Saying expected) {
        assertThat(Saying.of(told, suspected, false, look, NOW)).isEqualTo(expected);
    }

    /** Where the last apply did not succeed; of another revision the same difference has another plan. */
    static Stream<Arguments> rowsOfFailed() {
        return Stream.of(
                Arguments.of(TOLD_A, new Look.Differs("c", 2, 1, 1, 0, List.of("set", "start")), NOTHING),
                Arguments.of(TOLD_A, A, NOTHING),
                Arguments.of(TOLD_A, new Look.Differs("c", 3, 1, 1, 0, List.of("set", "start")), null),
                Arguments.of(TOLD_A, new Look.Differs("c", 2, 2, 1, 0, List.of("set", "start")), null),
                Arguments.of(TOLD_A, new Look.Differs("c", 2, 1, 0, 0, List.of("set", "start")), null),
                Arguments.of(TOLD_A, new Look.Differs("c", 2, 1, 1, 1, List.of("set", "start")), null),
                Arguments.of(TOLD_A, new Look.Differs("c", 2, 1, 1, 0, List.of("set", "stop")), null),
                Arguments.of(CLEARED, new Look.Differs("c", 0, 0, 0, 0, List.of()), null));
    }

    /** @param expected null: it is told */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rowsOfFailed")
    void afterAnApplyThatFailedTheSameIsKnownByWhatItsPlanDoes(Drift told, Look look, @Nullable Saying expected) {
        Saying said = Saying.of(told, true, true, look, NOW);
        if (expected == null) {
            assertThat(said).isInstanceOf(Saying.Tell.class);
            return;
        }
        assertThat(said).isEqualTo(expected);
        if (!look.equals(A)) {
            assertThat(Saying.of(told, true, false, look, NOW))
                    .as("where the last apply succeeded")
                    .isInstanceOf(Saying.Tell.class);
        }
    }

    private static Drift drift(
            long number, String plan, int changes, int each, List<String> first, Instant since, boolean told) {
        return new Drift(number, plan, changes, each, each, 0, first, since, told);
    }
}
