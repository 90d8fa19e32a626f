package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class BrokerAwayTest {
    private static final List<Topic> READ = Stream.of(Topic.values())
            .filter(topic -> topic.readers().contains(ServiceName.GATEWAY))
            .toList();

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CLUSTERS = "/api/v1/clusters";

    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @Test
    void withoutKafkaReadsAreStaleAndWritesAreForLaterAndItAllComesBack() {
        try (Stage stage = new Stage()) {
            stage.answers(order -> new Outcome.Accepted(new OperationId("op-back")));
            Scene.shown(stage, Clusters.named("away"));
            broker("kill");
            try {
                Await.until("stale reads", LONG, () -> admin().get(CLUSTERS).path("stale"));
                admin().get(CLUSTERS).then().statusCode(200).body("items.name", hasItem("away"));
                everyReadIsMarked();
                Await.until("refused at once", LONG, () -> writesTake().compareTo(Duration.ofMillis(500)) < 0);
                problem(spec().post(CLUSTERS).then().header("Retry-After", notNullValue()), 503);
                given().get("/q/health/ready").then().statusCode(200);
            } finally {
                broker("restart");
            }
            Await.until("fresh reads", LONG, () -> !admin().get(CLUSTERS).<Boolean>path("stale"));
            Await.until(
                    "a write", LONG, () -> spec().put(CLUSTERS + "/away-write").statusCode() == 202);
            spec().put(CLUSTERS + "/away-write").then().body("operation", equalTo("op-back"));
        }
    }

    @Test
    @Tag("long")
    void aBrokerThatHangsIsAwayToo() {
        try (Stage stage = new Stage()) {
            stage.answers(order -> new Outcome.Accepted(new OperationId("op-thawed")));
            broker("freeze");
            try {
                Await.until("stale reads", LONG, () -> admin().get(CLUSTERS).path("stale"));
                Await.until("refused at once", LONG, () -> writesTake().compareTo(Duration.ofMillis(500)) < 0);
            } finally {
                broker("thaw");
            }
            Await.until(
                    "a write", LONG, () -> spec().put(CLUSTERS + "/away-write").statusCode() == 202);
        }
    }

    /** Reads by the table of all calls; those that another service answers, and streams, may be away themselves. */
    private static void everyReadIsMarked() {
        for (String call : Endpoints.all()) {
            String path = call.substring(call.indexOf(' ') + 1).replace("{cluster}", "away");
            if (!Endpoints.changes(call)
                    && !path.contains("{")
                    && !path.endsWith("/plan")
                    && !path.endsWith("/sudoers")
                    && !path.endsWith("/verify")
                    && !path.endsWith("/stream")) {
                Response answer = admin().get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.header(StaleReads.HEADER)).as(path).matches("[1-9]\\d*");
                if (answer.jsonPath().get("stale") != null) {
                    assertThat(answer.jsonPath().getBoolean("stale")).as(path).isTrue();
                }
            }
        }
    }

    /** Of a new cluster, a new token and the end of one, the slowest; a write that is not refused takes for ever. */
    private static Duration writesTake() {
        Duration longest = Duration.ZERO;
        List<Supplier<Response>> writes = List.of(
                () -> spec().post(CLUSTERS),
                () -> spec().delete(CLUSTERS + "/away?confirm=away"),
                () -> spec().body("{\"name\":\"away\",\"role\":\"viewer\"}").post("/api/v1/tokens"));
        for (Supplier<Response> write : writes) {
            long begun = System.nanoTime();
            boolean refused = write.get().statusCode() == 503;
            Duration took = refused ? Duration.ofNanos(System.nanoTime() - begun) : Duration.ofDays(1);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        return longest;
    }

    @Test
    void anUnreadableRecordOnAnyTopicIsADeadLetterAndReadingGoesOn() {
        List<Position> letters = new CopyOnWriteArrayList<>();
        try (Stage stage = new Stage();
                var follower = stage.follow(Topic.DEADLETTERS, record -> {
                    if (!record.isTombstone()) {
                        letters.add(record.as(DeadLetter.class).position());
                    }
                })) {
            assertThat(follower).isNotNull();
            List<Position> poison = new ArrayList<>();
            for (Topic topic : READ) {
                for (String value : List.of("no json", "{}", "{\"schema\":99}")) {
                    byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    poison.add(stage.send(new BusMessage(topic, "broken/1", Map.of(), bytes)));
                }
            }
            Scene.shown(stage, Clusters.named("after-broken"));
            Await.until("a dead letter for each", Scene.SOON, () -> letters.containsAll(poison));
        }
    }

    private static RequestSpecification spec() {
        return admin().contentType("application/json").body("{\"metadata\":{\"name\":\"away-write\"}}");
    }

    private static void broker(String verb) {
        given().get("http://127.0.0.1:" + PlayedAudit.port() + "/broker/" + verb)
                .then()
                .statusCode(200);
    }
}
