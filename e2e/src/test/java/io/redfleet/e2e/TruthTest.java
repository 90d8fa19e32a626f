package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole installation is lost and comes back from its backup; the doctor finds what is wrong with it. */
@Tag("long")
class TruthTest {
    private static final String BACKUP = "io.redfleet.local.backup.MakeBackup";
    private static final String RESTORE = "io.redfleet.local.backup.RestoreBackup";
    private static final String DOCTOR = "io.redfleet.local.doctor.edge.Doctor";

    @TempDir
    Path directory = Path.of("");

    @Test
    void afterTheLossOfEverythingTheBackupBringsBackSpecsTokensAndOperationsAndHostsThatAreNewerWin() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Installation redfleet = Installation.up(home);
        try (ThreeHosts hosts = new ThreeHosts(directory, home)) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            String first = provision(api, hosts.spec("orders"));
            within(60, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
            assertThat(redfleet.said(DOCTOR)).satisfies(well -> {
                assertThat(well.text()).contains("orders/r1", "All is well");
                assertThat(well.status()).isZero();
                assertThat(well.text()).doesNotContain(redfleet.adminToken());
            });
            Path file = directory.resolve("truth.backup");
            Installation.Said made = redfleet.said(BACKUP, file.toString(), "--with-keys");
            assertThat(made.status()).as(made.text()).isZero();
            String token = redfleet.adminToken();

            revisionTwo(api, hosts);
            assertThat(redfleet.said(RESTORE, file.toString()))
                    .satisfies(running -> assertThat(running.text()).contains("must not run meanwhile"));
            redfleet.close();
            wipe(home);

            Installation.Said restored = redfleet.said(RESTORE, file.toString(), "--with-keys");
            assertThat(restored.status()).as(restored.text()).isZero();
            assertThat(redfleet.said(RESTORE, file.toString(), "--with-keys").text())
                    .contains("Restored: 0 of");
            redfleet.raise();
            assertThat(redfleet.adminToken()).isEqualTo(token);
            Api again = new Api(redfleet.gateway(), token);
            within(
                    60,
                    "the spec is back",
                    () -> Look.cluster(again).path("revision").asLong() == 1);
            assertThat(Look.status(again, first)).isEqualTo("SUCCEEDED");

            olderSpecIsRefusedUntilAPersonAcceptsIt(again, redfleet, hosts);
        } finally {
            redfleet.close();
        }
    }

    @Test
    void theDoctorFindsADeadServiceAnOpenFileALostTopicAndADeadLetter() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home)) {
            assertThat(redfleet.said(DOCTOR))
                    .satisfies(well -> assertThat(well.status()).as(well.text()).isZero());

            ProcessHandle monitor = redfleet.process("monitor");
            monitor.destroyForcibly();
            within(10, "monitor is dead", () -> !monitor.isAlive());
            finds(redfleet, "monitor", "has died", "./redfleet up");
            redfleet.raise();

            Path token = home.resolve("credentials/admin-token");
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
            finds(redfleet, token.toString(), "rw-r--r--", "chmod 600");
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));

            BusSettings bus = BusSettings.of(redfleet.bootstrap(), "doctor-test", redfleet.login("admin"));
            DeadLetter letter = new DeadLetter(
                    new Position(Topic.HOSTS.fullName(), 0, 1),
                    "orders/r1",
                    "monitor-0",
                    "no HostFacts",
                    Instant.now());
            try (BusProducer producer = new BusProducer(bus, Duration.ofSeconds(10))) {
                producer.send(BusMessage.of(Topic.DEADLETTERS, letter.topicKey(), letter))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }
            finds(redfleet, "dead letters", "no HostFacts", "Upgrade the reader");

            try (Admin admin = Admin.create(bus.common())) {
                admin.deleteTopics(List.of(Topic.REPORTS.fullName())).all().get(20, TimeUnit.SECONDS);
            }
            finds(redfleet, "topics", "redfleet.reports.v1 is missing", "./redfleet up makes it");
            redfleet.raise();
        }
    }

    private static void finds(Installation redfleet, String subject, String says, String advice) {
        Installation.Said said = redfleet.said(DOCTOR);
        assertThat(said.status()).as(said.text()).isEqualTo(1);
        List<String> lines = said.text().lines().toList();
        int at = 0;
        while (at < lines.size()
                && !(lines.get(at).startsWith("WRONG")
                        && lines.get(at).contains(subject)
                        && lines.get(at).contains(says))) {
            at++;
        }
        assertThat(at).as("WRONG %s: %s in\n%s", subject, says, said.text()).isLessThan(lines.size() - 1);
        assertThat(lines.get(at + 1)).contains(advice);
    }

    private static void revisionTwo(Api api, ThreeHosts hosts) {
        provision(api, hosts.spec("orders").replace("appendonly: \"yes\"", "maxmemory: 64mb, appendonly: \"yes\""));
        assertThat(Look.cluster(api).path("revision").asLong()).isEqualTo(2);
    }

    private static void olderSpecIsRefusedUntilAPersonAcceptsIt(Api api, Installation redfleet, ThreeHosts hosts)
            throws Exception {
        String refused = operation(api, hosts.spec("orders"));
        within(60, "the older spec is refused", () -> Look.status(api, refused).equals("FAILED"));
        assertThat(api.get("/operations/" + refused).body().path("reason").asText())
                .contains("carries revision 2", "is revision 1", "metadata.acceptRevision: 2");
        assertThat(maxmemory(api, hosts)).isEqualTo("67108864");
        Installation.Said said = redfleet.said(DOCTOR);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.text()).contains("carries revision 2").contains("docs/backup.md");

        provision(api, hosts.spec("orders").replace("name: orders", "name: orders\n  acceptRevision: 2"));
        assertThat(Look.cluster(api).path("revision").asLong()).isEqualTo(3);
        within(60, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
    }

    private static String maxmemory(Api api, ThreeHosts hosts) throws IOException {
        try (RedisCall master = RedisCall.open(
                        hosts.all().getFirst().address(), hosts.redisPort(), Duration.ofSeconds(2))
                .as("admin", api.password("orders", "admin"))) {
            List<?> answer = Objects.requireNonNull((List<?>) master.call("CONFIG", "GET", "maxmemory"));
            return String.valueOf(answer.getLast());
        }
    }

    private static String provision(Api api, String spec) {
        String operation = operation(api, spec);
        within(
                90,
                "the cluster is provisioned",
                () -> Look.status(api, operation).equals("SUCCEEDED"));
        return operation;
    }

    private static String operation(Api api, String spec) {
        return api.put("/clusters/orders", "application/yaml", spec)
                .body()
                .path("operation")
                .asText();
    }

    /** All that the installation had: as a disk that burns. */
    private static void wipe(Path home) throws IOException {
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (!folder.equals(home)) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
