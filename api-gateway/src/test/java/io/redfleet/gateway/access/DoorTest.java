package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Secret SECRET = Secret.of(new byte[Secret.BYTES]);

    @ParameterizedTest
    @CsvSource({
        "VIEWER,   VIEWER,   true",
        "VIEWER,   OPERATOR, false",
        "OPERATOR, VIEWER,   true",
        "OPERATOR, OPERATOR, true",
        "OPERATOR, ADMIN,    false",
        "ADMIN,    ADMIN,    true"
    })
    void aRoleIncludesThoseBelowIt(Role has, Role needs, boolean enters) {
        Entry entry = doorWith(token(has, null)).judge("Bearer " + SECRET.reveal(), needs, NOON);
        assertThat(entry).isInstanceOf(enters ? Entry.Granted.class : Entry.Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "Bearer", "Bearer ", "Bearer rf_", "Basic abc", "Bearer rf_short", "bearer\trf_x", "rf_"
            })
    void whatIsNoTokenIsUnknown(String header) {
        assertThat(doorWith(token(Role.ADMIN, null)).judge(header, Role.VIEWER, NOON))
                .isInstanceOf(Entry.Unknown.class);
    }

    @Test
    void aTokenWithTheRightStartOfItsHashAndTheWrongRestIsUnknown() {
        TokenRecord real = token(Role.ADMIN, null);
        TokenRecord forged = new TokenRecord(
                1,
                real.id(),
                "x",
                real.hash().substring(0, 63) + (real.hash().endsWith("0") ? "1" : "0"),
                Role.ADMIN,
                Map.of(),
                NOON,
                null,
                null);
        assertThat(doorWith(forged).judge("Bearer " + SECRET.reveal(), Role.VIEWER, NOON))
                .isInstanceOf(Entry.Unknown.class);
    }

    @Test
    void aRevokedTokenIsUnknownAndItsStreamsEnd() {
        Door door = doorWith(token(Role.ADMIN, NOON));
        assertThat(door.judge("Bearer " + SECRET.reveal(), Role.VIEWER, NOON)).isInstanceOf(Entry.Unknown.class);
        assertThat(door.stillOpen(new Caller(SECRET.id(), "x", Role.ADMIN, Map.of()), NOON))
                .isFalse();
    }

    @Test
    void aTokenOpensUntilTheMomentItExpires() {
        Door door = doorWith(new TokenRecord(
                1, SECRET.id(), "x", SECRET.hash(), Role.ADMIN, Map.of(), NOON, null, NOON.plusSeconds(60)));
        String header = "Bearer " + SECRET.reveal();
        Entry before = door.judge(header, Role.VIEWER, NOON.plusMillis(59_999));
        assertThat(before).isInstanceOf(Entry.Granted.class);
        Caller caller = ((Entry.Granted) before).caller();
        assertThat(door.stillOpen(caller, NOON.plusMillis(59_999))).isTrue();
        assertThat(door.stillOpen(caller, NOON.plusSeconds(60))).isFalse();
        assertThat(door.judge(header, Role.VIEWER, NOON.plusSeconds(60)))
                .isInstanceOfSatisfying(
                        Entry.Unknown.class,
                        unknown -> assertThat(unknown.offer()).isEqualTo(Entry.Offer.ENDED));
    }

    @Test
    void onlyWhatNeverOpenedAnythingIsAGuess() {
        Door revoked = doorWith(token(Role.ADMIN, NOON));
        assertThat(offer(revoked.identify("Bearer " + SECRET.reveal(), NOON))).isEqualTo(Entry.Offer.ENDED);
        assertThat(offer(revoked.identify("Bearer rf_" + "A".repeat(42) + "B", NOON)))
                .isEqualTo(Entry.Offer.GUESS);
        assertThat(offer(revoked.identify("Basic YWRtaW46bW9uaXQ=", NOON))).isEqualTo(Entry.Offer.GUESS);
        assertThat(offer(revoked.identify(null, NOON))).isEqualTo(Entry.Offer.NOTHING);
    }

    private static Entry.Offer offer(Entry entry) {
        return ((Entry.Unknown) entry).offer();
    }

    @Test
    void aTokenNeverPrintsItself() {
        assertThat(SECRET.toString()).isEqualTo("***");
        assertThat(token(Role.ADMIN, null).toString()).doesNotContain(SECRET.hash());
    }

    @Test
    void aScopeIsAllOfItsLabels() {
        Caller caller = new Caller("id", "x", Role.OPERATOR, Map.of("team", "a", "env", "prod"));
        assertThat(caller.covers(Map.of("team", "a", "env", "prod", "more", "yes")))
                .isTrue();
        assertThat(caller.covers(Map.of("team", "a"))).isFalse();
        assertThat(caller.coversFleet()).isFalse();
        assertThat(caller.mayGrant(Role.VIEWER, Map.of("team", "a", "env", "prod")))
                .isTrue();
        assertThat(caller.mayGrant(Role.ADMIN, Map.of("team", "a", "env", "prod")))
                .isFalse();
        assertThat(caller.mayGrant(Role.VIEWER, Map.of())).isFalse();
    }

    @Test
    void aStormOfRefusalsIsOneEventAPauseWithItsCount() {
        Refusals refusals = new Refusals(Duration.ofSeconds(10));
        assertThat(refusals.refused("a", NOON)).isEqualTo(OptionalInt.of(1));
        for (int i = 0; i < 500; i++) {
            assertThat(refusals.refused("a", NOON.plusMillis(i * 10L))).isEmpty();
        }
        assertThat(refusals.refused("b", NOON.plusSeconds(5))).isEqualTo(OptionalInt.of(1));
        assertThat(refusals.refused("a", NOON.plusSeconds(10))).isEqualTo(OptionalInt.of(501));
    }

    private static Door doorWith(TokenRecord record) {
        return new Door(id -> id.equals(record.id()) ? Optional.of(record) : Optional.empty());
    }

    private static TokenRecord token(Role role, @org.jspecify.annotations.Nullable Instant revokedAt) {
        return new TokenRecord(1, SECRET.id(), "x", SECRET.hash(), role, Map.of(), NOON, revokedAt, null);
    }
}
