package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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

/** What a restart of a whole cluster is as an order, and what is none. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class RollApiTest {
    private static final String ROLL = "/api/v1/clusters/rolled/roll";

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
        Scene.shown(stage, Clusters.named("rolled"));
    }

    @Test
    void itMayAcceptAnOutage() {
        sent("{\"outage\":\"r1/redis-server\"}")
                .statusCode(202)
                .header("Location", "/api/v1/operations/op-1")
                .body("operation", equalTo("op-1"));
        assertThat(last()).isEqualTo(new Request.Roll("r1/redis-server"));
        admin().post(ROLL).then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.Roll(null));
        sent("{}").statusCode(202);
        assertThat(last()).isEqualTo(new Request.Roll(null));
    }

    @Test
    void whatItDoesNotKnowIsRefusedBeforeAnythingIsOrdered() {
        int before = stage.orders().size();
        problem(
                admin().contentType("application/json")
                        .body("{}")
                        .post("/api/v1/clusters/nowhere/roll")
                        .then(),
                404);
        problem(sent("{\"confirm\":\"rolled\"}"), 422);
        problem(sent("{\"outage\":true}"), 422);
        assertThat(stage.orders()).hasSize(before);
    }

    @Test
    void whatTheGateRefusesIsAConflictThatSaysWhy() {
        String reason = "r3/redis-server is not in sync with the master r1/redis-server";
        stage.answers(order -> new Outcome.Refused(Problem.conflict(reason)));
        problem(sent("{}").body("detail", equalTo(reason)), 409);
    }

    private static Request last() {
        return stage.orders().getLast().request();
    }

    private static ValidatableResponse sent(String body) {
        return admin().contentType("application/json").body(body).post(ROLL).then();
    }
}
