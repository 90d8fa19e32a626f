package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class WritesTest {
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
        stage.answers(order -> new Outcome.Accepted(new OperationId("op-1")));
    }

    @Test
    void aParameterThatTheCallDoesNotHaveIsRefusedBeforeAnythingIsOrdered() {
        for (String mistyped : List.of("dryrun", "dry-run", "DRYRUN")) {
            problem(
                    admin().contentType("application/json")
                            .body("{\"metadata\":{\"name\":\"mistyped\"}}")
                            .post(CLUSTERS + "?" + mistyped + "=true")
                            .then()
                            .body("errors[0].field", equalTo(mistyped))
                            .body("errors[0].value", equalTo("true"))
                            .body("errors[0].rule", equalTo("not known: this call takes dryRun, plan, wait")),
                    400);
        }
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("mistyped"));
        problem(admin().get("/api/v1/status?clutser=orders").then(), 400);
        problem(admin().post("/api/v1/fleet/disarm?label=x").then(), 400);
    }

    @Test
    void aWriteAnswersWhenTheViewsShowIt() {
        stage.plays(order -> {
            var position = stage.write(Clusters.named("read-back", Map.of("env", "prod")));
            return Optional.of(stage.outcome(order, new Outcome.Accepted(new OperationId("op-1")), List.of(position)));
        });
        apply("read-back")
                .post(CLUSTERS)
                .then()
                .statusCode(202)
                .header("Location", "/api/v1/operations/op-1")
                .body("operation", equalTo("op-1"))
                .body("state", equalTo("accepted"));
        assertThat(Scene.names(admin().get(CLUSTERS + "?label=env=prod").then()))
                .contains("read-back");
    }

    @Test
    void anOrderTellsWhoAskedForWhatUntilWhen() {
        apply("whole").put(CLUSTERS + "/whole").then().statusCode(202);
        Order order = stage.orders().getLast();
        assertThat(order.cluster()).isEqualTo(new ClusterName("whole"));
        assertThat(order.actor().name()).isEqualTo("first-admin");
        assertThat(order.notAfter()).isAfter(order.sentAt());
        assertThat(order.request())
                .isEqualTo(new Request.Apply("{\"metadata\":{\"name\":\"whole\"}}", null, false, false));
    }

    @Test
    void yamlArrivesAsTheJsonThatItsAuthorMeant() {
        String yaml = """
                metadata: {name: from-yaml, labels: {env: prod}}
                spec:
                  redis: {version: "7.0", config: {appendonly: yes, save: "900 1"}}
                  watch: {canary: off, probe: 1s}
                  tls: false
                  port: 6379
                """;
        admin().contentType("application/yaml")
                .body(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post(CLUSTERS)
                .then()
                .statusCode(202);
        Request.Apply sent = (Request.Apply) stage.orders().getLast().request();
        assertThat(sent.document().replace('"', '\''))
                .isEqualTo("{'metadata':{'name':'from-yaml','labels':{'env':'prod'}},'spec':{"
                        + "'redis':{'version':'7.0','config':{'appendonly':'yes','save':'900 1'}},"
                        + "'watch':{'canary':'off','probe':'1s'},'tls':false,'port':6379}}");
    }

    @Test
    void nothingToDoIsTwoHundred() {
        stage.answers(order -> new Outcome.Answered("{}"));
        apply("same")
                .put(CLUSTERS + "/same")
                .then()
                .statusCode(200)
                .body("state", equalTo("unchanged"))
                .body("operation", nullValue());
    }

    @Test
    void aDryRunGivesThePlanAsItIs() {
        stage.answers(order -> new Outcome.Answered("{\"cluster\":\"dry\",\"changes\":2,\"steps\":[]}"));
        apply("dry").put(CLUSTERS + "/dry?dryRun=true").then().statusCode(200).body("changes", equalTo(2));
        assertThat(stage.orders().getLast().request())
                .isInstanceOfSatisfying(
                        Request.Apply.class, sent -> assertThat(sent.dryRun()).isTrue());
    }

    @Test
    void withoutAnOutcomeTheAnswerIsPendingAfterTheDeadline() {
        stage.plays(order -> Optional.empty());
        long before = System.nanoTime();
        apply("slow")
                .header("Idempotency-Key", "slow-1")
                .post(CLUSTERS)
                .then()
                .statusCode(202)
                .body("state", equalTo("pending"))
                .body("operation", nullValue())
                .header("Location", startsWith("/api/v1/commands/"))
                .header("Retry-After", equalTo("1"))
                .body("command", not(nullValue()));
        String there = "/api/v1/commands/" + stage.orders().getLast().id();
        admin().get(there).then().statusCode(200).body("state", equalTo("pending"));
        problem(Scene.as(Scene.token("viewer", Map.of("team", "x"))).get(there).then(), 404);
        problem(admin().get("/api/v1/commands/none").then(), 404);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(8));
        // The outcome comes after all: whoever asks again with the same key gets it, and no second order.
        Order order = stage.orders().getLast();
        stage.write(
                Topic.OUTCOMES,
                "slow/" + order.id(),
                stage.outcome(order, new Outcome.Accepted(new OperationId("op-late")), List.of()));
        apply("slow")
                .header("Idempotency-Key", "slow-1")
                .post(CLUSTERS)
                .then()
                .statusCode(202)
                .body("state", equalTo("accepted"))
                .body("operation", equalTo("op-late"));
        admin().get(there)
                .then()
                .statusCode(200)
                .body("state", equalTo("accepted"))
                .body("operation", equalTo("op-late"));
        assertThat(stage.orders().stream().filter(seen -> seen.id().equals(order.id())))
                .hasSize(1);
    }

    @Test
    void aRetryWithItsKeyIsTheSameOrderAndGetsTheSameAnswer() {
        for (int i = 0; i < 3; i++) {
            apply("again")
                    .header("Idempotency-Key", "again-1")
                    .post(CLUSTERS)
                    .then()
                    .statusCode(202)
                    .body("operation", equalTo("op-1"));
        }
        assertThat(stage.orders().stream()
                        .filter(order -> order.cluster().value().equals("again")))
                .hasSize(1);
        problem(
                apply("other")
                        .header("Idempotency-Key", "again-1")
                        .post(CLUSTERS)
                        .then(),
                422);
    }

    @Test
    void instancesAreStartedStoppedAndWatchedByName() {
        Scene.shown(stage, Clusters.named("verbs"));
        String instance = CLUSTERS + "/verbs/instances/r2/redis-server/";
        admin().contentType("application/json")
                .body("{\"confirm\":\"yes, stop the master\"}")
                .post(instance + "stop")
                .then()
                .statusCode(202);
        assertThat(stage.orders().getLast().request().toString()).contains("STOP", "yes, stop the master");
        admin().post(instance + "restart").then().statusCode(202);
        stage.answers(order -> new Outcome.Answered("{}"));
        admin().post(instance + "unmonitor").then().statusCode(200).body("monitored", equalTo(false));
        admin().post(CLUSTERS + "/verbs/monitor").then().statusCode(200).body("monitored", equalTo(true));
        assertThat(stage.orders().getLast().request()).isEqualTo(new Request.Monitor(null));
        problem(admin().post(CLUSTERS + "/verbs/instances/r9/redis-server/stop").then(), 404);
        problem(admin().post(instance + "dance").then(), 404);
    }

    @Test
    void theBrakeIsAnsweredAsTheViewsShowIt() {
        stage.plays(order -> {
            FleetBrake brake = new FleetBrake(1, true, "maintenance", order.actor(), Instant.now(), 1);
            var position = stage.write(Topic.HEALTH, "_fleet", brake);
            return Optional.of(stage.outcome(order, new Outcome.Answered("{}"), List.of(position)));
        });
        admin().contentType("application/json")
                .body("{\"reason\":\"maintenance\"}")
                .post("/api/v1/fleet/disarm")
                .then()
                .statusCode(200)
                .body("disarmed", equalTo(true))
                .body("reason", equalTo("maintenance"));
        admin().get("/api/v1/fleet").then().statusCode(200).body("brake.disarmed", equalTo(true));
        problem(
                admin().contentType("application/json")
                        .body("{}")
                        .post("/api/v1/fleet/rearm")
                        .then(),
                422);
        String scoped = Scene.token("operator", Map.of("team", "x"));
        problem(
                Scene.as(scoped)
                        .contentType("application/json")
                        .body("{\"reason\":\"x\"}")
                        .post("/api/v1/fleet/disarm")
                        .then(),
                403);
    }

    @Test
    void everyOrderAndEveryRefusalIsAnEvent() {
        List<String> told = new CopyOnWriteArrayList<>();
        BusSettings settings = Stage.bus("auditor");
        try (Follower events =
                Follower.of(settings, List.of(Topic.EVENTS), new Start.Beginning(), record -> told.add(line(record)))) {
            String viewer = Scene.token("viewer", Map.of());
            apply("audited").post(CLUSTERS).then().statusCode(202);
            Scene.as(viewer)
                    .delete(CLUSTERS + "/audited?confirm=audited")
                    .then()
                    .statusCode(403);
            Scene.as("rf_" + "B".repeat(43)).get(CLUSTERS).then().statusCode(401);
            Await.until(
                    "the events",
                    Scene.SOON,
                    () -> told.stream().anyMatch(line -> line.contains("command.sent"))
                            && told.stream().anyMatch(line -> line.contains("command.refused") && line.contains("403"))
                            && told.stream().anyMatch(line -> line.contains("login.failed"))
                            && told.stream().anyMatch(line -> line.contains("token.created")));
        }
        assertThat(told)
                .filteredOn(line -> line.contains("command.sent"))
                .allSatisfy(line -> assertThat(line).contains("ce_source=/redfleet/gateway", "\"actor\":{\"name\":"));
        assertThat(told).noneMatch(line -> line.contains("rf_"));
    }

    private static String line(BusRecord record) {
        byte[] value = record.value();
        return record.headers() + " "
                + (value == null ? "" : new String(value, java.nio.charset.StandardCharsets.UTF_8));
    }

    private static io.restassured.specification.RequestSpecification apply(String name) {
        return admin().contentType("application/json").body("{\"metadata\":{\"name\":\"" + name + "\"}}");
    }
}
