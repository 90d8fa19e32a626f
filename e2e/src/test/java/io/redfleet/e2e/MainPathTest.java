package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole walk: a spec is applied over SSH, the master is killed, Sentinel changes masters, the old master is brought
 * back as a replica, and everyone who should hear of it does.
 */
@Tag("e2e")
class MainPathTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String R1 = "r1/redis-server";

    @TempDir
    Path directory = Path.of("");

    @Test
    void theMasterDiesAndTheClusterLivesOnAndNoPasswordIsSeenAnywhere() throws Exception {
        Path home = directory.resolve("home");
        home.toFile().mkdir();
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home);
                Processes processes = new Processes();
                PlainConsumer anotherTeam = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            try {
                walk(hosts, api, anotherTeam);
                List<String> plans = new ArrayList<>(plansThatAreNotEmpty(redfleet, hosts, api));
                plans.addAll(new PlannedWay(redfleet, hosts).walked(directory));
                noPasswordIsSeenAnywhere(redfleet, hosts, api, plans, processes);
                everyRecordIsAsPublished(redfleet);
                Evidence.keep(anotherTeam);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, anotherTeam), e);
            }
        }
    }

    private void walk(ThreeHosts hosts, Api api, PlainConsumer events) throws IOException {
        Api.Answer accepted = api.post("/clusters", "application/yaml", hosts.spec("orders"));
        assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
        String operation = accepted.body().path("operation").asText();
        within(
                60,
                "the operation has succeeded",
                () -> Look.status(api, operation).equals("SUCCEEDED"));
        within(30, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
        // What the gateway has read of one topic another team may not yet have read of the other.
        List<String> told =
                List.of("cluster.accepted", "operation.started", "operation.verified", "operation.succeeded");
        within(10, "another team has read " + told, () -> events.types().containsAll(told));
        JsonNode verified = api.get("/operations/" + operation).body().path("verification");
        assertThat(verified.path("holds").asBoolean()).as("%s", verified).isTrue();
        assertThat(verified.path("limits")).hasSize(6);

        String first = hosts.all().getFirst().address();
        String password = api.password("orders", "application");
        aStrangerIsLetInNowhere(hosts, first);
        try (RedisCall master = RedisCall.open(first, hosts.redisPort(), SOON).as("application", password)) {
            assertThat(master.call("SET", "kept", "yes")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "3000")).isEqualTo(2L);
        }

        Look.kill9(Look.pid(api, R1));
        event(events, 1, "instance.down", R1);
        event(events, 15, "failover.switched", "orders");
        event(events, 45, "failover.completed", "orders");
        event(events, 60, "restart.performed", R1);
        event(events, 10, "instance.up", R1);
        within(
                40,
                "the old master follows the new one",
                () -> Look.role(api, R1).equals("REPLICA"));
        within(30, "the cluster is healthy again", () -> Look.diagnosis(api).equals("HEALTHY"));
        within(30, "the incident is resolved", () -> Look.everyIncident(api, "RESOLVED"));

        String now = Look.master(api);
        assertThat(now).isNotEqualTo(first + ":" + hosts.redisPort());
        try (RedisCall master =
                RedisCall.open(now.split(":")[0], hosts.redisPort(), SOON).as("application", password)) {
            assertThat(master.call("GET", "kept")).isEqualTo("yes");
        }
        theStoryIsToldOnceAndInOrder(events);
        theAuditTrailKnowsIt(api);
        applyingAgainChangesNothing(api, hosts);
    }

    private static void aStrangerIsLetInNowhere(ThreeHosts hosts, String address) throws IOException {
        for (int port : new int[] {hosts.redisPort(), hosts.sentinelPort()}) {
            try (RedisCall stranger = RedisCall.open(address, port, SOON)) {
                assertThatThrownBy(() -> stranger.call("PING")).hasMessageStartingWith("NOAUTH");
            }
        }
    }

    private static void noPasswordIsSeenAnywhere(
            Installation redfleet, ThreeHosts hosts, Api api, List<String> plans, Processes processes)
            throws Exception {
        LeakScan scan = new LeakScan(redfleet, "orders");
        assertThat(api.password("orders", "application")).isEqualTo(scan.password(Purpose.APPLICATION));
        assertThat(api.get("/clusters/orders/connection").body().path("user").asText())
                .isEqualTo("application");
        within(
                10,
                "the audit trail knows who was shown what",
                () -> api.get("/events?cluster=orders&type=secret.revealed")
                                .body()
                                .path("items")
                                .size()
                        == 2);
        scan.nothingIsFoundIn(api, plans, processes, hosts.all());
    }

    private static void theStoryIsToldOnceAndInOrder(PlainConsumer events) {
        assertThat(events.types())
                .containsSubsequence(
                        "instance.down",
                        "failover.started",
                        "failover.switched",
                        "failover.completed",
                        "restart.requested",
                        "instance.up");
        assertThat(events.types()).containsSubsequence("restart.requested", "restart.performed");
        Set<String> ids = new HashSet<>();
        for (CloudEvent event : events.seen()) {
            assertThat(ids.add(event.getSource() + " " + event.getId()))
                    .as("told once: %s", event)
                    .isTrue();
        }
        assertThat(events.types().stream().filter("failover.switched"::equals)).hasSize(1);
    }

    /** Read by nothing but what lies under {@code docs}. */
    private static void everyRecordIsAsPublished(Installation redfleet) {
        PublishedContract.Findings findings =
                new PublishedContract().read(redfleet.bootstrap(), redfleet.login("admin"));
        System.out.println("records of this run, by message: " + findings.counts());
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.counts())
                .containsKeys(
                        "commands.v1",
                        "outcomes.v1",
                        "clusters.v1",
                        "operations.v1",
                        "hosts.v1",
                        "health.v1",
                        "remediations.v1",
                        "alerts.v1",
                        "access.v1",
                        "secrets.v1",
                        "secret.revealed.v1",
                        "failover.completed.v1",
                        "incident.resolved.v1",
                        "command.sent.v1");
    }

    private static void theAuditTrailKnowsIt(Api api) {
        within(
                10,
                "the audit trail has the failover",
                () -> StreamSupport.stream(
                                api.get("/events?cluster=orders&type=failover.switched")
                                        .body()
                                        .path("items")
                                        .spliterator(),
                                false)
                        .anyMatch(item -> item.path("cluster").asText().equals("orders")));
        JsonNode failovers = api.get("/failovers?cluster=orders").body().path("items");
        assertThat(failovers).hasSize(1);
        assertThat(failovers.get(0).path("timeline")).isNotEmpty();
    }

    private static void applyingAgainChangesNothing(Api api, ThreeHosts hosts) {
        JsonNode plan = api.put("/clusters/orders?dryRun=true", "application/yaml", hosts.spec("orders"))
                .body();
        assertThat(plan.path("changes").asInt(-1)).as("%s", plan).isZero();
        JsonNode verified = api.get("/clusters/orders/verify").body();
        assertThat(verified.path("holds").asBoolean()).as("%s", verified).isTrue();
    }

    /**
     * Of a spec with another setting and another replica: the files of a new instance hold passwords, and a plan shows each
     * file line by line. As the gateway answers it and as {@code redfleet plan} shows it; nothing is done.
     */
    private List<String> plansThatAreNotEmpty(Installation redfleet, ThreeHosts hosts, Api api) throws IOException {
        String third = hosts.all().getLast().address();
        String changed = hosts.spec("orders")
                .replace("appendonly: \"yes\"", "appendonly: \"yes\", maxmemory: 64mb")
                .replaceAll(
                        "(address: " + Pattern.quote(third) + "\\n +)roles: .*",
                        "$1instances: [{role: redis}, {role: sentinel}, {role: redis, name: redis-more, port: "
                                + LoopbackHost.freePort(third) + "}]");
        JsonNode plan = api.put("/clusters/orders?dryRun=true", "application/yaml", changed)
                .body();
        assertThat(plan.path("changes").asInt()).as("%s", plan).isPositive();
        assertThat(plan.toString())
                .contains("+ maxmemory 64mb", "r3/redis-more/config", "+ masterauth ***", "r3/redis-more/users");

        Path file = Files.writeString(directory.resolve("changed.yaml"), changed);
        Installation.Said shown = redfleet.commandLine("plan", "-f", file.toString());
        assertThat(shown.status()).as(shown.text()).isZero();
        assertThat(shown.text())
                .contains(
                        "+ maxmemory 64mb",
                        "+ masterauth ***",
                        plan.path("changes").asInt() + " to change");
        return List.of(shown.text());
    }

    private static void event(PlainConsumer events, int seconds, String type, String about) {
        within(
                seconds,
                type + " of " + about,
                () -> events.first(type, e -> String.valueOf(e.getSubject()).endsWith(about))
                        .isPresent());
    }

    private static void within(int seconds, String what, java.util.function.BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
