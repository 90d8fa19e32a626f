package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.gateway.Clusters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class ErrorsTest {
    private static final String CLUSTERS = "/api/v1/clusters";

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
    }

    @Test
    void withoutATokenNobodyLearnsWhatIsThere() {
        problem(given().get(CLUSTERS).then().header("WWW-Authenticate", containsString("Bearer")), 401);
        problem(given().get("/api/v1/nothing").then(), 401);
        problem(as("rf_" + "A".repeat(43)).get(CLUSTERS).then(), 401);
        problem(as("nonsense").get(CLUSTERS).then(), 401);
        problem(
                given().header("Authorization", "Basic YWRtaW46bW9uaXQ=")
                        .get(CLUSTERS)
                        .then(),
                401);
    }

    @Test
    void aViewerReadsAndDoesNotAct() {
        String viewer = Scene.token("viewer", Map.of());
        as(viewer).get(CLUSTERS).then().statusCode(200);
        problem(
                as(viewer)
                        .contentType("application/json")
                        .body("{}")
                        .post(CLUSTERS)
                        .then(),
                403);
        problem(as(viewer).get("/api/v1/tokens").then(), 403);
        String operator = Scene.token("operator", Map.of());
        problem(as(operator).get("/api/v1/tokens").then(), 403);
    }

    @Test
    void aForeignClusterIsNotFound() {
        Scene.shown(stage, Clusters.named("foreign", Map.of("team", "other")));
        String mine = Scene.token("operator", Map.of("team", "mine"));
        for (String path : List.of("", "/plan", "/sudoers", "/verify", "/topology", "/info/replication")) {
            problem(as(mine).get(CLUSTERS + "/foreign" + path).then(), 404);
        }
        problem(as(mine).delete(CLUSTERS + "/foreign?confirm=foreign").then(), 404);
        problem(as(mine).post(CLUSTERS + "/foreign/unmonitor").then(), 404);
        problem(
                as(mine).post(CLUSTERS + "/foreign/instances/r1/redis-server/stop")
                        .then(),
                404);
        problem(as(mine).get("/api/v1/status?cluster=foreign").then(), 404);
        problem(as(mine).get("/api/v1/events?cluster=foreign").then(), 404);
        problem(as(mine).get("/api/v1/events/stream?cluster=foreign").then(), 404);
        problem(
                spec(mine, "{\"metadata\":{\"name\":\"foreign\",\"labels\":{\"team\":\"mine\"}}}")
                        .put(CLUSTERS + "/foreign")
                        .then(),
                404);
        assertThat(Scene.names(as(mine).get(CLUSTERS).then())).doesNotContain("foreign");
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("foreign"));
    }

    @Test
    void aSpecOutsideOfTheTokensScopeIsForbidden() {
        String mine = Scene.token("operator", Map.of("team", "mine"));
        problem(
                spec(mine, "{\"metadata\":{\"name\":\"stray\",\"labels\":{\"team\":\"other\"}}}")
                        .post(CLUSTERS)
                        .then(),
                403);
        problem(spec(mine, "{\"metadata\":{\"name\":\"stray\"}}").post(CLUSTERS).then(), 403);
    }

    @Test
    void whatTheProvisionerRefusesPassesThroughAsItIs() {
        stage.answers(order -> new Outcome.Refused(Problem.invalid(
                List.of(new Violation("spec.sentinel.quorum", "5", "at most the number of Sentinels")))));
        problem(
                spec("{\"metadata\":{\"name\":\"bad\"}}")
                        .post(CLUSTERS)
                        .then()
                        .body("errors[0].field", equalTo("spec.sentinel.quorum"))
                        .body("errors[0].value", equalTo("5"))
                        .body("errors[0].rule", equalTo("at most the number of Sentinels")),
                422);
        stage.answers(order -> new Outcome.Refused(Problem.conflict("Revision 4 stands, not 3")));
        problem(
                spec("{\"metadata\":{\"name\":\"bad\"}}")
                        .header("If-Match", "\"3\"")
                        .put(CLUSTERS + "/bad")
                        .then(),
                409);
        assertThat(stage.orders().getLast().request().toString()).contains("expectedRevision=3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json | {"metadata": {"name": "x"}                     | line 1
            application/json | {"metadata": }                                 | line 1, column 14
            application/json | {"a": 1, "a": 2}                               | Duplicate
            application/json | {} {}                                          | Malformed
            application/json | [1]                                            | one object
            application/yaml | 'metadata: {name: x'                           | line 1
            application/yaml | 'a: 1, b: 2'                                   | line 1, column
            application/yaml | '{a: 1, a: 2}'                                 | comes twice
            application/yaml | '{a: &x [1], b: *x}'                           | aliases
            application/yaml | '{a: !!javax.script.ScriptEngineManager [1]}'  | tag
            application/yaml | '--- {a: 1}'                                   | metadata.name
            application/yaml | '- a'                                          | one object
            """)
    void aMalformedSpecIsRefusedWithThePlaceOfTheError(String type, String body, String says) {
        String answer = admin().contentType(type)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post(CLUSTERS)
                .then()
                .extract()
                .asString();
        assertThat(answer).contains(says);
        int status = says.equals("metadata.name") ? 422 : 400;
        problem(
                admin().contentType(type)
                        .body(body.getBytes(StandardCharsets.UTF_8))
                        .post(CLUSTERS)
                        .then(),
                status);
    }

    @Test
    void aYamlBombDoesNotGoOff() throws Exception {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
        }
        assertThat(RawPost.status("application/yaml", bomb.toString())).isEqualTo(400);
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(RawPost.status("application/yaml", "a: " + deep)).isEqualTo(400);
        assertThat(RawPost.status("application/json", "{\"a\":" + deep + "}")).isEqualTo(400);
    }

    @Test
    void aBodyOfTenMegabytesIsTooLarge() throws IOException {
        byte[] large = new byte[10 * 1024 * 1024];
        java.util.Arrays.fill(large, (byte) ' ');
        // The server closes before it has read all, so the client reads what came back instead of insisting on writing.
        for (boolean chunked : new boolean[] {false, true}) {
            assertThat(RawPost.send(large, chunked))
                    .startsWith("HTTP/1.1 413")
                    .contains("application/problem+json", "\"status\":413");
        }
    }

    @Test
    void aWrongContentTypeIsNotRead() {
        problem(admin().contentType("text/plain").body("x").post(CLUSTERS).then(), 415);
        problem(
                admin().contentType("application/xml")
                        .body("<x/>")
                        .put(CLUSTERS + "/x")
                        .then(),
                415);
        problem(
                admin().contentType("application/yaml")
                        .body("name: x".getBytes(StandardCharsets.UTF_8))
                        .post("/api/v1/tokens")
                        .then(),
                415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/api",
                "/api/v1",
                "/api/v1/nothing",
                "/api/v1/clusters/Not_A_Name",
                "/api/v1/operations/none",
                "/api/v1/clusters/none/topology",
                "/api/v1/%2e%2e/x"
            })
    void anUnknownPathIsAProblemToo(String path) {
        problem(admin().urlEncodingEnabled(false).get(path).then(), 404);
    }

    @Test
    void aMethodThatAPathDoesNotKnowIsNamedSo() {
        problem(admin().delete(CLUSTERS).then(), 405);
        problem(admin().accept("image/png").get(CLUSTERS).then(), 406);
    }

    @Test
    void badParametersAreNotServerErrors() {
        problem(admin().get(CLUSTERS + "?limit=0").then(), 400);
        problem(admin().get(CLUSTERS + "?limit=2000").then(), 400);
        problem(admin().get(CLUSTERS + "?after=%25%25").then(), 400);
        problem(admin().get(CLUSTERS + "?label=nonsense").then(), 400);
        problem(admin().get("/api/v1/events?from=yesterday").then(), 400);
        problem(
                spec("{\"metadata\":{\"name\":\"x\"}}")
                        .header("If-Match", "three")
                        .put(CLUSTERS + "/x")
                        .then(),
                400);
        problem(spec("{\"metadata\":{\"name\":\"x\"}}").put(CLUSTERS + "/y").then(), 422);
        problem(spec("{\"metadata\":{\"name\":\"X y\"}}").post(CLUSTERS).then(), 422);
        problem(
                spec("{\"metadata\":{\"name\":\"x\"}}")
                        .header("Idempotency-Key", "k".repeat(300))
                        .post(CLUSTERS)
                        .then(),
                400);
        problem(admin().get(CLUSTERS + "?limit=ten").then(), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "TRUE", "True", "no", "0", "false%20", "", "true&dryRun=false"})
    void onlyTrueAndFalseAreTruthValues(String word) {
        Scene.shown(stage, Clusters.named("exact"));
        String body = "{\"metadata\":{\"name\":\"exact\"}}";
        refused(spec(body).urlEncodingEnabled(false).post(CLUSTERS + "?dryRun=" + word), "dryRun");
        refused(spec(body).urlEncodingEnabled(false).put(CLUSTERS + "/exact?dryRun=" + word), "dryRun");
        String delete = CLUSTERS + "/exact?confirm=exact&keepData=" + word.replace("dryRun", "keepData");
        refused(admin().urlEncodingEnabled(false).delete(delete), "keepData");
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("exact"));
    }

    @Test
    void numbersAndStatesAreRefusedWithTheirRule() {
        for (String path : List.of("/clusters", "/operations", "/alerts", "/events", "/failovers")) {
            for (String limit : List.of("0", "1001", "ten", "-1", "1e2", "99999999999")) {
                refused(admin().get("/api/v1" + path + "?limit=" + limit), "limit");
            }
        }
        for (String path : List.of("/clusters", "/operations", "/alerts")) {
            refused(admin().get("/api/v1" + path + "?state=NONSENSE"), "state");
        }
    }

    private static void refused(io.restassured.response.Response answer, String field) {
        problem(answer.then().body("errors[0].field", equalTo(field)).body("errors[0].rule", not(equalTo(""))), 400);
    }

    private static io.restassured.specification.RequestSpecification spec(String body) {
        return admin().contentType("application/json").body(body);
    }

    private static io.restassured.specification.RequestSpecification spec(String token, String body) {
        return as(token).contentType("application/json").body(body);
    }
}
