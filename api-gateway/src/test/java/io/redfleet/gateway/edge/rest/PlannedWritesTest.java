package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that name the plan which they have seen. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class PlannedWritesTest {
    private static final String CLUSTERS = "/api/v1/clusters";
    private static final String PLAN = "0123456789abcdef";

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
    void anOrderSaysWhichPlanItHasSeen() {
        spec("planned").put(CLUSTERS + "/planned?plan=" + PLAN).then().statusCode(202);
        assertThat(sent().plan()).isEqualTo(PLAN);
        assertThat(sent().dryRun()).isFalse();
        spec("planned").post(CLUSTERS + "?plan=" + PLAN).then().statusCode(202);
        assertThat(sent().plan()).isEqualTo(PLAN);
        assertThat(sent().create()).isTrue();
        spec("planned").put(CLUSTERS + "/planned").then().statusCode(202);
        assertThat(sent().plan()).isNull();
    }

    /** Its order is another than it said: held to the revision by which its scope was judged. */
    @Test
    void soDoesTheOrderOfACallerOfSomeLabels() {
        Scene.shown(stage, Clusters.named("scoped", Map.of("team", "x")));
        Scene.as(Scene.token("operator", Map.of("team", "x")))
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"scoped\",\"labels\":{\"team\":\"x\"}}}")
                .put(CLUSTERS + "/scoped?plan=" + PLAN)
                .then()
                .statusCode(202);
        assertThat(sent().plan()).isEqualTo(PLAN);
        assertThat(sent().expectedRevision()).isEqualTo(3L);
    }

    @Test
    void aPlanThatIsAnotherByNowIsAConflict() {
        stage.answers(order -> new Outcome.Refused(Problem.conflict("plan a is not what would be done now")));
        problem(
                spec("planned")
                        .put(CLUSTERS + "/planned?plan=" + PLAN)
                        .then()
                        .body("detail", containsString("is not what would be done now")),
                409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "0123456789ABCDEF", "0123456789abcdeg", PLAN + "0", PLAN + "&plan=" + PLAN})
    void anythingElseIsNoIdOfAPlan(String word) {
        for (String call : new String[] {"", "/misnamed"}) {
            String path = CLUSTERS + call + "?plan=" + word;
            var request = spec("misnamed").urlEncodingEnabled(false);
            problem(
                    (call.isEmpty() ? request.post(path) : request.put(path))
                            .then()
                            .body("errors[0].field", equalTo("plan")),
                    400);
        }
        problem(
                spec("misnamed")
                        .urlEncodingEnabled(false)
                        .put(CLUSTERS + "/misnamed?rolling=until-master&outage=r1/redis-server")
                        .then()
                        .body("detail", containsString("rolling=until-master stops before it")),
                400);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("misnamed"));
    }

    @Test
    void aPlanIsCarriedOutOrOnlyLookedAt() {
        problem(
                spec("both")
                        .put(CLUSTERS + "/both?dryRun=true&plan=" + PLAN)
                        .then()
                        .body("detail", containsString("leave one of them out")),
                400);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("both"));
    }

    @Test
    void whoIsToLeaveIsNamed() {
        String path = CLUSTERS + "/planned?remove=r3,r4/redis-server&remove=r5&lost=r2";
        spec("planned").urlEncodingEnabled(false).put(path).then().statusCode(202);
        assertThat(sent().remove()).containsExactly("r3", "r4/redis-server", "r5");
        assertThat(sent().lost()).containsExactly("r2");
        spec("planned").put(CLUSTERS + "/planned?dryRun=false").then().statusCode(202);
        assertThat(sent().remove()).isNull();
    }

    @Test
    void soDoesACallerOfSomeLabelsNameThem() {
        Scene.shown(stage, Clusters.named("scoped", Map.of("team", "x")));
        Scene.as(Scene.token("operator", Map.of("team", "x")))
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"scoped\",\"labels\":{\"team\":\"x\"}}}")
                .put(CLUSTERS + "/scoped?remove=r3&lost=r2")
                .then()
                .statusCode(202);
        assertThat(sent().remove()).containsExactly("r3");
        assertThat(sent().lost()).containsExactly("r2");
    }

    @Test
    void restartsAreAgreedToByAWord() {
        String outage = "&outage=r1/redis-server";
        spec("planned").put(CLUSTERS + "/planned?rolling=true").then().statusCode(202);
        assertThat(sent().mayRestart()).isTrue();
        assertThat(sent().outage()).isNull();
        spec("planned")
                .urlEncodingEnabled(false)
                .put(CLUSTERS + "/planned?rolling=true" + outage)
                .then()
                .statusCode(202);
        assertThat(sent().outage()).isEqualTo("r1/redis-server");
        assertThat(sent().untilMaster()).isNull();
        spec("planned").put(CLUSTERS + "/planned?rolling=until-master").then().statusCode(202);
        assertThat(sent().mayRestart()).isTrue();
        assertThat(sent().untilMaster()).isTrue();
        assertThat(sent().rolling())
                .as("by which a provisioner of before would not stop")
                .isNull();
        spec("planned").put(CLUSTERS + "/planned?rolling=false").then().statusCode(202);
        assertThat(sent().mayRestart()).isFalse();
        Scene.shown(stage, Clusters.named("scoped", Map.of("team", "x")));
        Scene.as(Scene.token("operator", Map.of("team", "x")))
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"scoped\",\"labels\":{\"team\":\"x\"}}}")
                .urlEncodingEnabled(false)
                .put(CLUSTERS + "/scoped?rolling=true" + outage)
                .then()
                .statusCode(202);
        assertThat(sent().mayRestart()).isTrue();
        assertThat(sent().outage()).isEqualTo("r1/redis-server");
    }

    @Test
    void whatIsObservedIsTakenOverByAWord() {
        spec("planned").put(CLUSTERS + "/planned?adopt=true").then().statusCode(202);
        assertThat(sent().adopts()).isTrue();
        assertThat(sent().mayRestart()).isFalse();
        spec("planned").put(CLUSTERS + "/planned?adopt=false").then().statusCode(202);
        assertThat(sent().adopts()).isFalse();
        Scene.shown(stage, Clusters.named("scoped", Map.of("team", "x")));
        Scene.as(Scene.token("operator", Map.of("team", "x")))
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"scoped\",\"labels\":{\"team\":\"x\"}}}")
                .put(CLUSTERS + "/scoped?adopt=true")
                .then()
                .statusCode(202);
        assertThat(sent().adopts()).isTrue();
        problem(
                spec("misnamed").put(CLUSTERS + "/misnamed?adopt=yes").then().body("errors[0].field", equalTo("adopt")),
                400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rolling=",
                "rolling=yes",
                "rolling=until",
                "rolling=true&rolling=false",
                "rolling=true&outage=r1",
                "rolling=true&outage=",
                "rolling=true&outage=r1/a&outage=r2/a"
            })
    void anythingElseAgreesToNothing(String words) {
        String field = words.contains("outage") ? "outage" : "rolling";
        problem(
                spec("misnamed")
                        .urlEncodingEnabled(false)
                        .put(CLUSTERS + "/misnamed?" + words)
                        .then()
                        .body("errors[0].field", equalTo(field)),
                400);
        problem(
                spec("misnamed")
                        .urlEncodingEnabled(false)
                        .put(CLUSTERS + "/misnamed?outage=r1/redis-server")
                        .then()
                        .body("detail", containsString("without rolling=true nothing is restarted")),
                400);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("misnamed"));
    }

    @Test
    void whoIsLeftOutAndNotNamedIsAConflict() {
        stage.answers(order -> new Outcome.Refused(Problem.conflict("left out, and not removed unless named: [r3]")));
        problem(
                spec("planned")
                        .put(CLUSTERS + "/planned")
                        .then()
                        .body("detail", containsString("not removed unless named")),
                409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"remove=", "remove=r3,", "remove=r*", "remove=r3/redis/server", "lost=r3/redis-server"})
    void anythingElseNamesNobody(String word) {
        problem(
                spec("misnamed")
                        .urlEncodingEnabled(false)
                        .put(CLUSTERS + "/misnamed?" + word)
                        .then()
                        .body("errors[0].field", equalTo(word.substring(0, word.indexOf('=')))),
                400);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("misnamed"));
    }

    private static Request.Apply sent() {
        return (Request.Apply) stage.orders().getLast().request();
    }

    private static io.restassured.specification.RequestSpecification spec(String name) {
        return admin().contentType("application/json").body("{\"metadata\":{\"name\":\"" + name + "\"}}");
    }
}
