package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every call, asked by every role in every scope. The calls are read from the resources: one without a row here fails
 * the test, and so does a row without a call.
 */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class AuthorityTest {
    private static final String OURS = "auth-ours";
    private static final String THEIRS = "auth-theirs";

    /**
     * What a call needs, the least role, and what it gives.
     *
     * @param good the status for a caller whose scope reaches
     * @param foreign the status for a caller whose scope does not
     */
    private record Row(Role role, int good, int foreign, String call, String body) {}

    /** {@code THIS} stands for the cluster that the caller's scope reaches or not, or for something of that cluster. */
    private static final List<Row> ROWS = List.of(
            row("VIEWER   200 200 GET /api/v1/alerts"),
            row("OPERATOR 200 404 POST /api/v1/alerts/{id}/acknowledge"),
            row("VIEWER   200 200 GET /api/v1/clusters"),
            row("OPERATOR 202 403 POST /api/v1/clusters", spec("THIS")),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}"),
            row("OPERATOR 405 405 POST /api/v1/clusters/{cluster}"), // but for the word adopt: TakeInApiTest
            row("OPERATOR 202 404 PUT /api/v1/clusters/{cluster}", spec("THIS")),
            row("OPERATOR 202 404 DELETE /api/v1/clusters/{cluster}"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/info/{section}"),
            row("OPERATOR 202 404 POST /api/v1/clusters/{cluster}/instances/{host}/{name}/start"),
            row("OPERATOR 202 404 POST /api/v1/clusters/{cluster}/instances/{host}/{name}/stop"),
            row("OPERATOR 202 404 POST /api/v1/clusters/{cluster}/instances/{host}/{name}/restart"),
            row("OPERATOR 200 404 POST /api/v1/clusters/{cluster}/instances/{host}/{name}/monitor"),
            row("OPERATOR 200 404 POST /api/v1/clusters/{cluster}/instances/{host}/{name}/unmonitor"),
            row("OPERATOR 200 404 POST /api/v1/clusters/{cluster}/monitor"),
            row("OPERATOR 200 404 POST /api/v1/clusters/{cluster}/unmonitor"),
            row("OPERATOR 202 404 POST /api/v1/clusters/{cluster}/failover"),
            row("OPERATOR 202 404 POST /api/v1/clusters/{cluster}/roll"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/connection"),
            // Of a user that no cluster has: what a password is shown for is SecretsTest's matter.
            row("ADMIN    404 404 POST /api/v1/clusters/{cluster}/secrets/{user}/reveal"),
            row("ADMIN    202 404 POST /api/v1/clusters/{cluster}/secrets/rotate"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/plan"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/sudoers"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/topology"),
            row("VIEWER   200 404 GET /api/v1/clusters/{cluster}/verify"),
            row("VIEWER   404 404 GET /api/v1/commands/{id}"),
            row("VIEWER   200 200 GET /api/v1/events"),
            row("VIEWER   400 400 GET /api/v1/events/stream"),
            row("VIEWER   200 200 GET /api/v1/failovers"),
            row("VIEWER   404 404 GET /api/v1/failovers/{id}"),
            row("VIEWER   200 200 GET /api/v1/fleet"),
            row("OPERATOR 403 403 POST /api/v1/fleet/disarm", "{\"reason\":\"x\"}"),
            row("OPERATOR 403 403 POST /api/v1/fleet/rearm", "{\"reason\":\"x\"}"),
            row("VIEWER   200 200 GET /api/v1/operations"),
            row("VIEWER   200 404 GET /api/v1/operations/{id}"),
            row("OPERATOR 202 404 POST /api/v1/operations/{id}/cancel"),
            row("OPERATOR 202 404 POST /api/v1/operations/{id}/resume"),
            row("VIEWER   200 200 GET /api/v1/report"),
            row("VIEWER   200 200 GET /api/v1/status"),
            row("VIEWER   200 200 GET /api/v1/summary"),
            row("ADMIN    200 200 GET /api/v1/tokens"),
            row(
                    "ADMIN    201 403 POST /api/v1/tokens",
                    "{\"name\":\"NEW\",\"role\":\"viewer\",\"labels\":{\"team\":\"THIS\"}}"),
            row("ADMIN    200 404 DELETE /api/v1/tokens/{id}"));

    private static Stage stage;
    private static int made;

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
        stage.answers(AuthorityTest::answered);
        for (String cluster : List.of(OURS, THEIRS)) {
            ClusterState state = Clusters.named(cluster, Map.of("team", cluster));
            Scene.shown(stage, state);
            OperationId operation = new OperationId("op-" + cluster);
            stage.write(
                    Topic.OPERATIONS,
                    operation.value(),
                    FormerClusterTest.operation(operation.value(), cluster, state.uid()));
            stage.write(
                    Topic.ALERTS, "in-" + cluster, FormerClusterTest.incident("in-" + cluster, cluster, state.uid()));
            Await.until(
                    "what belongs to it",
                    Scene.SOON,
                    () -> Scene.admin().get("/api/v1/operations/" + operation).statusCode() == 200
                            && Scene.admin()
                                    .get("/api/v1/alerts?cluster=" + cluster)
                                    .path("items.id")
                                    .toString()
                                    .contains("in-" + cluster));
        }
    }

    @Test
    void everyCallHasARowAndEveryRowACall() {
        assertThat(ROWS).extracting(Row::call).containsExactlyInAnyOrderElementsOf(Endpoints.all());
    }

    @Test
    void everyCallIsJudgedByRoleAndScope() {
        Map<Role, String> tokens = tokens(OURS);
        SoftAssertions all = new SoftAssertions();
        for (Row row : ROWS) {
            all.assertThat(ask(given(), row, OURS).statusCode())
                    .as("nobody: " + row.call())
                    .isEqualTo(401);
            for (Role role : Role.values()) {
                for (String cluster : List.of(OURS, THEIRS)) {
                    int enough = cluster.equals(OURS) ? row.good() : row.foreign();
                    int expected = role.includes(row.role()) ? enough : 403;
                    int before = stage.orders().size();
                    Response answer = ask(as(Objects.requireNonNull(tokens.get(role))), row, cluster);
                    all.assertThat(answer.statusCode())
                            .as(role + " of " + OURS + " on " + cluster + ": " + row.call())
                            .isEqualTo(expected);
                    if (expected == 401 || expected == 403 || expected == 404) {
                        all.assertThat(stage.orders().size())
                                .as("orders of a refused " + row.call())
                                .isEqualTo(before);
                    }
                    all.assertThat(answer.asString()).as(row.call()).doesNotContain("uid-" + THEIRS);
                }
            }
        }
        all.assertAll();
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals(THEIRS));
    }

    @Test
    void aForeignClusterAndWhatBelongsToItReadLikeOnesThatAreNotThere() {
        String token = Objects.requireNonNull(tokens(OURS).get(Role.ADMIN));
        for (Row row : ROWS) {
            // A name that is free may be taken: that it is not free cannot be hidden from who asks for it.
            boolean hidden = !row.call().contains("/tokens/") && !row.call().startsWith("PUT");
            if (row.foreign() == 404 && hidden) {
                Response foreign = ask(as(token), row, THEIRS);
                Response nothing = ask(as(token), row, "auth-nothing");
                assertThat(nothing.statusCode()).as(row.call()).isEqualTo(404);
                assertThat(foreign.asString().replace(THEIRS, "X"))
                        .as(row.call())
                        .isEqualTo(nothing.asString().replace("auth-nothing", "X"));
            }
        }
        for (String query : List.of(
                "/status?cluster=",
                "/summary?cluster=",
                "/report?cluster=",
                "/events?cluster=",
                "/failovers?cluster=",
                "/events/stream?cluster=",
                "/operations?cluster=",
                "/alerts?cluster=")) {
            Response foreign = as(token).get("/api/v1" + query + THEIRS);
            Response nothing = as(token).get("/api/v1" + query + "auth-nothing");
            assertThat(foreign.statusCode()).as(query).isEqualTo(nothing.statusCode());
            assertThat(foreign.asString().replace(THEIRS, "X"))
                    .as(query)
                    .isEqualTo(nothing.asString().replace("auth-nothing", "X"));
        }
    }

    @Test
    void aSpecMayMoveAClusterOnlyWhereTheCallerReachesBothWays() {
        String operator = Objects.requireNonNull(tokens(OURS).get(Role.OPERATOR));
        // Away from us: we may not give what is not ours to give.
        assertThat(put(operator, OURS, THEIRS)).isEqualTo(403);
        // To us: we may not take it either.
        assertThat(put(operator, THEIRS, OURS)).isEqualTo(404);
        assertThat(put(operator, OURS, OURS)).isEqualTo(202);
        assertThat(put(Stage.adminToken(), OURS, THEIRS)).isEqualTo(202);
    }

    @Test
    void noSpellingOfAPathLeadsPastTheGuard() throws Exception {
        for (String path : List.of(
                "//api/v1/clusters",
                "/%61pi/v1/clusters",
                "/./api/v1/clusters",
                "/x/../api/v1/clusters",
                "/api;x=1/v1/clusters",
                "/api/v1/clusters;x=1",
                "/API/v1/clusters",
                "/api//v1//clusters",
                "/api/v1/clusters/")) {
            URI there = URI.create("http://127.0.0.1:" + RestAssured.port + path);
            try (HttpClient client = HttpClient.newHttpClient()) {
                int status = client.send(HttpRequest.newBuilder(there).build(), BodyHandlers.discarding())
                        .statusCode();
                assertThat(status).as(path).isIn(400, 401, 404);
            }
        }
    }

    private static int put(String token, String cluster, String team) {
        return as(token)
                .contentType("application/json")
                .body(spec(cluster).replace("\"team\":\"" + cluster, "\"team\":\"" + team))
                .put("/api/v1/clusters/" + cluster)
                .statusCode();
    }

    private static Response ask(RequestSpecification who, Row row, String cluster) {
        String token = row.call().equals("DELETE /api/v1/tokens/{id}") ? Scene.doomed(cluster) : "";
        String path = row.call()
                .substring(row.call().indexOf(' ') + 1)
                .replace("{cluster}", cluster)
                .replace("{host}/{name}", "r1/redis-server")
                .replace("{section}", "replication")
                .replace("{user}", "nobody")
                .replace("alerts/{id}", "alerts/in-" + cluster)
                .replace("operations/{id}", "operations/op-" + cluster)
                .replace("tokens/{id}", "tokens/" + token)
                .replace("{id}", "x-" + cluster);
        RequestSpecification asking = row.call().endsWith("/stream") ? who.header("Last-Event-ID", "none") : who;
        if (!Endpoints.hasNoBody(row.call())) {
            asking.contentType("application/json")
                    .body(row.body().replace("THIS", cluster).replace("NEW", "auth" + ++made));
        }
        return asking.request(row.call().substring(0, row.call().indexOf(' ')), path);
    }

    private static Map<Role, String> tokens(String team) {
        Map<Role, String> tokens = new LinkedHashMap<>();
        for (Role role : Role.values()) {
            tokens.put(role, Scene.token(role, team));
        }
        return tokens;
    }

    private static Outcome.Result answered(io.redfleet.contracts.wire.Order order) {
        return switch (order.request()) {
            case Request.Apply apply -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.Delete delete -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.Run run -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.SwitchOver over -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.Roll roll -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.RotateSecret rotate -> new Outcome.Accepted(new OperationId("op-1"));
            case Request.CancelOperation cancel -> new Outcome.Accepted(cancel.operation());
            case Request.ResumeOperation resume -> new Outcome.Accepted(resume.operation());
            case Request question -> new Outcome.Answered("{}");
        };
    }

    /** @param body its parts; none: an empty one */
    private static Row row(String line, String... body) {
        String[] parts = line.split(" +", 4);
        String sent = String.join("", body);
        return new Row(Role.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3], sent);
    }

    private static String spec(String cluster) {
        return "{\"metadata\":{\"name\":\"" + cluster + "\",\"labels\":{\"team\":\"" + cluster + "\"}}}";
    }
}
