package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    /** Its labels are its cluster's, which may be empty and many; whoever asks for the token cannot change them. */
    @Test
    void aHostsMonitGetsATokenWhateverItsClusterIsLabelled() {
        Reporter r1 = new Reporter(new ClusterName("orders"), new ClusterUid("u1"), new HostName("r1"));
        Tokens.Wanted wanted = new Tokens.Wanted("monit-r1", Role.REPORTER, Map.of("canary", ""), null, r1);
        assertThat(status(Tokens.create(wanted, secret(1), ADMIN, List.of(), NOON)))
                .isZero();
    }

    @Test
    void hostsAreCountedApartFromPeople() {
        List<TokenRecord> people = IntStream.range(0, Tokens.MOST)
                .mapToObj(i -> Tokens.record(secret(1), "p" + i, Role.VIEWER, Map.of(), NOON))
                .toList();
        Tokens.Wanted another = new Tokens.Wanted("one-more", Role.VIEWER, Map.of(), null);
        assertThat(status(Tokens.create(another, secret(2), ADMIN, people, NOON)))
                .isEqualTo(409);
        Reporter r1 = new Reporter(new ClusterName("orders"), new ClusterUid("u1"), new HostName("r1"));
        Tokens.Wanted host = new Tokens.Wanted("monit-r1", Role.REPORTER, Map.of(), null, r1);
        assertThat(status(Tokens.create(host, secret(2), ADMIN, people, NOON))).isZero();
    }

    @Test
    void aNameIsTakenOnlyByALiveToken() {
        TokenRecord live = Tokens.record(secret(1), "ci", Role.ADMIN, Map.of(), NOON);
        Tokens.Wanted wanted = new Tokens.Wanted("ci", Role.VIEWER, Map.of(), null);
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(live), NOON)))
                .isEqualTo(409);
        assertThat(detail(Tokens.create(wanted, secret(2), ADMIN, List.of(live), NOON)))
                .contains("'ci' already", live.id());
        Caller narrow = new Caller("id", "n", Role.ADMIN, Map.of("team", "a"));
        Tokens.Wanted narrower = new Tokens.Wanted("ci", Role.VIEWER, Map.of("team", "a"), null);
        assertThat(detail(Tokens.create(narrower, secret(2), narrow, List.of(live), NOON)))
                .contains("'ci' already")
                .doesNotContain(live.id());
        TokenRecord other = Tokens.record(secret(3), "other", Role.ADMIN, Map.of(), NOON);
        Tokens.Answer revoked = Tokens.revoke(live.id(), scope(ADMIN), List.of(live, other), NOON);
        TokenRecord over = ((Tokens.Answer.Allowed) revoked).record();
        assertThat(over.revokedAt()).isEqualTo(NOON);
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(over, other), NOON)))
                .isZero();
    }

    @Test
    void theLastAdminTokenStays() {
        TokenRecord only = Tokens.record(secret(1), "root", Role.ADMIN, Map.of(), NOON);
        TokenRecord scoped = Tokens.record(secret(2), "team", Role.ADMIN, Map.of("team", "a"), NOON);
        assertThat(status(Tokens.revoke(only.id(), scope(ADMIN), List.of(only, scoped), NOON)))
                .isEqualTo(409);
        assertThat(status(Tokens.revoke(scoped.id(), scope(ADMIN), List.of(only, scoped), NOON)))
                .isZero();
        assertThat(status(Tokens.revoke("none", scope(ADMIN), List.of(only), NOON)))
                .isEqualTo(404);
        Caller foreign = new Caller("id", "n", Role.ADMIN, Map.of("team", "b"));
        assertThat(status(Tokens.revoke(scoped.id(), scope(foreign), List.of(only, scoped), NOON)))
                .isEqualTo(404);
    }

    @Test
    void theLastAdminTokenIsTheLastThatDoesNotExpire() {
        TokenRecord only = Tokens.record(secret(1), "root", Role.ADMIN, Map.of(), NOON);
        TokenRecord soonOver = expiring(2, "guest", Duration.ofDays(1));
        assertThat(status(Tokens.revoke(only.id(), scope(ADMIN), List.of(only, soonOver), NOON)))
                .isEqualTo(409);
        assertThat(status(Tokens.revoke(soonOver.id(), scope(ADMIN), List.of(only, soonOver), NOON)))
                .isZero();
    }

    @Test
    void nobodyMakesATokenThatOutlivesItsOwn() {
        Caller guest = new Caller("id", "guest", Role.ADMIN, Map.of(), NOON.plus(Duration.ofDays(7)));
        assertThat(status(lasting(guest, Duration.ofDays(7)))).isZero();
        assertThat(status(lasting(guest, Duration.ofDays(7).plusMillis(1)))).isEqualTo(403);
        assertThat(status(lasting(guest, null))).isEqualTo(403);
        assertThat(status(lasting(ADMIN, null))).isZero();
        assertThat(status(lasting(ADMIN, Duration.ofSeconds(59)))).isEqualTo(422);
        assertThat(status(lasting(ADMIN, Duration.ofDays(3651)))).isEqualTo(422);
    }

    @Test
    void theNameOfAnExpiredTokenIsFree() {
        TokenRecord over = expiring(1, "ci", Duration.ofDays(1));
        Tokens.Wanted wanted = new Tokens.Wanted("ci", Role.VIEWER, Map.of(), null);
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(over), NOON.plus(Duration.ofHours(23)))))
                .isEqualTo(409);
        assertThat(status(Tokens.create(wanted, secret(2), ADMIN, List.of(over), NOON.plus(Duration.ofDays(1)))))
                .isZero();
    }

    @Test
    void whatIsAskedForAgainIsTheSameTokenAndNoOther() {
        TokenRecord made = expiring(1, "ci", Duration.ofDays(90));
        Instant later = NOON.plusSeconds(30);
        Tokens.Wanted same = new Tokens.Wanted("ci", Role.ADMIN, Map.of(), Duration.ofDays(90));
        assertThat(Tokens.create(same, secret(1), ADMIN, List.of(made), later))
                .isEqualTo(new Tokens.Answer.Allowed(made));
        for (Tokens.Wanted other : List.of(
                new Tokens.Wanted("cd", Role.ADMIN, Map.of(), Duration.ofDays(90)),
                new Tokens.Wanted("ci", Role.VIEWER, Map.of(), Duration.ofDays(90)),
                new Tokens.Wanted("ci", Role.ADMIN, Map.of("a", "b"), Duration.ofDays(90)),
                new Tokens.Wanted("ci", Role.ADMIN, Map.of(), Duration.ofDays(91)),
                new Tokens.Wanted("ci", Role.ADMIN, Map.of(), null))) {
            assertThat(status(Tokens.create(other, secret(1), ADMIN, List.of(made), later)))
                    .isEqualTo(422);
        }
        assertThat(status(Tokens.create(same, secret(1), ADMIN, List.of(made), NOON.plus(Duration.ofDays(90)))))
                .isEqualTo(409);
    }

    @Test
    void aDerivedTokenFollowsFromItsMakerItsKeyAndTheGatewaysSecretAlone() {
        byte[] key = new byte[Secret.BYTES];
        byte[] otherKey = new byte[Secret.BYTES];
        otherKey[0] = 1;
        String one = Secret.derived(key, "maker", "k1").reveal();
        assertThat(Secret.derived(key, "maker", "k1").reveal()).isEqualTo(one);
        assertThat(List.of(
                        Secret.derived(key, "maker", "k2").reveal(),
                        Secret.derived(key, "other", "k1").reveal(),
                        Secret.derived(otherKey, "maker", "k1").reveal()))
                .doesNotContain(one)
                .doesNotHaveDuplicates();
    }

    private static TokenRecord expiring(int fill, String name, Duration life) {
        Tokens.Wanted wanted = new Tokens.Wanted(name, Role.ADMIN, Map.of(), life);
        return ((Tokens.Answer.Allowed) Tokens.create(wanted, secret(fill), ADMIN, List.of(), NOON)).record();
    }

    private static Tokens.Answer lasting(Caller caller, @Nullable Duration life) {
        return Tokens.create(new Tokens.Wanted("new", Role.VIEWER, Map.of(), life), secret(9), caller, List.of(), NOON);
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
        return Tokens.create(new Tokens.Wanted(name, role, labels, null), secret(9), caller, List.of(), NOON);
    }

    private static Secret secret(int fill) {
        byte[] bytes = new byte[Secret.BYTES];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Secret.of(bytes);
    }

    private static Predicate<TokenRecord> scope(Caller caller) {
        return token -> caller.covers(token.labels());
    }
}
