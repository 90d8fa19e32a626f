package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A name that one team gave up and another took: the later team learns nothing of the earlier cluster. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class FormerClusterTest {
    private static final ClusterUid FORMER = new ClusterUid("uid-former");

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
    void operationsAndIncidentsOfAFormerClusterAreTheFleets() {
        ClusterState standing = Clusters.named("heir", Map.of("team", "later"));
        Scene.shown(stage, standing);
        stage.write(Topic.OPERATIONS, "op-former", operation("op-former", FORMER));
        stage.write(Topic.OPERATIONS, "op-own", operation("op-own", standing.uid()));
        stage.write(Topic.ALERTS, "in-former", incident("in-former", FORMER));
        stage.write(Topic.ALERTS, "in-own", incident("in-own", standing.uid()));
        String later = Scene.token("operator", Map.of("team", "later"));
        Await.until(
                "all four",
                Scene.SOON,
                () -> ids(Stage.adminToken(), "/operations").containsAll(List.of("op-own", "op-former"))
                        && ids(Stage.adminToken(), "/alerts").containsAll(List.of("in-own", "in-former")));

        assertThat(ids(later, "/operations")).containsExactly("op-own");
        assertThat(ids(later, "/alerts")).containsExactly("in-own");
        as(later).get("/api/v1/fleet").then().body("openIncidents", equalTo(1));
        problem(as(later).get("/api/v1/operations/op-former").then(), 404);
        problem(as(later).post("/api/v1/operations/op-former/cancel").then(), 404);
        problem(as(later).post("/api/v1/alerts/in-former/acknowledge").then(), 404);
        admin().get("/api/v1/operations/op-former").then().statusCode(200);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("heir"));
    }

    @Test
    void eventsOfAFormerClusterReachNoLaterListener() {
        ClusterState standing = Clusters.named("heir-live", Map.of("team", "live"));
        Scene.shown(stage, standing);
        String token = Scene.token("viewer", Map.of("team", "live"));
        URI stream = URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/events/stream");
        try (Listener listener = Listener.open(stream, token, null)) {
            Await.until("a first line", Scene.SOON, () -> !listener.lines().isEmpty());
            stage.send(up("heir-live", FORMER, 1));
            stage.send(up("heir-live", standing.uid(), 2));
            listener.awaitData(1, Scene.SOON);
            assertThat(listener.data()).singleElement().asString().contains("\"id\":\"heir-live:2\"");
        }
    }

    @Test
    void thePastOfAFormerClusterIsTheFleets() {
        Scene.shown(stage, Clusters.named("audit-seen", Map.of("team", "seen")));
        String scoped = Scene.token("viewer", Map.of("team", "seen"));
        assertThat(ids(scoped, "/events")).containsExactly("1");
        assertThat(ids(scoped, "/failovers")).containsExactly("fo-1");
        problem(as(scoped).get("/api/v1/failovers/fo-0").then(), 404);
        assertThat(ids(Stage.adminToken(), "/failovers")).containsExactly("fo-1", "fo-0");
    }

    private static List<String> ids(String token, String path) {
        return as(token).get("/api/v1" + path).then().statusCode(200).extract().path("items.id");
    }

    static OperationState operation(String id, ClusterUid uid) {
        return operation(id, "heir", uid);
    }

    static OperationState operation(String id, String cluster, ClusterUid uid) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId(id),
                new ClusterName(cluster),
                uid,
                "provision",
                null,
                new Actor("ops", "token"),
                OperationState.Status.RUNNING,
                "As the test says",
                Clusters.NOON,
                null,
                List.of(),
                Set.of());
    }

    static Incident incident(String id, ClusterUid uid) {
        return incident(id, "heir", uid);
    }

    static Incident incident(String id, String cluster, ClusterUid uid) {
        return new Incident(
                Incident.SCHEMA,
                new IncidentId(id),
                new ClusterName(cluster),
                uid,
                "masterDown",
                Severity.CRITICAL,
                Incident.State.OPEN,
                "As the test says",
                Clusters.NOON,
                Clusters.NOON,
                null,
                null,
                List.of());
    }

    private static BusMessage up(String cluster, ClusterUid uid, int number) {
        InstanceId instance = new InstanceId("r1/redis-server");
        About about = new About(new ClusterName(cluster), uid, instance, "It answers again", "", null);
        InstanceEvent event = new InstanceEvent.Up("run-" + number, 10);
        return BusMessage.of(new Fact(Fact.id(cluster, number), Instant.now(), about, event));
    }
}
