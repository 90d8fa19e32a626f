package io.redfleet.alert.notice;

import static io.redfleet.contracts.alert.Severity.CRITICAL;
import static io.redfleet.contracts.alert.Severity.INFO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.alert.notice.ReminderRule.Decision;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReminderRuleTest {
    private static final Instant OPENED = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant TOLD_AT = OPENED.plusSeconds(2);
    private static final Told TOLD = new Told.Open(1, CRITICAL);
    private static final boolean TAKEN = false;
    private static final boolean ON_ITS_WAY = true;
    private static final Reminded ONCE = Reminded.told(TOLD_AT);

    private final ReminderRule rule = new ReminderRule(Duration.ofMinutes(30));

    /** The minutes are counted from the last notice. */
    static Stream<Arguments> table() {
        Decision notYet = new Decision.Wait(TOLD_AT.plus(Duration.ofMinutes(30)));
        return Stream.of(
                row("before the period is over nobody is reminded", State.OPEN, TOLD, ONCE, TAKEN, 29, notYet),
                row("with its end everybody is", State.OPEN, TOLD, ONCE, TAKEN, 30, remind(30, 1, 0)),
                row("late, from then on", State.OPEN, TOLD, ONCE, TAKEN, 31, remind(31, 1, 0)),
                row("after hundreds of periods, once", State.OPEN, TOLD, ONCE, TAKEN, 30_000, remind(30_000, 1, 0)),
                row("numbers go on", State.OPEN, TOLD, new Reminded(TOLD_AT, 6, 0), TAKEN, 30, remind(30, 7, 0)),
                row("who acknowledged it knows", State.ACKNOWLEDGED, TOLD, ONCE, TAKEN, 30, Decision.End.class),
                row("what is over is over", State.RESOLVED, TOLD, ONCE, TAKEN, 30, Decision.End.class),
                row(
                        "so it is where its end is told",
                        State.OPEN,
                        new Told.Over(2),
                        ONCE,
                        TAKEN,
                        30,
                        Decision.End.class),
                row(
                        "a rebuild reminds nobody",
                        State.OPEN,
                        new Told.Never("rebuilt"),
                        ONCE,
                        TAKEN,
                        30,
                        Decision.End.class),
                row("nobody was told", State.OPEN, new Told.NotYet(), ONCE, TAKEN, 30, Decision.End.class),
                row("what was not taken yet is not repeated", State.OPEN, TOLD, ONCE, ON_ITS_WAY, 30, withheld(30, 1)),
                row("nor looked at before it is due", State.OPEN, TOLD, ONCE, ON_ITS_WAY, 29, notYet),
                row(
                        "who acknowledged it meanwhile knows",
                        State.ACKNOWLEDGED,
                        TOLD,
                        ONCE,
                        ON_ITS_WAY,
                        30,
                        Decision.End.class),
                row(
                        "what stayed away has no number of its own",
                        State.OPEN,
                        TOLD,
                        new Reminded(TOLD_AT, 6, 7),
                        TAKEN,
                        30,
                        remind(30, 7, 7)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void decides(String sentence, Case given, Object expected) {
        Decision decision = rule.decide(
                incident(CRITICAL, given.state()), given.told(), given.reminded(), given.onItsWay(), given.now());
        if (expected instanceof Class<?> type) {
            assertThat(decision).as(sentence).isInstanceOf(type);
        } else {
            assertThat(decision).as(sentence).isEqualTo(expected);
        }
    }

    @Test
    void thatOneStaysAwayIsNewsOnce() {
        Instant now = TOLD_AT.plus(Duration.ofMinutes(30));
        Reminded first = withheldAt(new Reminded(TOLD_AT, 2, 0), now, true);
        Instant later = now.plus(Duration.ofMinutes(30));
        Reminded second = withheldAt(first, later, false);
        assertThat(rule.decide(incident(CRITICAL, State.OPEN), TOLD, second, TAKEN, later.plus(Duration.ofMinutes(30))))
                .isInstanceOfSatisfying(Decision.Remind.class, it -> {
                    assertThat(it.number()).isEqualTo(3);
                    withheldAt(it.then(), later.plus(Duration.ofHours(2)), true);
                });
    }

    @Test
    void informationIsNotRepeated() {
        assertThat(rule.decide(incident(INFO, State.OPEN), TOLD, ONCE, TAKEN, TOLD_AT.plusSeconds(3600)))
                .isInstanceOfSatisfying(
                        Decision.Withhold.class, it -> assertThat(it.reason()).isEqualTo("too quiet for a notice"));
    }

    @Test
    void onlyAReminderHasANumberAmongReminders() {
        Incident incident = incident(CRITICAL, State.OPEN);
        assertThatThrownBy(() -> new Notice(incident, Notice.Kind.FIRST, 1, 1, OPENED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Notice(incident, Notice.Kind.REMINDER, 1, 0, OPENED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Reminded withheldAt(Reminded before, Instant now, boolean news) {
        Decision decision = rule.decide(incident(CRITICAL, State.OPEN), TOLD, before, ON_ITS_WAY, now);
        assertThat(decision).isInstanceOfSatisfying(Decision.Withhold.class, it -> {
            assertThat(it.news()).isEqualTo(news);
            assertThat(it.number()).isEqualTo(before.reminders() + 1);
            assertThat(it.then().since()).isEqualTo(now);
        });
        return ((Decision.Withhold) decision).then();
    }

    private static Decision remind(int minutes, int number, int withheld) {
        return new Decision.Remind(new Reminded(TOLD_AT.plus(Duration.ofMinutes(minutes)), number, withheld));
    }

    private static Decision withheld(int minutes, int number) {
        Reminded then = new Reminded(TOLD_AT.plus(Duration.ofMinutes(minutes)), number - 1, number);
        return new Decision.Withhold(then, number, "it has not taken the notice before yet", true);
    }

    private record Case(State state, Told told, Reminded reminded, boolean onItsWay, Instant now) {}

    private static Arguments row(
            String sentence,
            State state,
            Told told,
            Reminded reminded,
            boolean onItsWay,
            int minutes,
            Object expected) {
        Instant now = TOLD_AT.plus(Duration.ofMinutes(minutes));
        return Arguments.of(sentence, new Case(state, told, reminded, onItsWay, now), expected);
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
