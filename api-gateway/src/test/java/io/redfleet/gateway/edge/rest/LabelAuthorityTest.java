package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may put a brake on a label, and who sees it. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class LabelAuthorityTest {
    private static final Actor ANN = new Actor("ann", "t1");

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
        stage.answers(LabelAuthorityTest::asTheMonitor);
    }

    private static Outcome.Result asTheMonitor(Order order) {
        LabelAnswer answer = switch (order.request()) {
            case Request.DisarmLabel it ->
                new LabelAnswer(
                        it.label(), true, "", new LabelBrake(it.label(), it.reason(), order.actor(), Instant.EPOCH));
            case Request.RearmLabel it -> new LabelAnswer(it.label(), false, "it was not disarmed", null);
            default -> throw new IllegalStateException("not asked for here: " + order);
        };
        return new Outcome.Answered(new String(Codec.bytes(answer), StandardCharsets.UTF_8));
    }

    @Test
    void aTokenWhoseScopeCoversTheLabelSetsItsBrake() {
        String scoped = Scene.token("operator", Map.of("team", "brake"));
        post(scoped, "disarm", "{\"label\":\"team=brake\",\"reason\":\"load test\"}")
                .statusCode(200)
                .body("label", equalTo("team=brake"))
                .body("disarmed", equalTo(true))
                .body("brake.reason", equalTo("load test"));
        Order order = stage.orders().getLast();
        assertThat(order.cluster()).isEqualTo(ClusterName.FLEET);
        assertThat(order.request()).isEqualTo(new Request.DisarmLabel(new Label("team=brake"), "load test"));

        post(scoped, "rearm", "{\"label\":\"team=brake\",\"reason\":\"over\"}")
                .statusCode(200)
                .body("disarmed", equalTo(false))
                .body("note", equalTo("it was not disarmed"));
        assertThat(stage.orders().getLast().request())
                .isEqualTo(new Request.RearmLabel(new Label("team=brake"), "over"));
        post(Stage.adminToken(), "disarm", "{\"label\":\"team=other\",\"reason\":\"x\"}")
                .statusCode(200);
    }

    /** Scope as key=value, parted by commas; whether the label, or the fleet, is covered by it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            team=a       | team=b | outside of this token's scope
            team=a       | env=a  | outside of this token's scope
            team=a,env=b | team=a | outside of this token's scope
            """)
    void aForeignLabelIsForbiddenAndNothingIsOrdered(String scope, String label, String detail) {
        Map<String, String> labels = new HashMap<>();
        for (String each : scope.split(",", -1)) {
            labels.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        String scoped = Scene.token("operator", labels);
        int before = stage.orders().size();
        for (String verb : List.of("disarm", "rearm")) {
            String body = "{\"label\":\"" + label + "\",\"reason\":\"x\"}";
            problem(post(scoped, verb, body).body("detail", containsString(detail)), 403);
            problem(post(scoped, verb, "{\"reason\":\"x\"}").body("detail", containsString("whole fleet's")), 403);
        }
        String viewer = Scene.token("viewer", Map.of());
        problem(post(viewer, "disarm", "{\"label\":\"team=a\",\"reason\":\"x\"}"), 403);
        assertThat(stage.orders()).hasSize(before);
    }

    /** An empty label is not the whole fleet. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"label":"","reason":"x"}           | label  | ``       | key=value
            {"label":"team","reason":"x"}       | label  | team     | key=value
            {"label":"team=a b","reason":"x"}   | label  | team=a b | key=value
            {"label":5,"reason":"x"}            | label  | 5        | a string
            {"label":"team=a"}                  | reason | ``       | one sentence
            {"label":"team=a","reson":"x"}      | reson  | x        | known here: reason, label
            """)
    void whatIsNoLabelIsRefused(String body, String field, String value, String rule) {
        for (String verb : List.of("disarm", "rearm")) {
            problem(
                    post(Stage.adminToken(), verb, body)
                            .body("errors[0].field", equalTo(field))
                            .body("errors[0].value", equalTo(value))
                            .body("errors[0].rule", containsString(rule)),
                    422);
        }
    }

    @Test
    void theMonitorsRefusalIsHandedOn() {
        stage.answers(order -> new Outcome.Refused(Problem.conflict("label team=a: 100 labels are disarmed already")));
        problem(post(Stage.adminToken(), "disarm", "{\"label\":\"team=a\",\"reason\":\"x\"}"), 409);
    }

    @Test
    void everybodySeesTheLabelsThatConcernThem() {
        Scene.shown(stage, Clusters.named("seen-brake", Map.of("team", "seen", "env", "seen-env")));
        LabelBrakes labels = new LabelBrakes(
                3, List.of(brake("team=seen"), brake("env=seen-env"), brake("team=unseen"), brake("team=none-yet")));
        stage.write(Topic.HEALTH, "_fleet", new FleetBrake(1, false, "over", ANN, Instant.EPOCH, 1, labels));
        String seen = "brake.labelled.brakes.label";
        Await.until(
                "the brakes",
                Scene.SOON,
                () -> String.valueOf(admin().get("/api/v1/fleet").<Object>path(seen))
                        .contains("team=unseen"));

        Scene.as(Scene.token("viewer", Map.of("team", "seen")))
                .get("/api/v1/fleet")
                .then()
                .statusCode(200)
                .body(seen, hasItem("team=seen"))
                .body(seen, hasItem("env=seen-env"))
                .body(seen, not(hasItem("team=unseen")));
        Scene.as(Scene.token("viewer", Map.of("team", "none-yet")))
                .get("/api/v1/fleet")
                .then()
                .body(seen, equalTo(List.of("team=none-yet")));
    }

    private static LabelBrake brake(String label) {
        return new LabelBrake(new Label(label), "x", ANN, Instant.EPOCH);
    }

    private static ValidatableResponse post(String token, String verb, String body) {
        return Scene.as(token)
                .contentType("application/json")
                .body(body)
                .post("/api/v1/fleet/" + verb)
                .then();
    }
}
