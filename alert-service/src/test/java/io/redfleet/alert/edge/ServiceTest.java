package io.redfleet.alert.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.alert.Story;
import io.redfleet.alert.edge.config.AlertSettings;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Peers.class)
@Tag("peer")
class ServiceTest {
    private static final String R2 = "r2/redis-server";

    @Inject
    AlertSettings settings;

    @Test
    void itBecomesReadyAndAnEventOnTheBusShowsInTheAuditTrail() throws IOException {
        awaitReady();
        Story story = new Story(Rig.cluster("service"), "1").startingAt(Instant.parse("2026-11-22T10:00:00.123456Z"));
        String cluster = story.cluster().value();
        Fact down = story.down(R2, ReplicationRole.REPLICA);
        Fact up = story.up(R2);
        Fact told = story.tell(R2, new WatchEvent.MonitoringStarted());
        About about =
                new About(told.about().cluster(), told.about().uid(), null, "ann looks", "", new Actor("ann", "t"));
        Fact byAnn = new Fact(told.id(), told.at(), about, told.event());
        send(down, up, byAnn);
        Await.until(
                "both events and what was said of them",
                Rig.SOON,
                () -> types(Map.of("cluster", cluster))
                        .containsAll(
                                List.of("instance.down", "instance.up", "incident.resolved", "monitoring.started")));

        Response page = ask(Map.of("cluster", cluster, "type", "instance.", "limit", "1"));
        assertThat(page.jsonPath().getList("items.type")).containsExactly("instance.up");
        assertThat(page.jsonPath().getString("items[0].id")).isEqualTo(up.id());
        assertThat(page.jsonPath().getString("items[0].instance")).isEqualTo(R2);
        assertThat(page.jsonPath().getString("items[0].data.runId")).isEqualTo("run-2");
        assertThat(page.jsonPath().getString("items[0].actor")).isNull();

        Response next = ask(Map.of(
                "cluster",
                cluster,
                "type",
                "instance.",
                "limit",
                "1",
                "after",
                page.jsonPath().getString("next")));
        assertThat(next.jsonPath().getList("items.id")).containsExactly(down.id());
        assertThat(next.jsonPath().getString("next")).isNull();

        assertThat(types(Map.of(
                        "cluster", cluster, "type", "instance.", "from", up.at().toString())))
                .containsExactly("instance.up");
        assertThat(types(Map.of(
                        "cluster", cluster, "type", "instance.", "to", up.at().toString())))
                .containsExactly("instance.down");
        assertThat(types(Map.of("cluster", cluster, "actor", "ann"))).containsExactly("monitoring.started");
        assertThat(types(Map.of("cluster", cluster, "actor", "an"))).isEmpty();
        assertThat(types(Map.of("cluster", cluster, "type", "instance_"))).isEmpty();

        String incident = ask(Map.of("cluster", cluster, "type", "incident.opened"))
                .jsonPath()
                .getString("items[0].correlation");
        assertThat(types(Map.of("correlation", incident))).contains("incident.opened", "incident.resolved");
        assertThat(types(Map.of("correlation", incident))).noneMatch(type -> type.startsWith("instance."));
        assertThat(types(Map.of("correlation", incident + "x"))).isEmpty();
    }

    @Test
    void withoutTheKeyThereIsNothing() {
        given().get("/audit").then().statusCode(401).contentType("application/problem+json");
        given().header("Authorization", "Bearer guess").get("/audit").then().statusCode(401);
        given().get("/q/metrics").then().statusCode(401);
        assertThat(given().get("/q/health/live").asString()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void whatIsWrongWithAQuestionIsNamed() throws IOException {
        Response answer = ask(Map.of("limit", "0", "from", "yesterday", "after", "page2"));
        assertThat(answer.jsonPath().getString("detail")).contains("limit is a number from 1 to 1000");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.jsonPath().getList("errors.field")).containsExactlyInAnyOrder("limit", "from", "after");
    }

    @Test
    void aPageOfSomeClustersTellsNothingOfTheOthers() throws IOException {
        awaitReady();
        Story mine = new Story(Rig.cluster("mine"), "1").startingAt(Instant.parse("2026-11-22T11:00:00Z"));
        Story theirs = new Story(Rig.cluster("theirs"), "1").startingAt(Instant.parse("2026-11-22T11:00:00Z"));
        Fact seen = mine.down(R2, ReplicationRole.REPLICA);
        send(seen, theirs.down(R2, ReplicationRole.REPLICA), theirs.up(R2));
        Await.until(
                "all three",
                Rig.SOON,
                () -> types(Map.of("cluster", theirs.cluster().value())).contains("instance.up")
                        && types(Map.of("cluster", mine.cluster().value())).contains("instance.down"));

        String uid = seen.about().uid().value();
        Response page = askOf(uid, Map.of("type", "instance.", "limit", "1"));
        assertThat(page.jsonPath().getList("items.id")).containsExactly(seen.id());
        assertThat(page.jsonPath().getString("next")).isNull();
        assertThat(askOf("", Map.of("limit", "1")).jsonPath().getList("items")).isEmpty();
        Response hidden = askOf(uid, Map.of("cluster", theirs.cluster().value(), "limit", "1"));
        assertThat(hidden.jsonPath().getList("items")).isEmpty();
        assertThat(hidden.jsonPath().getString("next")).isNull();
        given().contentType("text/plain").body(uid).post("/audit").then().statusCode(401);
    }

    private Response askOf(String uids, Map<String, String> words) throws IOException {
        String key = Files.readString(settings.home().resolve("credentials/audit-key"))
                .strip();
        return given().header("Authorization", "Bearer " + key)
                .queryParams(words)
                .contentType("text/plain")
                .body(uids)
                .post("/audit");
    }

    @Test
    void theKeyIsForItsOwnerAlone() throws IOException {
        Path file = settings.home().resolve("credentials/audit-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private void awaitReady() {
        Await.until(
                "readiness",
                Duration.ofSeconds(30),
                () -> given().get("/q/health/ready").statusCode() == 200);
    }

    private List<String> types(Map<String, String> words) {
        try {
            return ask(words).jsonPath().getList("items.type");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Response ask(Map<String, String> words) throws IOException {
        String key = Files.readString(settings.home().resolve("credentials/audit-key"))
                .strip();
        return given().header("Authorization", "Bearer " + key)
                .queryParams(words)
                .get("/audit");
    }

    private void send(Fact... facts) {
        var teller = new BusSettings(
                settings.bootstrap(), "teller", TestBroker.shared().admin());
        try (var producer = new BusProducer(teller, Duration.ofSeconds(10))) {
            for (Fact fact : facts) {
                producer.send(BusMessage.of(fact)).toCompletableFuture().join();
            }
        }
    }
}
