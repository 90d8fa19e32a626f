package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of every order about a cluster whose body may have one field. */
abstract class OneWordGround {
    private static Stage stage;

    private final String cluster;
    private final String verb;

    /** @param cluster one that no other class shows */
    OneWordGround(String cluster, String verb) {
        this.cluster = cluster;
        this.verb = verb;
    }

    /** Bodies that are no order. */
    abstract List<String> strange();

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
        Scene.shown(stage, Clusters.named(cluster));
    }

    @Test
    void whatItDoesNotKnowIsRefusedBeforeAnythingIsOrdered() {
        int before = ordered();
        problem(sent("nowhere", "{}"), 404);
        for (String body : strange()) {
            problem(sent(body), 422);
        }
        assertThat(ordered()).isEqualTo(before);
    }

    @Test
    void whatTheGateRefusesIsAConflictThatSaysWhy() {
        String reason = "r3/redis-server is not in sync with the master r1/redis-server";
        stage.answers(order -> new Outcome.Refused(Problem.conflict(reason)));
        problem(sent("{}").body("detail", equalTo(reason)), 409);
    }

    @Test
    void itsOperationIsFollowed() {
        sent("{}").statusCode(202).header("Location", "/api/v1/operations/op-1").body("operation", equalTo("op-1"));
    }

    /** How many orders came so far. */
    static int ordered() {
        return stage.orders().size();
    }

    /** What the one with that body became. */
    Request order(String body) {
        sent(body).statusCode(202);
        return stage.orders().getLast().request();
    }

    /** What one without a body became. */
    Request order() {
        admin().post(path(cluster)).then().statusCode(202);
        return stage.orders().getLast().request();
    }

    ValidatableResponse sent(String body) {
        return sent(cluster, body);
    }

    private ValidatableResponse sent(String to, String body) {
        return admin().contentType("application/json").body(body).post(path(to)).then();
    }

    private String path(String to) {
        return "/api/v1/clusters/" + to + "/" + verb;
    }
}
