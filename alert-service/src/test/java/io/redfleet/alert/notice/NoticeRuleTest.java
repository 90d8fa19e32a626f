package io.redfleet.alert.notice;

import static io.redfleet.contracts.alert.Severity.CRITICAL;
import static io.redfleet.contracts.alert.Severity.INFO;
import static io.redfleet.contracts.alert.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NoticeRuleTest {
    private static final Instant OPENED = Instant.parse("2026-11-22T10:00:00Z");
    private static final Told NEW = new Told.NotYet();

    private final NoticeRule rule = new NoticeRule(
            new HoldDown(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMinutes(5)));

    static Stream<Arguments> table() {
        return Stream.of(
                row(
                        "a lost master is told when its hold-down is over",
                        CRITICAL,
                        State.OPEN,
                        NEW,
                        0,
                        2,
                        Decision.First.class),
                row("and not a second before", CRITICAL, State.OPEN, NEW, 0, 1, Decision.Hold.class),
                row("a warning waits longer", WARNING, State.OPEN, NEW, 0, 29, Decision.Hold.class),
                row("until its time has come", WARNING, State.OPEN, NEW, 0, 30, Decision.First.class),
                row("after a flap the wait is doubled", WARNING, State.OPEN, NEW, 1, 59, Decision.Hold.class),
                row("and no more than that", WARNING, State.OPEN, NEW, 1, 60, Decision.First.class),
                row(
                        "many flaps never hold longer than the longest",
                        WARNING,
                        State.OPEN,
                        NEW,
                        60,
                        300,
                        Decision.First.class),
                row("but as long as that", WARNING, State.OPEN, NEW, 60, 299, Decision.Hold.class),
                row("information wakes nobody", INFO, State.OPEN, NEW, 0, 3600, Decision.DoNot.class),
                row(
                        "what mended itself in time wakes nobody",
                        CRITICAL,
                        State.RESOLVED,
                        NEW,
                        0,
                        5,
                        Decision.DoNot.class),
                row("who acknowledged it knows already", CRITICAL, State.ACKNOWLEDGED, NEW, 0, 5, Decision.DoNot.class),
                row("nothing is told twice", CRITICAL, State.OPEN, told(CRITICAL), 0, 60, Decision.DoNot.class),
                row("it became louder", CRITICAL, State.OPEN, told(WARNING), 0, 60, Decision.Updated.class),
                row("it became quieter", WARNING, State.OPEN, told(CRITICAL), 0, 60, Decision.Updated.class),
                row(
                        "quieter is no news for who acknowledged it",
                        WARNING,
                        State.ACKNOWLEDGED,
                        told(CRITICAL),
                        0,
                        60,
                        Decision.DoNot.class),
                row("louder is", CRITICAL, State.ACKNOWLEDGED, told(WARNING), 0, 60, Decision.Updated.class),
                row(
                        "who heard of it hears of its end",
                        WARNING,
                        State.RESOLVED,
                        told(CRITICAL),
                        0,
                        60,
                        Decision.Resolved.class),
                row("once", WARNING, State.RESOLVED, new Told.Over(2), 0, 60, Decision.DoNot.class),
                row(
                        "a rebuild tells nobody",
                        CRITICAL,
                        State.OPEN,
                        new Told.Never("rebuilt"),
                        0,
                        60,
                        Decision.DoNot.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void decides(String sentence, Case given, Class<? extends Decision> expected) {
        Instant now = OPENED.plusSeconds(given.seconds());
        assertThat(rule.decide(incident(given.severity(), given.state()), given.told(), given.flaps(), now))
                .as(sentence)
                .isInstanceOf(expected);
    }

    /** How long after its opening a case is heard of, and until when it is held then; none: told at once. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            CRITICAL, 2,  0,  2
            CRITICAL, 2,  1,  3
            CRITICAL, 2,  60, 62
            WARNING,  30, 0,  30
            WARNING,  30, 27, 30
            WARNING,  30, 29, 31
            WARNING,  30, 60, 62
            CRITICAL, 1,  60, 61
            CRITICAL, 0,  60,
            """)
    void whatIsHeardOfLateIsHeldUntilWhatCameAfterHasBeenRead(
            Severity severity, int holdDown, int heardAfter, @Nullable Integer heldUntil) {
        Duration held = Duration.ofSeconds(holdDown);
        NoticeRule late = new NoticeRule(new HoldDown(held, held, Duration.ofMinutes(10), Duration.ofMinutes(5)));
        Decision decision = late.opened(incident(severity, State.OPEN), NEW, 0, OPENED.plusSeconds(heardAfter));
        if (heldUntil == null) {
            assertThat(decision).isInstanceOf(Decision.First.class);
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Hold.class,
                            hold -> assertThat(hold.until()).isEqualTo(OPENED.plusSeconds(heldUntil)));
        }
    }

    @Test
    void whatIsHeardOfLateAndIsOverWakesNobody() {
        assertThat(rule.opened(incident(CRITICAL, State.RESOLVED), NEW, 0, OPENED.plusSeconds(60)))
                .isInstanceOf(Decision.DoNot.class);
    }

    private record Case(Severity severity, State state, Told told, int flaps, int seconds) {}

    private static Arguments row(
            String sentence, Severity severity, State state, Told told, int flaps, int seconds, Class<?> expected) {
        return Arguments.of(sentence, new Case(severity, state, told, flaps, seconds), expected);
    }

    private static Told told(Severity severity) {
        return new Told.Open(1, severity);
    }

    private static Incident incident(Severity severity, State state) {
        return new Incident(
                Incident.SCHEMA,
                new IncidentId("inc-1"),
                new ClusterName("orders"),
                new ClusterUid("u1"),
                "masterDown",
                severity,
                state,
                "the master is gone",
                OPENED,
                OPENED,
                state == State.RESOLVED ? OPENED.plusSeconds(1) : null,
                state == State.ACKNOWLEDGED ? new Actor("ann", "t1") : null,
                List.of("e1"));
    }
}
