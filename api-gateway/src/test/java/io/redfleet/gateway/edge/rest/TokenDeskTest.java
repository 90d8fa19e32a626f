package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.BusProducer;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.event.Fact;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.access.Tokens;
import io.redfleet.gateway.access.WriteAhead;
import io.redfleet.gateway.edge.kafka.Acknowledged;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import io.redfleet.testkit.Await;
import io.restassured.response.ValidatableResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens on the real bus, by a gateway whose views stand still. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class TokenDeskTest {
    private static final Caller ADMIN = new Caller("id", "root", Role.ADMIN, Map.of());

    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @Test
    void aTokenThatIsOnTheBusIsHandedOverThoughTheViewsLag() throws Exception {
        List<Fact> told = new CopyOnWriteArrayList<>();
        try (BusProducer producer = producer()) {
            TokenDesk lagging = desk(producer, told);
            Secret secret = lagging.secret(ADMIN, null);
            TokenRecord made = make(lagging, "lagging", secret);
            // The real gateway reads it: what was handed over opens the door.
            Await.until(
                    "the token",
                    Scene.SOON,
                    () -> Scene.as(secret.reveal()).get("/api/v1/clusters").statusCode() == 200);
            assertThat(told).hasSize(1);
            // A retry before the views have caught up does not make a second one.
            assertThatThrownBy(() -> make(lagging, "lagging", lagging.secret(ADMIN, null)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().status()).isEqualTo(409);
                        assertThat(e.problem().detail()).contains("'lagging' already", made.id());
                    });
            assertThatThrownBy(() -> lagging.revoke(made, ADMIN.actor()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().status()).isEqualTo(503));
        }
    }

    @Test
    void aRetryWithItsKeyIsTheSameTokenAndAnotherRequestIsNot() {
        String first =
                made("retried-1", "retried", "90d").statusCode(201).extract().path("token");
        made("retried-1", "retried", "90d").statusCode(201).body("token", equalTo(first));
        Scene.problem(made("retried-1", "retried", "91d"), 422);
        made("retried-2", "retried", "90d")
                .statusCode(409)
                .body("detail", containsString("'retried' already, its id is "));
        assertThat(Scene.as(first).get("/api/v1/clusters").statusCode()).isEqualTo(200);
        String id = Secret.parse(first).id();
        admin().delete("/api/v1/tokens/" + id).then().statusCode(200);
        Scene.problem(made("retried-1", "retried", "90d").body("detail", containsString("has ended since")), 409);
    }

    @Test
    void anExpiryIsSaidAndABadOneRefused() {
        made("expiring-1", "expiring", "2w").statusCode(201).body("expiresAt", not(nullValue()));
        for (String wrong : List.of("90", "d", "-1d", "1y", "10s", "999999d", "9999999999d")) {
            Scene.problem(made("expiring-" + wrong, "never", wrong).body("errors[0].field", equalTo("expires")), 422);
        }
    }

    private static ValidatableResponse made(String key, String name, String expires) {
        return admin().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(Map.of("name", name, "role", "viewer", "expires", expires))
                .post("/api/v1/tokens")
                .then();
    }

    private static TokenRecord make(TokenDesk desk, String name, Secret secret) throws InterruptedException {
        Tokens.Wanted wanted = new Tokens.Wanted(name, Role.VIEWER, Map.of(), null);
        return desk.make(
                existing -> switch (Tokens.create(wanted, secret, ADMIN, existing, desk.now())) {
                    case Tokens.Answer.Allowed allowed -> allowed.record();
                    case Tokens.Answer.Denied denied -> throw new ProblemException(denied.problem());
                },
                ADMIN.actor());
    }

    private static TokenDesk desk(BusProducer producer, List<Fact> told) {
        Acknowledged bus = new Acknowledged(producer::send, () -> Duration.ZERO);
        WriteAhead trail = (fact, patience) -> {
            told.add(fact);
            return new WriteAhead.Told.Durable();
        };
        return new TokenDesk(
                new StateViews(),
                new TokenTopic(bus, (positions, patience) -> false),
                trail,
                new Mint(new SecureRandom(), () -> new byte[Secret.BYTES]),
                InstantSource.system());
    }

    private static BusProducer producer() {
        return new BusProducer(Stage.bus("token-desk"), Duration.ofSeconds(10));
    }
}
