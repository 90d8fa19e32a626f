package io.redfleet.alert.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    private static final ReceiverName PAGER = new ReceiverName("pager");
    private static final ReceiverName CHAT = new ReceiverName("chat");
    private static final ReceiverName DIARY = new ReceiverName("diary");
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Duration DAY = Duration.ofDays(1);

    private final Routes routes = new Routes(List.of(
            new Route(PAGER, Severity.CRITICAL, new Repeat.Every(QUARTER)),
            new Route(CHAT, Severity.WARNING, new Repeat.Every(DAY)),
            new Route(DIARY, Severity.WARNING, new Repeat.Never())));

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT30M", "P7D"})
    void aPeriodIsBetweenAMinuteAndAWeek(Duration period) {
        assertThatCode(() -> new Route(PAGER, Severity.WARNING, new Repeat.Every(period)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT59.999999999S", "PT0S", "PT-30M", "PT168H0.000000001S", "PT2562047788015215H"})
    void anyOtherIsRefusedByItsNameItsValueAndTheRule(Duration period) {
        assertThatThrownBy(() -> new Route(PAGER, Severity.WARNING, new Repeat.Every(period)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("receivers.pager.repeat is " + period
                        + ": it must be from 1m to 7d; left out, the receiver is not reminded");
    }

    @Test
    void eachReceiverIsRemindedOfWhatIsLoudEnoughForIt() {
        assertThat(routes.periods()).isEqualTo(Map.of(PAGER, QUARTER, CHAT, DAY));
        assertThat(routes.period(PAGER, incident(Severity.CRITICAL))).contains(QUARTER);
        assertThat(routes.period(PAGER, incident(Severity.WARNING))).isEmpty();
        assertThat(routes.period(CHAT, incident(Severity.WARNING))).contains(DAY);
        assertThat(routes.period(CHAT, incident(Severity.INFO))).isEmpty();
        assertThat(routes.period(DIARY, incident(Severity.CRITICAL))).isEmpty();
        assertThat(routes.period(new ReceiverName("gone"), incident(Severity.CRITICAL)))
                .isEmpty();
    }

    private static Incident incident(Severity severity) {
        Instant at = Instant.parse("2026-11-22T10:00:00Z");
        return new Incident(
                Incident.SCHEMA,
                new IncidentId("inc-1"),
                new ClusterName("orders"),
                new ClusterUid("u1"),
                "masterDown",
                severity,
                Incident.State.OPEN,
                "the master is gone",
                at,
                at,
                null,
                null,
                List.of("e1"));
    }
}
