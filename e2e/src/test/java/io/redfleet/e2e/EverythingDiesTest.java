package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.ThreeHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka, PostgreSQL and all services die by SIGKILL in the second in which the master has died too. */
@Tag("long")
class EverythingDiesTest {
    private static final List<String> PARTS =
            List.of("kafka", "postgres", "gateway", "alert", "provisioner", "monitor");
    private static final String R1 = "r1/redis-server";

    @TempDir
    Path directory = Path.of("");

    @Test
    void whatWasTrueStandsAndTheFailoverThatNobodyWatchedIsToldOnce() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home)) {
            Api admin = new Api(redfleet.gateway(), redfleet.adminToken());
            String token = admin.post("/tokens", "application/json", "{\"name\":\"stands\",\"role\":\"viewer\"}")
                    .body()
                    .path("token")
                    .asText();
            String operation = admin.post("/clusters", "application/yaml", hosts.spec("orders"))
                    .body()
                    .path("operation")
                    .asText();
            within(
                    90,
                    "the cluster is provisioned",
                    () -> Look.status(admin, operation).equals("SUCCEEDED"));
            within(60, "the cluster is healthy", () -> Look.diagnosis(admin).equals("HEALTHY"));
            long master = Look.pid(admin, R1);

            long struck = System.nanoTime();
            Look.kill9(master);
            List<ProcessHandle> parts = PARTS.stream().map(redfleet::process).toList();
            parts.forEach(ProcessHandle::destroyForcibly);
            long killing = millisSince(struck);
            within(10, "all are dead", () -> parts.stream().noneMatch(ProcessHandle::isAlive));

            redfleet.raise();
            long up = millisSince(struck);
            Api viewer = new Api(redfleet.gateway(), token);
            assertThat(viewer.get("/clusters/orders").status())
                    .as("a token from before")
                    .isEqualTo(200);
            assertThat(Look.cluster(viewer).path("revision").asLong()).isEqualTo(1);
            assertThat(Look.status(viewer, operation)).isEqualTo("SUCCEEDED");
            try (PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
                try {
                    itIsToldAndMended(viewer, events);
                } catch (AssertionError e) {
                    throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, events), e);
                }
                long ids =
                        events.seen().stream().map(CloudEvent::getId).distinct().count();
                System.out.printf(
                        "killed within %d ms, up after %d ms; events %d, repeats %d, switches %d, lost 0%n",
                        killing,
                        up,
                        events.seen().size(),
                        events.seen().size() - ids,
                        told(events, "failover.switched", "orders"));
            }
        }
    }

    private static void itIsToldAndMended(Api api, PlainConsumer events) {
        within(60, "the failover is told", () -> told(events, "failover.completed", "orders") == 1);
        within(120, "the old master follows", () -> Look.role(api, R1).equals("REPLICA"));
        within(60, "healthy again", () -> Look.diagnosis(api).equals("HEALTHY"));
        within(60, "every incident is resolved", () -> Look.everyIncident(api, "RESOLVED"));
        within(
                20,
                "both ends of the outage are told",
                () -> ends(events).equals(List.of("instance.down", "instance.up")));
        within(30, "the remedy is over", () -> told(events, "restart.performed", R1) == 1);
        assertThat(told(events, "failover.switched", "orders")).isEqualTo(1);
        assertThat(told(events, "failover.completed", "orders")).isEqualTo(1);
        assertThat(told(events, "restart.requested", R1)).as("starts asked for").isEqualTo(1);
    }

    /** Ids, not records: whoever was killed may have been about to hear that it has said something already. */
    private static long told(PlainConsumer events, String type, String about) {
        return events.seen().stream()
                .filter(event -> PlainConsumer.shortType(event).equals(type))
                .filter(event -> String.valueOf(event.getSubject()).endsWith(about))
                .map(CloudEvent::getId)
                .distinct()
                .count();
    }

    /** What was told of the old master's outage, in the order of the log; that it came up with the cluster left out. */
    private static List<String> ends(PlainConsumer events) {
        return events.seen().stream()
                .filter(event -> String.valueOf(event.getSubject()).endsWith(R1))
                .map(PlainConsumer::shortType)
                .filter(type -> type.equals("instance.down") || type.equals("instance.up"))
                .dropWhile("instance.up"::equals)
                .toList();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
