package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.Clusters;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a write takes its turn behind an operation that is in the way. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class TurnOfWritesTest {
    private static final String CLUSTER = "/api/v1/clusters/turned";

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
        Scene.shown(stage, Clusters.named("turned"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT ",
                "DELETE ?confirm=turned",
                "POST /roll",
                "POST /failover",
                "POST /secrets/rotate",
                "POST /instances/r1/redis-server/restart"
            })
    void eachWriteWaitsOnlyIfItIsAskedTo(String call) {
        sent(call, "").then().statusCode(202);
        assertThat(stage.orders().getLast().mayWait()).isFalse();
        sent(call, "wait=false").then().statusCode(202);
        assertThat(stage.orders().getLast().mayWait()).isFalse();
        sent(call, "wait=true").then().statusCode(202);
        assertThat(stage.orders().getLast().mayWait()).isTrue();
        int before = stage.orders().size();
        problem(sent(call, "wait=yes").then(), 400);
        assertThat(stage.orders()).hasSize(before);
    }

    @Test
    void whoIsInTheWayIsAConflict() {
        String reason = "cluster turned is held by operation op-9";
        stage.answers(order -> new Outcome.Refused(Problem.conflict(reason)));
        problem(sent("POST /roll", "").then().body("detail", containsString("op-9")), 409);
    }

    private static Response sent(String call, String more) {
        String method = call.substring(0, call.indexOf(' '));
        String path = CLUSTER + call.substring(call.indexOf(' ') + 1);
        String query = more.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + more;
        var request = admin();
        if (method.equals("PUT")) {
            request = request.contentType("application/json").body("{\"metadata\":{\"name\":\"turned\"}}");
        }
        return request.request(method, path + query);
    }
}
