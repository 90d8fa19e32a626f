package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Caller ADMIN = new Caller("id", "root", Role.ADMIN, Map.of());

    @Test
    void theFirstTokenGoesToItsFileBeforeItIsPublished() {
        FirstToken.Step step = FirstToken.decide(false, Optional.empty(), () -> secret(1), NOON);
        assertThat(step).isInstanceOfSatisfying(FirstToken.Step.Publish.class, publish -> {
            assertThat(publish.toFile().orElseThrow().reveal())
                    .isEqualTo(secret(1).reveal());
            assertThat(publish.record().hash()).isEqualTo(secret(1).hash());
            assertThat(publish.record().role()).isEqualTo(Role.ADMIN);
        });
    }

    @Test
    void afterACrashBetweenFileAndBusTheSameTokenIsPublished() {
        FirstToken.Step step = FirstToken.decide(false, Optional.of(secret(1).reveal() + "\n"), () -> secret(2), NOON);
        assertThat(step).isInstanceOfSatisfying(FirstToken.Step.Publish.class, publish -> {
            assertThat(publish.toFile()).isEmpty();
            assertThat(publish.record().hash()).isEqualTo(secret(1).hash());
        });
    }

    @Test
    void aHalfWrittenFileIsReplaced() {
        FirstToken.Step step = FirstToken.decide(false, Optional.of("rf_half"), () -> secret(2), NOON);
        assertThat(step)
                .isInstanceOfSatisfying(
                        FirstToken.Step.Publish.class,
                        publish -> assertThat(publish.toFile()).isPresent());
    }

    @Test
    void whereThereIsAnyTokenNoneIsMade() {
        assertThat(FirstToken.decide(true, Optional.empty(), () -> secret(1), NOON))
                .isInstanceOf(FirstToken.Step.Nothing.class);
    }

    @Test
    void aTokenIsMadeWithinTheRightsOfItsMaker() {
        assertThat(status(create(ADMIN, "ci", Role.OPERATOR, Map.of("team", "a"))))
                .isZero();
        Caller narrow = new Caller("id", "n", Role.ADMIN, Map.of("team", "a"));
        assertThat(status(create(narrow, "ci", Role.OPERATOR, Map.of("team", "a"))))
                .isZero();
        assertThat(status(create(narrow, "ci", Role.OPERATOR, Map.of("team", "b"))))
                .isEqualTo(403);
        assertThat(status(create(narrow, "ci", Role.OPERATOR, Map.of()))).isEqualTo(403);
    }

    @Test
    void badNamesAndLabelsAreNamed() {
        assertThat(status(create(ADMIN, "", Role.VIEWER, Map.of()))).isEqualTo(422);
        assertThat(status(create(ADMIN, "a\nb", Role.VIEWER, Map.of()))).isEqualTo(422);
        assertThat(status(create(ADMIN, "x".repeat(65), Role.VIEWER, Map.of()))).isEqualTo(422);
        assertThat(status(create(ADMIN, "ok", Role.VIEWER, Map.of("a b", "c")))).isEqualTo(422);
    }

    @Test
    void aNameIsTakenOnlyByALiveToken() {
        TokenRecord live = Tokens.record(secret(1), "ci", Role.ADMIN, Map.of(), NOON);
        Tokens.Wanted wanted = new Tokens.Wanted("ci", Role.VIEWER, Map.of());
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(live), NOON)))
                .isEqualTo(409);
        assertThat(detail(Tokens.create(wanted, secret(2), ADMIN, List.of(live), NOON)))
                .contains("'ci' already", live.id());
        Caller narrow = new Caller("id", "n", Role.ADMIN, Map.of("team", "a"));
        Tokens.Wanted narrower = new Tokens.Wanted("ci", Role.VIEWER, Map.of("team", "a"));
        assertThat(detail(Tokens.create(narrower, secret(2), narrow, List.of(live), NOON)))
                .contains("'ci' already")
                .doesNotContain(live.id());
        TokenRecord other = Tokens.record(secret(3), "other", Role.ADMIN, Map.of(), NOON);
        Tokens.Answer revoked = Tokens.revoke(live.id(), ADMIN, List.of(live, other), NOON);
        TokenRecord over = ((Tokens.Answer.Allowed) revoked).record();
        assertThat(over.revokedAt()).isEqualTo(NOON);
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(over, other), NOON)))
                .isZero();
    }

    @Test
    void theLastAdminTokenStays() {
        TokenRecord only = Tokens.record(secret(1), "root", Role.ADMIN, Map.of(), NOON);
        TokenRecord scoped = Tokens.record(secret(2), "team", Role.ADMIN, Map.of("team", "a"), NOON);
        assertThat(status(Tokens.revoke(only.id(), ADMIN, List.of(only, scoped), NOON)))
                .isEqualTo(409);
        assertThat(status(Tokens.revoke(scoped.id(), ADMIN, List.of(only, scoped), NOON)))
                .isZero();
        assertThat(status(Tokens.revoke("none", ADMIN, List.of(only), NOON))).isEqualTo(404);
        Caller foreign = new Caller("id", "n", Role.ADMIN, Map.of("team", "b"));
        assertThat(status(Tokens.revoke(scoped.id(), foreign, List.of(only, scoped), NOON)))
                .isEqualTo(404);
    }

    /** 0 for allowed. */
    private static int status(Tokens.Answer answer) {
        return switch (answer) {
            case Tokens.Answer.Allowed allowed -> 0;
            case Tokens.Answer.Denied denied -> denied.problem().status();
        };
    }

    private static String detail(Tokens.Answer answer) {
        return ((Tokens.Answer.Denied) answer).problem().detail();
    }

    private static Tokens.Answer create(Caller caller, String name, Role role, Map<String, String> labels) {
        return Tokens.create(new Tokens.Wanted(name, role, labels), secret(9), caller, List.of(), NOON);
    }

    private static Secret secret(int fill) {
        byte[] bytes = new byte[Secret.BYTES];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Secret.of(bytes);
    }
}
