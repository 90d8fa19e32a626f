package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Pace pace = new Pace(Map.of(
            Role.VIEWER, new Pace.Rate(2, 4),
            Role.OPERATOR, new Pace.Rate(10, 10),
            Role.ADMIN, Pace.Rate.of(100)));

    @Test
    void aBurstAfterARestThenTheRate() {
        assertThat(passing(caller("v", Role.VIEWER), 10, NOON)).isEqualTo(4);
        assertThat(passing(caller("v", Role.VIEWER), 10, NOON.plusMillis(499))).isZero();
        assertThat(passing(caller("v", Role.VIEWER), 10, NOON.plusMillis(500))).isEqualTo(1);
        assertThat(passing(caller("v", Role.VIEWER), 10, NOON.plusSeconds(60))).isEqualTo(4);
    }

    @Test
    void whoeverIsTooFastHearsWhenToComeBackAndMayThen() {
        Caller viewer = caller("v", Role.VIEWER);
        passing(viewer, 4, NOON);
        Optional<Duration> wait = pace.take(viewer, NOON);
        assertThat(wait).contains(Duration.ofMillis(500));
        assertThat(pace.take(viewer, NOON.plus(wait.orElseThrow()))).isEmpty();
    }

    @Test
    void askingInVainCostsNothing() {
        Caller viewer = caller("v", Role.VIEWER);
        passing(viewer, 4, NOON);
        for (int i = 0; i < 1_000; i++) {
            pace.take(viewer, NOON.plusMillis(100));
        }
        assertThat(pace.take(viewer, NOON.plusMillis(500))).isEmpty();
    }

    @Test
    void theRateIsTheRolesAndTheBucketTheTokens() {
        assertThat(passing(caller("o", Role.OPERATOR), 100, NOON)).isEqualTo(10);
        assertThat(passing(caller("p", Role.OPERATOR), 100, NOON)).isEqualTo(10);
        assertThat(passing(caller("a", Role.ADMIN), 1_000, NOON)).isEqualTo(500);
    }

    @Test
    void aClockThatWasSetBackBlocksNobody() {
        Caller viewer = caller("v", Role.VIEWER);
        passing(viewer, 4, NOON);
        assertThat(pace.take(viewer, NOON.minusSeconds(3_600))).isPresent();
        assertThat(pace.take(viewer, NOON.minusSeconds(3_599))).isEmpty();
    }

    @Test
    void bucketsAreBounded() {
        for (int i = 0; i < 30_000; i++) {
            pace.take(caller("t" + i, Role.ADMIN), NOON);
        }
        assertThat(pace.remembered()).isEqualTo(Pace.TOKENS);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> Pace.Rate.of(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenTakesItsOwnPlacesOnly() {
        Audience audience = new Audience(2);
        assertThat(audience.join("a")).isTrue();
        assertThat(audience.join("a")).isTrue();
        assertThat(audience.join("a")).isFalse();
        assertThat(audience.join("b")).isTrue();
        audience.leave("a");
        assertThat(audience.join("a")).isTrue();
        audience.leave("a");
        audience.leave("a");
        audience.leave("b");
        audience.leave("b");
        assertThat(audience.tokens()).isZero();
    }

    private int passing(Caller caller, int times, Instant now) {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            passed += pace.take(caller, now).isEmpty() ? 1 : 0;
        }
        return passed;
    }

    private static Caller caller(String id, Role role) {
        return new Caller(id, id, role, Map.of());
    }
}
