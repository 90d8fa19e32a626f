package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a removal is as an order, and what is a question. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class RemovalApiTest {
    private static final String CLUSTER = "/api/v1/clusters/ended";

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
        stage.answers(order -> order.request() instanceof Request.ShowRemoval
                ? new Outcome.Answered("{\"changes\":7}")
                : new Outcome.Accepted(new OperationId("op-1")));
        Scene.shown(stage, Clusters.named("ended"));
    }

    @Test
    void itSaysWhatBecomesOfTheData() {
        admin().delete(CLUSTER + "?confirm=ended").then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.Delete("ended", true));
        admin().delete(CLUSTER + "?confirm=ended&keepData=false").then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.Delete("ended", false));
        admin().delete(CLUSTER + "?confirm=ended&keepData=archive").then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.DeleteArchived("ended"));
    }

    @Test
    void aDryRunIsAQuestionThatNeedsNoName() {
        admin().delete(CLUSTER + "?dryRun=true").then().statusCode(200).body("changes", equalTo(7));
        assertThat(last()).isEqualTo(new Request.ShowRemoval(true, false));
        admin().delete(CLUSTER + "?dryRun=true&keepData=false&confirm=ended")
                .then()
                .statusCode(200);
        assertThat(last()).isEqualTo(new Request.ShowRemoval(false, false));
        admin().delete(CLUSTER + "?dryRun=true&keepData=archive").then().statusCode(200);
        assertThat(last()).isEqualTo(new Request.ShowRemoval(false, true));
    }

    @Test
    void hostsThatAreLostAreNamed() {
        admin().delete(CLUSTER + "?confirm=ended&lost=r2").then().statusCode(202);
        assertThat(last()).isEqualTo(new Request.Delete("ended", true, List.of("r2")));
        admin().delete(CLUSTER + "?confirm=ended&lost=r2,r3&keepData=archive")
                .then()
                .statusCode(202);
        assertThat(last()).isEqualTo(new Request.DeleteArchived("ended", List.of("r2", "r3")));
        admin().delete(CLUSTER + "?dryRun=true&lost=r2&lost=r3").then().statusCode(200);
        assertThat(last()).isEqualTo(new Request.ShowRemoval(true, false, List.of("r2", "r3")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keepData=Archive",
                "keepData=archive&keepData=false",
                "keepData=",
                "dryRun=yes",
                "dryRun=",
                "lost=",
                "lost=r2/redis-server"
            })
    void anyOtherWordBeginsNothing(String word) {
        int before = stage.orders().size();
        String field = word.substring(0, word.indexOf('='));
        problem(
                admin().urlEncodingEnabled(false)
                        .delete(CLUSTER + "?confirm=ended&" + word)
                        .then()
                        .body("errors[0].field", equalTo(field)),
                400);
        assertThat(stage.orders()).hasSize(before);
    }

    private static Request last() {
        return stage.orders().getLast().request();
    }
}
