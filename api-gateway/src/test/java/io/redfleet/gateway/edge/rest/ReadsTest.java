package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.CheckHealth.RuleHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class ReadsTest {
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
    void aClusterIsShownWithItsHealthAndItsRevisionAsTag() {
        ClusterState cluster = Clusters.named("card");
        Scene.shown(stage, cluster);
        stage.write(Topic.HEALTH, "card", Clusters.health(cluster, Liveness.UP));
        Await.until("health", Scene.SOON, () -> admin().get(CLUSTERS + "/card").path("health") != null);
        admin().get(CLUSTERS + "/card")
                .then()
                .statusCode(200)
                .header("ETag", "\"3\"")
                .body("name", equalTo("card"))
                .body("revision", equalTo(3))
                .body("phase", equalTo("READY"))
                .body("spec.hosts", hasSize(3))
                .body("health.verdict.diagnosis", equalTo("HEALTHY"))
                .body("drift.state", equalTo("UNKNOWN"))
                .body("drift.reason", containsString("Nothing has been heard of r1"))
                .body("stale", equalTo(false));
        admin().get(CLUSTERS + "/card/topology")
                .then()
                .body("nodes", hasSize(6))
                .body("nodes[0].role", equalTo("MASTER"));
        admin().get(CLUSTERS)
                .then()
                .body("items.find{it.name=='card'}.up", equalTo(6))
                .body("items.find{it.name=='card'}.drift", equalTo("UNKNOWN"));
    }

    @Test
    void aClusterThatIsGoneIsGone() {
        Scene.shown(stage, Clusters.named("gone"));
        stage.send(BusMessage.tombstone(Topic.CLUSTERS, "gone"));
        Await.until("its end", Scene.SOON, () -> admin().get(CLUSTERS + "/gone").statusCode() == 404);
    }

    @Test
    void pagesTogetherAreTheWholeList() {
        for (String name : List.of("page-a", "page-b", "page-c", "page-d", "page-e")) {
            Scene.shown(stage, Clusters.named(name, Map.of("set", "pages")));
        }
        TreeSet<String> seen = new TreeSet<>();
        String after = "";
        int pages = 0;
        do {
            var page = admin().get(CLUSTERS + "?label=set=pages&limit=2&after=" + after)
                    .then()
                    .statusCode(200)
                    .extract();
            seen.addAll(page.path("items.name"));
            after = page.path("next");
            pages++;
        } while (after != null);
        assertThat(seen).containsExactly("page-a", "page-b", "page-c", "page-d", "page-e");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void statusAndSummaryComeInMonitsLayoutToo() {
        ClusterState cluster = Clusters.named("monit");
        Scene.shown(stage, cluster);
        stage.write(Topic.HEALTH, "monit", Clusters.health(cluster, Liveness.DOWN));
        String json = "/api/v1/status?cluster=monit&instance=r1/redis-server";
        Await.until("health", Scene.SOON, () -> "DOWN".equals(admin().get(json).path("items[0].liveness")));
        admin().get(json).then().body("items", hasSize(1)).body("items[0].status", equalTo("Connection failed"));
        String table = admin().accept("text/plain")
                .get("/api/v1/summary?cluster=monit")
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .extract()
                .asString();
        assertThat(table)
                .contains(
                        " Service Name                     Status                      Type",
                        " monit/r1/redis-server            Connection failed           Process");
        String blocks =
                admin().accept("text/plain").get("/api/v1/status?cluster=monit").asString();
        assertThat(blocks)
                .contains("Process 'monit/r1/redis-server'\n  status                       Connection failed\n");
        problem(admin().get("/api/v1/status?instance=r9/none").then(), 404);
    }

    @Test
    void checksOfHostsAreLinesBesideTheInstances() {
        ClusterState cluster = Clusters.ruled("hosted", """
                check filesystem disk with path /home/a/redis
                  group disks
                  if space > 80% then alert
                """);
        Scene.shown(stage, cluster);
        RuleHealth failed = new RuleHealth(CheckHealth.State.FAILED, -1, 1, Clusters.NOON);
        Map<String, CheckHealth> full =
                Map.of("r1 disk", new CheckHealth(0, 0, Map.of("space > 80%", failed), List.of()));
        stage.write(Topic.HEALTH, "hosted", Clusters.health(cluster, Liveness.UP, Clusters.NOON, full));
        String json = "/api/v1/status?cluster=hosted";
        String word = "Resource limit matched";
        Await.until("health", Scene.SOON, () -> word.equals(admin().get(json).path("hosts[0].status")));
        admin().get(json)
                .then()
                .body("items", hasSize(6))
                .body("hosts.id", equalTo(List.of("r1/disk", "r2/disk", "r3/disk")))
                .body("hosts[0].kind", equalTo("FILESYSTEM"))
                .body("hosts[1].status", equalTo("Initializing"))
                .body("next", nullValue());
        for (String part : List.of("&group=disks", "&instance=r1/disk")) {
            admin().get(json + part)
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(0))
                    .body("hosts.id", hasItem("r1/disk"));
        }
        problem(admin().get(json + "&instance=r1/none").then(), 404);
        problem(admin().get(json + "&group=none").then(), 404);
        assertThat(admin().accept("text/plain")
                        .get("/api/v1/summary?cluster=hosted")
                        .asString())
                .contains(" hosted/r1/disk                   Resource limit matched      Filesystem");
        assertThat(admin().accept("text/plain").get(json).asString())
                .contains("Filesystem 'hosted/r1/disk'\n  status                       Resource limit matched\n");
        admin().get("/api/v1/report?cluster=hosted")
                .then()
                .body("total", equalTo(9))
                .body("down", equalTo(1))
                .body("initialising", equalTo(2));
        String stranger = Scene.token("viewer", Map.of("team", "stranger"));
        as(stranger).get("/api/v1/status").then().statusCode(200).body("hosts", hasSize(0));
        problem(as(stranger).get(json + "&instance=r1/disk").then(), 404);
    }

    @Test
    void aQuestionToTheMonitorIsAnsweredLive() {
        Scene.shown(stage, Clusters.named("asked"));
        stage.answers(order -> new Outcome.Answered("{\"r1/redis-server\":{\"role\":\"master\"}}"));
        admin().get(CLUSTERS + "/asked/info/replication")
                .then()
                .statusCode(200)
                .body("'r1/redis-server'.role", equalTo("master"));
        problem(admin().get(CLUSTERS + "/asked/info/no%20section").then(), 404);
        stage.plays(order -> java.util.Optional.empty());
        problem(admin().get(CLUSTERS + "/asked/info/memory").then().header("Retry-After", notNullValue()), 503);
    }

    @Test
    void theAuditTrailIsAskedWithTheSharedKeyAndCutToTheScope() {
        Scene.shown(stage, Clusters.named("audit-seen", Map.of("team", "seen")));
        admin().get("/api/v1/events?type=instance.&limit=50")
                .then()
                .statusCode(200)
                .body("items.id", hasItem("3"))
                .body("next", equalTo("n"));
        String asked =
                given().get("http://127.0.0.1:" + PlayedAudit.port() + "/asked").asString();
        assertThat(asked).contains("type=instance.&limit=50").containsPattern("Bearer [0-9a-f]{64} ");
        String scoped = Scene.token("viewer", Map.of("team", "seen"));
        assertThat(as(scoped).get("/api/v1/events").then().extract().<List<String>>path("items.id"))
                .containsExactly("1");
        admin().get("/api/v1/failovers")
                .then()
                .statusCode(200)
                .body("items[0].id", equalTo("fo-1"))
                .body("items[0].cluster", equalTo("audit-seen"));
        admin().get("/api/v1/failovers/fo-1").then().statusCode(200).body("epoch", equalTo(7));
        problem(admin().get("/api/v1/failovers/none").then(), 404);
        assertThat(given().get("http://127.0.0.1:" + PlayedAudit.port() + "/asked")
                        .asString())
                .contains("correlation=fo-1");
        problem(admin().get("/api/v1/events?actor=broken").then().body("detail", containsString("alert-service")), 503);
    }

    @Test
    void tokensAreListedWithoutWhatMakesThem() {
        Scene.token("viewer", Map.of("team", "listed"));
        admin().get("/api/v1/tokens")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("first-admin"))
                .body(not(containsString("hash")));
        String id = admin().get("/api/v1/tokens").path("items.find{it.name=='first-admin'}.id");
        problem(admin().delete("/api/v1/tokens/" + id).then().body("detail", containsString("last admin")), 409);
        problem(
                admin().contentType("application/json")
                        .body("{\"name\":\"x\",\"role\":\"root\"}")
                        .post("/api/v1/tokens")
                        .then(),
                422);
        problem(
                admin().contentType("application/json")
                        .body("{\"name\":\"x\",\"role\":\"viewer\",\"scope\":1}")
                        .post("/api/v1/tokens")
                        .then(),
                422);
    }

    @Test
    void aStrangerSeesHealthWithoutReasonsAndNoMetrics() {
        given().get("/q/metrics").then().statusCode(401);
        assertThat(given().get("/q/health/ready").asString()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        admin().get(CLUSTERS)
                .then()
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Cache-Control", "no-store");
        given().header("Origin", "http://evil.example")
                .get("/q/health/live")
                .then()
                .header("Access-Control-Allow-Origin", (String) null);
    }
}
