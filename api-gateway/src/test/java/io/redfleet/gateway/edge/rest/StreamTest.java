package io.redfleet.gateway.edge.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.testkit.Await;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class StreamTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Stage stage;
    private static String token;

    @BeforeAll
    static void open() {
        stage = new Stage();
        token = Stage.adminToken();
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
    void anEventReachesItsListenersUnderItsShortType() {
        try (Listener all = listen("?cluster=live-one", null);
                Listener other = listen("?cluster=live-one&type=failover.", null)) {
            happens("live-one", 1);
            all.awaitData(1, SOON);
            assertThat(all.lines())
                    .contains("event:instance.up")
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("data:{")
                            .contains("\"type\":\"instance.up\"", "\"subject\":\"live-one/r1/redis-server\""));
            assertThat(other.data()).isEmpty();
        }
    }

    @Test
    void aListenerThatComesBackMissesNothingAndHearsNothingTwice() {
        String lastId;
        try (Listener before = listen("?cluster=live-two", null)) {
            happens("live-two", 1);
            before.awaitData(1, SOON);
            lastId = before.lastId();
        }
        IntStream.rangeClosed(2, 300).forEach(number -> happens("live-two", number));
        try (Listener after = listen("?cluster=live-two", lastId)) {
            happens("live-two", 301);
            after.awaitData(300, Duration.ofSeconds(30));
            List<String> ids = after.data().stream()
                    .map(line -> line.replaceAll(".*\"id\":\"live-two:(\\d+)\".*", "$1"))
                    .toList();
            assertThat(ids)
                    .containsExactlyElementsOf(IntStream.rangeClosed(2, 301)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @Test
    void aQuietStreamShowsSignsOfLifeWithAnIdToComeBackTo() {
        try (Listener quiet = listen("?cluster=live-none", null)) {
            Await.until(
                    "two heartbeats",
                    SOON,
                    () -> quiet.lines().stream()
                                    .filter(line -> line.startsWith(":"))
                                    .count()
                            >= 3);
            assertThat(quiet.lastId()).matches("\\d+:\\d+(,\\d+:\\d+){11}");
        }
    }

    @Test
    void aRevokedTokenEndsItsStream() {
        String made = given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"name\":\"listener\",\"role\":\"viewer\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        String id = given().auth().oauth2(token).get("/api/v1/tokens").path("items.find{it.name=='listener'}.id");
        try (Listener listener = Listener.open(stream(""), made, null)) {
            Await.until("a first line", SOON, () -> !listener.lines().isEmpty());
            given().auth().oauth2(token).delete("/api/v1/tokens/" + id).then().statusCode(200);
            Await.until("the end of the stream", SOON, listener::ended);
        }
    }

    @Test
    void aBadLastEventIdIsRefused() {
        given().auth()
                .oauth2(token)
                .header("Last-Event-ID", "yesterday")
                .get("/api/v1/events/stream")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    private static URI stream(String query) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/events/stream" + query);
    }

    private Listener listen(String query, @org.jspecify.annotations.Nullable String lastId) {
        if (query.contains("live-")) {
            String cluster = query.replaceAll(".*cluster=([a-z-]+).*", "$1");
            stage.write(io.redfleet.gateway.Clusters.named(cluster));
            Await.until(
                    "the cluster",
                    SOON,
                    () -> given().auth()
                                    .oauth2(token)
                                    .get("/api/v1/clusters/" + cluster)
                                    .statusCode()
                            == 200);
        }
        // A token of its own: a place that an earlier test has left is given back only once that is noticed.
        Listener listener = Listener.open(stream(query), Scene.token("viewer", Map.of()), lastId);
        Await.until("a first line", SOON, () -> !listener.lines().isEmpty());
        return listener;
    }

    private static void happens(String cluster, int number) {
        About about = new About(
                new ClusterName(cluster),
                new ClusterUid("uid-" + cluster),
                new InstanceId("r1/redis-server"),
                "It answers again",
                "",
                null);
        stage.send(BusMessage.of(
                new Fact(Fact.id(cluster, number), Instant.now(), about, new InstanceEvent.Up("run-" + number, 10))));
    }
}
