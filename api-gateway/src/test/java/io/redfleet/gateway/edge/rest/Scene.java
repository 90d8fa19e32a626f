package io.redfleet.gateway.edge.rest;

import static io.restassured.RestAssured.given;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.testkit.Await;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What tests of the API do all the time. */
final class Scene {
    static final Duration SOON = Duration.ofSeconds(10);

    private Scene() {}

    /** Waits until the gateway is ready. Only from a test or before each: the port is not known earlier. */
    static void ready() {
        Await.until(
                "a ready gateway",
                Duration.ofSeconds(30),
                () -> given().get("/q/health/ready").statusCode() == 200);
    }

    static RequestSpecification admin() {
        return as(Stage.adminToken());
    }

    static RequestSpecification as(String token) {
        return given().auth().preemptive().oauth2(token).urlEncodingEnabled(true);
    }

    /** A new token of that role and scope. */
    static String token(String role, Map<String, String> labels) {
        return admin().contentType("application/json")
                .body(Map.of("name", "t" + UUID.randomUUID(), "role", role, "labels", labels))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    /** Of a role on the cluster that has its own name for its team; a reporter's is for the host r1. */
    static String token(Role role, String team) {
        return role == Role.REPORTER ? reporter(team + "/r1") : token(role.name(), Map.of("team", team));
    }

    /** @param host as {@code CLUSTER/HOST}; the cluster is shown already */
    static String reporter(String host) {
        return admin().contentType("application/json")
                .body(Map.of("name", "t" + UUID.randomUUID(), "role", "reporter", "host", host))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    /** Puts a cluster on the bus and waits until the gateway shows it. */
    static void shown(Stage stage, ClusterState cluster) {
        stage.write(cluster);
        String path = "/api/v1/clusters/" + cluster.name();
        Await.until("cluster " + cluster.name(), SOON, () -> admin().get(path).statusCode() == 200);
    }

    static void shown(Stage stage, ClusterState cluster, Topic topic, String key, Object record) {
        stage.write(topic, key, record);
    }

    /** The form of every error: RFC 9457, and nothing of our insides. */
    static void problem(ValidatableResponse response, int status) {
        String body = response.statusCode(status)
                .contentType("application/problem+json")
                .extract()
                .asString();
        org.assertj.core.api.Assertions.assertThat(body)
                .contains("\"status\":" + status, "\"title\":", "\"detail\":")
                .doesNotContain("\tat ", ".java:", "io.redfleet", "Exception");
    }

    static List<String> names(ValidatableResponse response) {
        return response.statusCode(200).extract().path("items.name");
    }

    /** A token of that scope, to be revoked. */
    static String doomed(String team) {
        String secret = token("viewer", Map.of("team", team));
        return io.redfleet.gateway.access.Secret.parse(secret).id();
    }
}
