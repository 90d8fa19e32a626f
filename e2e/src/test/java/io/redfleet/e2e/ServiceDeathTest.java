package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.ThreeHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of the stack dies by SIGKILL once, and {@code up} is all that it takes to go on. */
@Tag("long")
class ServiceDeathTest {
    private static final List<String> PARTS =
            List.of("gateway", "alert", "provisioner", "monitor", "postgres", "kafka");
    private static final String R1 = "r1/redis-server";

    @TempDir
    Path directory = Path.of("");

    @Test
    void afterAnyPartHasDiedTheNextFailoverIsStillToldAndMended() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home)) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            String operation = api.post("/clusters", "application/yaml", hosts.spec("orders"))
                    .body()
                    .path("operation")
                    .asText();
            within(
                    60,
                    "the cluster is provisioned",
                    () -> Look.status(api, operation).equals("SUCCEEDED"));
            within(60, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
            for (String part : PARTS) {
                die(redfleet, part);
                redfleet.raise();
                within(
                        60,
                        "healthy after the death of " + part,
                        () -> Look.diagnosis(api).equals("HEALTHY"));
                assertThat(api.get("/clusters/orders").body().path("revision").asLong())
                        .as("the spec outlives the death of %s", part)
                        .isEqualTo(1);
            }
            try (PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
                Look.kill9(Look.pid(api, R1));
                within(
                        30,
                        "the failover is told",
                        () -> events.first("failover.completed", event -> true).isPresent());
                within(120, "the old master follows", () -> Look.role(api, R1).equals("REPLICA"));
                within(60, "healthy again", () -> Look.diagnosis(api).equals("HEALTHY"));
                within(60, "every incident is resolved", () -> Look.everyIncident(api, "RESOLVED"));
            }
        }
    }

    private static void die(Installation redfleet, String part) {
        ProcessHandle process = redfleet.process(part);
        process.destroyForcibly();
        within(10, part + " is dead", () -> !process.isAlive());
    }

    private static void within(int seconds, String what, java.util.function.BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
