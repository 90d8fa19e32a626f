package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.ThreeHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of each service on one Kafka and one PostgreSQL. */
@Tag("long")
class TwoOfEachTest {
    private static final String R1 = "r1/redis-server";

    @TempDir
    Path directory = Path.of("");

    @Test
    void whatOneGatewayTookTheOtherShowsAndRepeatsAndEitherMonitorMayDie() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home, 2);
                ThreeHosts hosts = new ThreeHosts(directory, home)) {
            Api one = new Api(redfleet.gateway(), redfleet.adminToken());
            Api two = new Api(redfleet.gateway(1), redfleet.adminToken());
            String spec = hosts.spec("orders");

            Api.Answer first = one.post("/clusters", "application/yaml", spec, "deploy-1");
            long answered = System.nanoTime();
            assertThat(first.status()).isEqualTo(202);
            assertThat(one.get("/clusters/orders").status())
                    .as("its own answer's positions")
                    .isEqualTo(200);
            within(
                    5,
                    "the other gateway shows it",
                    () -> two.get("/clusters/orders").status() == 200);
            System.out.printf("read at the other gateway %d ms later%n", (System.nanoTime() - answered) / 1_000_000);

            String operation = first.body().path("operation").asText();
            Api.Answer repeated = two.post("/clusters", "application/yaml", spec, "deploy-1");
            assertThat(repeated.status()).isEqualTo(202);
            assertThat(repeated.body().path("operation").asText())
                    .as("the same request, told at the other gateway")
                    .isEqualTo(operation);
            within(
                    90,
                    "the cluster is provisioned",
                    () -> Look.status(two, operation).equals("SUCCEEDED"));
            within(60, "the cluster is healthy", () -> Look.diagnosis(two).equals("HEALTHY"));
            assertThat(one.post("/clusters", "application/yaml", spec, "deploy-1")
                            .body()
                            .path("operation")
                            .asText())
                    .as("long after")
                    .isEqualTo(operation);

            for (String part : new String[] {"monitor", "provisioner", "alert"}) {
                redfleet.process(part).destroyForcibly();
            }
            try (PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
                Look.kill9(Look.pid(two, R1));
                within(
                        40,
                        "the failover is told",
                        () -> events.first("failover.completed", event -> true).isPresent());
                within(120, "the old master follows", () -> Look.role(two, R1).equals("REPLICA"));
                within(60, "healthy again", () -> Look.diagnosis(two).equals("HEALTHY"));
                within(60, "every incident is resolved", () -> Look.everyIncident(two, "RESOLVED"));
                long downs = events.seen().stream()
                        .filter(event -> PlainConsumer.shortType(event).equals("instance.down"))
                        .map(event -> event.getId())
                        .distinct()
                        .count();
                assertThat(downs).as("deaths that were told").isEqualTo(1);
            }
            redfleet.raise();
        }
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
