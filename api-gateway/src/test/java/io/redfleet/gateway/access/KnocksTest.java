package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnocksTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String HERE = "127.0.0.1";

    private final Knocks knocks = new Knocks(new Knocks.Terms(3, Duration.ofMinutes(1)));

    @Test
    void soManyWrongTokensWithinTheWindowShutTheAddressForOneWindow() {
        assertThat(fails(HERE, 0)).isFalse();
        assertThat(fails(HERE, 20)).isFalse();
        assertThat(shut(HERE, "t", 21)).isZero();
        assertThat(fails(HERE, 40)).isTrue();
        assertThat(shut(HERE, "t", 40)).isEqualTo(60);
        assertThat(shut(HERE, "t", 99)).isEqualTo(1);
        assertThat(shut(HERE, "t", 100)).isZero();
        assertThat(fails(HERE, 100)).isFalse();
    }

    @Test
    void wrongTokensNowAndThenShutNothing() {
        for (int second = 0; second < 3_600; second += 30) {
            assertThat(fails(HERE, second)).isFalse();
            assertThat(shut(HERE, "t", second)).isZero();
        }
    }

    @Test
    void anotherAddressStaysOpen() {
        shutBy(HERE);
        assertThat(shut("127.0.0.2", "t", 3)).isZero();
    }

    @Test
    void aTokenThatEnteredFromThereBeforeIsNotLockedOutByItsNeighbour() {
        knocks.entered(HERE, "owner");
        shutBy(HERE);
        assertThat(shut(HERE, "owner", 3)).isZero();
        assertThat(shut(HERE, "stranger", 3)).isPositive();
        assertThat(shut(HERE, "", 3)).isPositive();
    }

    @Test
    void anAddressKnowsItsLatestTokensOnly() {
        for (int i = 0; i <= Knocks.KNOWN; i++) {
            knocks.entered(HERE, "t" + i);
        }
        knocks.entered(HERE, "t1");
        knocks.entered(HERE, "another");
        shutBy(HERE);
        assertThat(shut(HERE, "t0", 3)).isPositive();
        assertThat(shut(HERE, "t1", 3)).isZero();
        assertThat(shut(HERE, "t2", 3)).isPositive();
        assertThat(shut(HERE, "another", 3)).isZero();
    }

    @Test
    void aMillionAddressesTakeNoMoreRoomThanTheTable() {
        for (int i = 0; i < 100_000; i++) {
            fails("10.0." + i, i / 1_000);
            knocks.entered("10.1." + i, "t");
        }
        assertThat(knocks.remembered()).isEqualTo(Knocks.ADDRESSES);
    }

    @Test
    void aClockThatWasSetBackShutsNobodyForLong() {
        shutBy(HERE);
        assertThat(shut(HERE, "t", -3_600)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,                  127.0.0.1",
        "203.0.113.7,                203.0.113.7",
        "2001:db8:0:7:1:2:3:4,       2001:db8:0:7::/64",
        "2001:db8:0:7:ffff:0:0:1,    2001:db8:0:7::/64",
        "2001:db8:0:8:1:2:3:4,       2001:db8:0:8::/64",
        "fe80:0:0:0:1:2:3:4%eth0,    fe80:0:0:0::/64"
    })
    void ofIpv6TheNetworkCountsAsOneAddress(String address, String place) {
        assertThat(Knocks.place(address)).isEqualTo(place);
    }

    @Test
    void termsThatShutEverybodyAtOnceAreRefused() {
        assertThatThrownBy(() -> new Knocks.Terms(0, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Knocks.Terms(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private void shutBy(String address) {
        for (int second = 0; second < 3; second++) {
            fails(address, second);
        }
    }

    private boolean fails(String address, int second) {
        return knocks.failed(address, NOON.plusSeconds(second));
    }

    private long shut(String address, String token, int second) {
        return knocks.shut(address, token, NOON.plusSeconds(second))
                .map(Duration::toSeconds)
                .orElse(0L);
    }
}
