package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.Secret;
import io.redfleet.testkit.Await;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real broker that takes everything but events: what cannot be told is not done. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class UntoldTest {
    private static final String TOKENS = "/api/v1/tokens";

    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @Test
    void whatTheAuditTrailDoesNotTakeIsNotDoneAndARetryDoesIt() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Stage stage = new Stage();
                var events = stage.follow(
                        Topic.EVENTS, record -> told.add(record.event().id()))) {
            assertThat(events).isNotNull();
            stage.answers(order -> new Outcome.Accepted(new OperationId("op-told")));
            String doomed = Scene.token("viewer", Map.of());
            events(stage, AlterConfigOp.OpType.SET);
            try {
                later(order());
                later(token());
                later(end(doomed));
                assertThat(Scene.as(doomed).get("/api/v1/clusters").statusCode())
                        .isEqualTo(200);
                assertThat(admin().get(TOKENS).<List<String>>path("items.name")).doesNotContain("untold");
                assertThat(stage.orders()).isEmpty();
            } finally {
                events(stage, AlterConfigOp.OpType.DELETE);
            }
            order().statusCode(202);
            String made = token().statusCode(201).extract().path("id");
            end(doomed).statusCode(200);
            Await.until(
                    "the events",
                    Scene.SOON,
                    () -> told.stream()
                                    .anyMatch(id -> id.startsWith("command:"
                                            + stage.orders().getFirst().id()))
                            && told.stream().anyMatch(id -> id.startsWith("token:" + made + ":"))
                            && told.stream().anyMatch(id -> id.startsWith("token:" + id(doomed) + ":revoked")));
        }
    }

    private static void later(ValidatableResponse write) {
        problem(write.header("Retry-After", notNullValue()), 503);
    }

    private static ValidatableResponse order() {
        return admin().contentType("application/json")
                .header("Idempotency-Key", "untold-order")
                .body("{\"metadata\":{\"name\":\"untold\"}}")
                .post("/api/v1/clusters")
                .then();
    }

    private static ValidatableResponse token() {
        return admin().contentType("application/json")
                .header("Idempotency-Key", "untold-token")
                .body(Map.of("name", "untold", "role", "viewer"))
                .post(TOKENS)
                .then();
    }

    private static ValidatableResponse end(String token) {
        return admin().delete(TOKENS + "/" + id(token)).then();
    }

    private static String id(String token) {
        return Secret.parse(token).id();
    }

    /** SET: no event is small enough any more; DELETE: as before. Returns once the broker does so. */
    private static void events(Stage stage, AlterConfigOp.OpType change) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topic.EVENTS.fullName());
        AlterConfigOp least = new AlterConfigOp(new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1"), change);
        try (Admin admin = Admin.create(Stage.bus("untold").common())) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(least))).all().get(30, TimeUnit.SECONDS);
        }
        Await.until("the broker does so", Scene.SOON, () -> takes(stage) == (change == AlterConfigOp.OpType.DELETE));
    }

    private static boolean takes(Stage stage) {
        String nonce = UUID.randomUUID().toString();
        try {
            stage.send(BusMessage.of(AccessFacts.loginFailed("127.0.0.1", 1, Instant.EPOCH, nonce)));
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }
}
