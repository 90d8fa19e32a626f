package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.gateway.FailingBus;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.access.Tokens;
import io.redfleet.gateway.edge.kafka.Acknowledged;
import io.redfleet.gateway.edge.kafka.EventTopic;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No token, and no token's end, without its event, wherever the way to the bus breaks. */
class TokenCutTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Caller ADMIN = new Caller("id", "root", Role.ADMIN, Map.of());
    private static final Caller OTHER = new Caller("other", "lee", Role.ADMIN, Map.of());

    static Stream<Arguments> cuts() {
        return Stream.of(1, 2)
                .flatMap(write -> Stream.of(FailingBus.Way.values()).map(way -> Arguments.of(write, way)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whereverItIsCutATokenComesAfterItsEventAndARepeatIsTheSame(int write, FailingBus.Way way) throws Exception {
        FailingBus bus = new FailingBus(write, way);
        fails(way, () -> make(gateway(bus, NOON), "ci", "key"));
        if (write == 1) {
            assertThat(bus.topics()).doesNotContain(Topic.ACCESS);
        }
        TokenRecord made = make(gateway(bus, NOON.plusSeconds(5)), "ci", "key");
        toldFirst(bus, made);
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whereverItIsCutAnEndComesAfterItsEventAndARepeatIsTheSame(int write, FailingBus.Way way) throws Exception {
        FailingBus bus = new FailingBus(write, way);
        TokenRecord token = token();
        fails(way, () -> gateway(bus, NOON).revoke(token.revoked(NOON), ADMIN.actor()));
        if (write == 1) {
            assertThat(bus.topics()).doesNotContain(Topic.ACCESS);
        }
        gateway(bus, NOON.plusSeconds(5)).revoke(token.revoked(NOON.plusSeconds(5)), ADMIN.actor());
        toldFirst(bus, token);
    }

    /** The first was told of and never made; what is made then is not told of in its words. */
    @Test
    void aKeyThatComesBackForAnotherTokenIsAnotherEvent() throws Exception {
        FailingBus bus = new FailingBus(2, FailingBus.Way.REFUSED);
        fails(FailingBus.Way.REFUSED, () -> make(gateway(bus, NOON), "ci", "key"));
        make(gateway(bus, NOON), "backdoor", "key");
        assertThat(bus.events()).hasSize(2).doesNotHaveDuplicates();
        assertThat(bus.topics()).containsExactly(Topic.EVENTS, Topic.EVENTS, Topic.ACCESS);
    }

    @Test
    void whoFinishesWhatAnotherBeganIsNamed() throws Exception {
        FailingBus bus = new FailingBus(2, FailingBus.Way.REFUSED);
        TokenRecord token = token();
        fails(FailingBus.Way.REFUSED, () -> gateway(bus, NOON).revoke(token.revoked(NOON), ADMIN.actor()));
        gateway(bus, NOON).revoke(token.revoked(NOON), OTHER.actor());
        assertThat(bus.events()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aBrokerThatIsKnownToBeAwayIsNotWaitedFor() {
        FailingBus bus = new FailingBus(99, FailingBus.Way.REFUSED);
        Acknowledged away = new Acknowledged(bus::send, () -> Duration.ofSeconds(4));
        fails(FailingBus.Way.REFUSED, () -> make(desk(away, NOON), "ci", "key"));
        assertThat(bus.topics()).isEmpty();
    }

    private static void toldFirst(FailingBus bus, TokenRecord token) {
        assertThat(bus.topics()).startsWith(Topic.EVENTS).endsWith(Topic.ACCESS);
        assertThat(bus.events()).isNotEmpty().containsOnly(bus.events().getFirst());
        assertThat(bus.log())
                .filteredOn(message -> message.topic() == Topic.ACCESS)
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message.key()).isEqualTo(token.id()));
        assertThat(bus.events().getFirst()).contains(token.id());
    }

    private static void fails(FailingBus.Way way, ThrowingCallable write) {
        if (way.deadly()) {
            assertThatThrownBy(write).isInstanceOf(FailingBus.Death.class);
            return;
        }
        assertThatThrownBy(write).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(503);
            assertThat(e.headers()).containsKey("Retry-After");
        });
    }

    private static TokenRecord make(TokenDesk desk, String name, String key) throws InterruptedException {
        Tokens.Wanted wanted = new Tokens.Wanted(name, Role.VIEWER, Map.of(), null);
        Secret secret = desk.secret(ADMIN, key);
        return desk.make(
                existing -> allowed(Tokens.create(wanted, secret, ADMIN, existing, desk.now())), ADMIN.actor());
    }

    private static TokenRecord allowed(Tokens.Answer answer) {
        return switch (answer) {
            case Tokens.Answer.Allowed allowed -> allowed.record();
            case Tokens.Answer.Denied denied -> throw new ProblemException(denied.problem());
        };
    }

    /** A gateway that was just started, and whose views show nothing but what it wrote itself. */
    private static TokenDesk gateway(FailingBus bus, Instant now) {
        return desk(new Acknowledged(bus::send, () -> Duration.ZERO), now);
    }

    private static TokenDesk desk(Acknowledged bus, Instant now) {
        return new TokenDesk(
                new StateViews(),
                new TokenTopic(bus, (positions, patience) -> true),
                new EventTopic(bus),
                new Mint(new SecureRandom(), () -> new byte[Secret.BYTES]),
                InstantSource.fixed(now));
    }

    /** One that was made long ago. */
    private static TokenRecord token() {
        Secret secret = Secret.derived(new byte[Secret.BYTES], "maker", "key");
        return allowed(
                Tokens.create(new Tokens.Wanted("ci", Role.VIEWER, Map.of(), null), secret, ADMIN, List.of(), NOON));
    }
}
