package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scope forbids is told, and what it allowed holds until the order is carried out. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class ForbiddenTest {
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void ready() {
        Scene.ready();
        stage.answers(order -> new Outcome.Accepted(new OperationId("op-1")));
    }

    @Test
    void everyForbiddenRequestIsAnEvent() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> reasons = new CopyOnWriteArrayList<>();
        // One token each: refusals of one source are told once in a while only.
        Map<String, Response> refused = Map.of(
                "/api/v1/fleet/disarm",
                post(Scene.token("operator", Map.of("team", "f1")), "/fleet/disarm", "{\"reason\":\"x\"}"),
                "/api/v1/clusters",
                post(Scene.token("operator", Map.of("team", "f2")), "/clusters", spec("stray-f2", "other")),
                "/api/v1/tokens",
                post(Scene.token("admin", Map.of("team", "f3")), "/tokens", "{\"name\":\"wide\",\"role\":\"viewer\"}"),
                "/api/v1/alerts/a/acknowledge",
                post(Scene.token("viewer", Map.of("team", "f4")), "/alerts/a/acknowledge", ""));
        refused.forEach(
                (path, answer) -> assertThat(answer.statusCode()).as(path).isEqualTo(403));
        try (var events = stage.follow(Topic.EVENTS, record -> {
            if (record.event().type().contains("command.refused")) {
                reasons.add(record.event().data().path("reason").asText());
                told.add(record.event().data().path("path").asText());
            }
        })) {
            assertThat(events).isNotNull();
            Await.until("the events", Scene.SOON, () -> told.containsAll(refused.keySet()));
            assertThat(reasons)
                    .anyMatch(reason -> reason.contains("whole fleet's"))
                    .anyMatch(reason -> reason.contains("needs the role"));
        }
    }

    @Test
    void aScopedPutHoldsToTheClusterThatWasJudged() {
        Scene.shown(stage, Clusters.named("judged", Map.of("team", "j")));
        String mine = Scene.token("operator", Map.of("team", "j"));
        put(mine, "judged").then().statusCode(202);
        assertThat(last()).returns(3L, Request.Apply::expectedRevision).returns(false, Request.Apply::create);
        put(mine, "not-yet").then().statusCode(202);
        assertThat(last()).returns(null, Request.Apply::expectedRevision).returns(true, Request.Apply::create);
        for (int i = 0; i < 2; i++) {
            keyed(mine, "later").put("/api/v1/clusters/later").then().statusCode(202);
            Scene.shown(stage, Clusters.named("later", Map.of("team", "j")));
        }
        assertThat(stage.orders().stream()
                        .filter(order -> order.cluster().value().equals("later")))
                .hasSize(1);
        put(Stage.adminToken(), "judged").then().statusCode(202);
        assertThat(last()).returns(null, Request.Apply::expectedRevision).returns(false, Request.Apply::create);
    }

    private static Request.Apply last() {
        return (Request.Apply) stage.orders().getLast().request();
    }

    private static Response put(String token, String name) {
        return json(token, spec(name, "j")).put("/api/v1/clusters/" + name);
    }

    private static RequestSpecification keyed(String token, String name) {
        return json(token, spec(name, "j")).header("Idempotency-Key", "key-" + name);
    }

    private static Response post(String token, String path, String body) {
        return json(token, body).post("/api/v1" + path);
    }

    private static RequestSpecification json(String token, String body) {
        return as(token).contentType("application/json").body(body);
    }

    private static String spec(String name, String team) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"team\":\"" + team + "\"}}}";
    }
}
