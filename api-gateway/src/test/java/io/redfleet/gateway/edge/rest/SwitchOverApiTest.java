package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a planned change of master is as an order, and what is none. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class SwitchOverApiTest {
    private static final String FAILOVER = "/api/v1/clusters/switched/failover";

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
        Scene.shown(stage, Clusters.named("switched"));
    }

    @Test
    void itNamesTheNextMasterOrNobody() {
        sent("{\"to\":\"r2/redis-server\"}")
                .statusCode(202)
                .header("Location", "/api/v1/operations/op-1")
                .body("operation", equalTo("op-1"));
        assertThat(last()).isEqualTo(new Request.SwitchOver(new InstanceId("r2/redis-server")));
        admin().post(FAILOVER).then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.SwitchOver(null));
        sent("{\"to\":null}").statusCode(202);
        assertThat(last()).isEqualTo(new Request.SwitchOver(null));
    }

    @Test
    void whatItDoesNotKnowIsRefusedBeforeAnythingIsOrdered() {
        int before = stage.orders().size();
        problem(sent("{\"to\":\"r9/redis-server\"}"), 404);
        problem(sent("{\"to\":\"r2\"}"), 404);
        problem(
                admin().contentType("application/json")
                        .body("{}")
                        .post("/api/v1/clusters/nowhere/failover")
                        .then(),
                404);
        problem(sent("{\"target\":\"r2/redis-server\"}"), 422);
        problem(sent("{\"to\":2}"), 422);
        assertThat(stage.orders()).hasSize(before);
    }

    @Test
    void whatTheGateRefusesIsAConflictThatSaysWhy() {
        String reason = "no replica is in sync with the master and may be promoted";
        stage.answers(order -> new Outcome.Refused(Problem.conflict(reason)));
        problem(sent("{}").body("detail", equalTo(reason)), 409);
    }

    private static Request last() {
        return stage.orders().getLast().request();
    }

    private static ValidatableResponse sent(String body) {
        return admin().contentType("application/json").body(body).post(FAILOVER).then();
    }
}
