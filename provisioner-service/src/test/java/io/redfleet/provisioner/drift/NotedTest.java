package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Looks;
import io.redfleet.contracts.cluster.Looks.Seen;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written of a look, by what the record says. */
class NotedTest {
    private static final Instant READY = Instant.parse("2026-11-27T12:00:00Z");
    private static final Instant NOW = READY.plusSeconds(3_600);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Look SAME = new Look.Same();
    private static final Look DIFFERS = new Look.Differs("a", 1, 1, 0, 0, List.of("set"));
    private static final Look R1 = new Look.Blind("r1 gave no answer");

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("the first look", null, SAME, looks(Seen.SAME, "", NOW)),
                Arguments.of("the first, and not all was seen", null, R1, looks(Seen.BLIND, "r1 gave no answer", NOW)),
                Arguments.of("as before", looks(Seen.SAME, "", READY.plusSeconds(9)), SAME, null),
                Arguments.of("the moment it was ready", looks(Seen.SAME, "", READY), SAME, null),
                Arguments.of(
                        "of before the last operation",
                        looks(Seen.SAME, "", READY.minusSeconds(1)),
                        SAME,
                        looks(Seen.SAME, "", NOW)),
                Arguments.of(
                        "something else at once",
                        looks(Seen.SAME, "", NOW.minusSeconds(1)),
                        DIFFERS,
                        looks(Seen.DIFFERS, "", NOW)),
                Arguments.of(
                        "not reached any more",
                        looks(Seen.DIFFERS, "", NOW.minusSeconds(1)),
                        R1,
                        looks(Seen.BLIND, "r1 gave no answer", NOW)),
                Arguments.of("still not reached", looks(Seen.BLIND, "r1 gave no answer", READY), R1, null),
                Arguments.of(
                        "for another reason, at once",
                        looks(Seen.BLIND, "r2 is away", NOW.minusSeconds(599)),
                        R1,
                        null),
                Arguments.of(
                        "for another reason, after a while",
                        looks(Seen.BLIND, "r2 is away", NOW.minusSeconds(600)),
                        R1,
                        looks(Seen.BLIND, "r1 gave no answer", NOW)),
                Arguments.of(
                        "looked at more often",
                        new Looks(Seen.SAME, "", NOW.minusSeconds(9), Duration.ofHours(1)),
                        SAME,
                        looks(Seen.SAME, "", NOW)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void notes(String what, @Nullable Looks known, Look look, @Nullable Looks expected) {
        assertThat(Noted.of(ready().looked(known), look, EVERY, NOW)).as(what).isEqualTo(Optional.ofNullable(expected));
    }

    /** Of two owners whose clocks differ the slower one would write at each look. */
    @Test
    void aLookIsNeverOlderThanTheOperationBeforeIt() {
        Instant behind = READY.minusSeconds(300);
        Looks noted = Noted.of(ready(), SAME, EVERY, behind).orElseThrow();
        assertThat(noted.since()).isEqualTo(READY);
        assertThat(Noted.of(ready().looked(noted), SAME, EVERY, behind.plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void aReasonHasAnEnd() {
        Looks noted =
                Noted.of(ready(), new Look.Blind("x".repeat(1_000)), EVERY, NOW).orElseThrow();
        assertThat(noted.why()).hasSize(203).endsWith("x...");
    }

    private static Looks looks(Seen seen, String why, Instant since) {
        return new Looks(seen, why, since, EVERY);
    }

    private static ClusterState ready() {
        return Plans.cluster("u", 3, 3).in(Phase.READY, "", READY);
    }
}
