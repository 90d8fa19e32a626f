package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.gateway.Clusters;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call that takes a cluster in is as an order, and who may give it. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class TakeInApiTest {
    private static final String ADOPT = "/api/v1/clusters/adopt";
    private static final String SHORT = "{\"sentinel\":\"10.0.0.11\",\"master\":\"orders\"}";

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
        stage.answers(order -> order.request() instanceof Request.TakeIn asked && asked.dryRun()
                ? new Outcome.Answered("{\"drafts\":[]}")
                : new Outcome.Accepted(new OperationId("op-1")));
    }

    @Test
    void allThatIsSaidTravelsAndTheAnswerIsThatOfAnApply() {
        post(
                        Stage.adminToken(),
                        ADOPT,
                        "{\"sentinel\":\"10.0.0.11:26380\",\"master\":\"My.Orders\",\"labels\":{\"team\":\"a\"},"
                                + "\"key\":\"ops-key\",\"probe\":"
                                + "{\"credential\":\"orders-probe\",\"user\":\"watcher\"}}")
                .then()
                .statusCode(202)
                .header("Location", "/api/v1/operations/op-1")
                .body("cluster", equalTo("my-orders"));
        assertThat(last().cluster()).isEqualTo(new ClusterName("my-orders"));
        assertThat(last().request())
                .isEqualTo(new Request.TakeIn(
                        "10.0.0.11",
                        26_380,
                        "My.Orders",
                        List.of(new Label("team=a")),
                        "ops-key",
                        "orders-probe",
                        "watcher",
                        false));
        post(Stage.adminToken(), ADOPT + "?wait=true", "{\"sentinel\":\"[2001:db8::1]\",\"name\":\"stock\"}")
                .then()
                .statusCode(202);
        assertThat(last().mayWait()).isTrue();
        assertThat(last().cluster()).isEqualTo(new ClusterName("stock"));
        assertThat(last().request())
                .isEqualTo(new Request.TakeIn("2001:db8::1", 26_379, null, null, null, null, null, false));
    }

    @Test
    void aDryRunIsAQuestionAndNeedsNoName() {
        post(Stage.adminToken(), ADOPT + "?dryRun=true", "{\"sentinel\":\"10.0.0.11\"}")
                .then()
                .statusCode(200)
                .body("drafts.size()", equalTo(0));
        assertThat(last().cluster()).isEqualTo(ClusterName.FLEET);
        post(Stage.adminToken(), ADOPT + "?dryRun=true", SHORT).then().statusCode(200);
        assertThat(last().cluster()).isEqualTo(new ClusterName("orders"));
    }

    @Test
    void theSameKeyIsTheSameOrderWhateverTheOrderOfItsLabels() {
        int before = stage.orders().size();
        for (String labels : List.of("\"team\":\"k\",\"env\":\"p\"", "\"env\":\"p\",\"team\":\"k\"")) {
            String body = "{\"sentinel\":\"10.0.0.11\",\"name\":\"keyed\",\"labels\":{" + labels + "}}";
            as(Stage.adminToken())
                    .contentType("application/json")
                    .header("Idempotency-Key", "take-in-keyed")
                    .body(body)
                    .post(ADOPT)
                    .then()
                    .statusCode(202);
        }
        assertThat(stage.orders()).hasSize(before + 1);
    }

    @Test
    void whoMayCreateAClusterMayTakeOneInWithinTheOwnScope() {
        String ours = "{\"sentinel\":\"10.0.0.11\",\"name\":\"ours\",\"labels\":{\"team\":\"t1\"}}";
        String theirs = ours.replace("t1", "t2");
        String none = "{\"sentinel\":\"10.0.0.11\",\"name\":\"ours\"}";
        int before = stage.orders().size();
        problem(
                Scene.as(Scene.token("viewer", Map.of("team", "t1")))
                        .contentType("application/json")
                        .body(ours)
                        .post(ADOPT)
                        .then(),
                403);
        String operator = Scene.token("operator", Map.of("team", "t1"));
        problem(post(operator, ADOPT, theirs).then(), 403);
        problem(post(operator, ADOPT, none).then(), 403);
        problem(post(operator, ADOPT + "?dryRun=true", none).then(), 403);
        assertThat(stage.orders()).hasSize(before);
        post(operator, ADOPT, ours).then().statusCode(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                  | sentinel",
                "{\"sentinel\":\"10.0.0.11:0\",\"master\":\"orders\"}                  | sentinel",
                "{\"sentinel\":\"10.0.0.11:99999\",\"master\":\"orders\"}              | sentinel",
                "{\"sentinel\":\"redis://10.0.0.11\",\"master\":\"orders\"}            | sentinel",
                "{\"sentinel\":\"10.0.0.11\"}                                        | name",
                "{\"sentinel\":\"10.0.0.11\",\"master\":\"a b\"}                       | name",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"_fleet\"}                      | name",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"labels\":{\"a b\":\"c\"}}  | labels",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"labels\":{\"a\":[1]}}    | labels",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"labels\":\"a=b\"}        | labels",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"probe\":\"geheim\"}      | probe",
                "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"password\":\"geheim\"}   | password"
            })
    void whatIsNotSaidRightIsNamedAndNothingIsSent(String body, String field) {
        int before = stage.orders().size();
        problem(post(Stage.adminToken(), ADOPT, body).then().body("errors[0].field", equalTo(field)), 422);
        assertThat(stage.orders()).hasSize(before);
    }

    @Test
    void aPasswordInTheWrongPlaceIsNotShown() {
        String body = "{\"sentinel\":\"10.0.0.11\",\"name\":\"x\",\"probe\":{\"password\":\"geheim\"}}";
        Response answer = post(Stage.adminToken(), ADOPT, body);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.asString()).contains("probe.password").doesNotContain("geheim");
        Response beside = post(Stage.adminToken(), ADOPT, "{\"sentinel\":\"10.0.0.11\",\"password\":\"geheim\"}");
        assertThat(beside.asString()).contains("\"password\"").doesNotContain("geheim");
    }

    @Test
    void whatTheProvisionerRefusesIsToldAsItIs() {
        stage.answers(order -> new Outcome.Refused(Problem.invalid(
                List.of(new Violation("spec.security.probe.credential", "?", "give probe.credential: a file")))));
        problem(
                post(Stage.adminToken(), ADOPT, "{\"sentinel\":\"10.0.0.11\",\"name\":\"locked\"}")
                        .then()
                        .body("errors[0].rule", equalTo("give probe.credential: a file")),
                422);
    }

    /** There may be a cluster of that name, and it has its own calls. */
    @Test
    void aClusterCalledAdoptIsStillOne() {
        Scene.shown(stage, Clusters.named("adopt"));
        admin().get(ADOPT).then().statusCode(200);
        admin().delete(ADOPT + "?confirm=adopt").then().statusCode(202);
        problem(
                post(Stage.adminToken(), "/api/v1/clusters/orders", SHORT)
                        .then()
                        .header("Allow", "GET, PUT, DELETE"),
                405);
    }

    private static Response post(String token, String path, String body) {
        return as(token).contentType("application/json").body(body).post(path);
    }

    private static Order last() {
        return stage.orders().getLast();
    }
}
