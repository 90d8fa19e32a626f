package io.redfleet.local.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.Archive;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.local.Home;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** The daily backups, of a real Kafka. */
@Timeout(120)
class ShelfTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory = Path.of("");

    @Test
    @Execution(CONCURRENT)
    void oneADayIsMadeSevenAreKeptAndAFailureIsSaidUntilOneSucceeds() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusSettings bus = BusSettings.of(broker.bootstrap(), "shelf-test", broker.login("admin"));
            Home home = new Home(directory.resolve("home"));
            home.prepare();
            Shelf shelf = new Shelf(home);

            assertThat(shelf.look(bus, FIRST)).isInstanceOf(Shelf.Look.Failed.class);
            assertThat(shelf.failure().orElse("")).contains("redfleet.clusters.v1 is missing");
            assertThat(shelf.names()).isEmpty();

            makeTopics(bus);
            assertThat(shelf.look(bus, FIRST)).isInstanceOf(Shelf.Look.Made.class);
            assertThat(shelf.failure()).isEmpty();
            assertThat(shelf.look(bus, FIRST.plus(Duration.ofHours(5)))).isInstanceOf(Shelf.Look.NotDue.class);
            Path torn = Files.createFile(home.backups().resolve(".redfleet-20260301T120000Z.backup9.part"));
            for (int day = 1; day <= 8; day++) {
                assertThat(shelf.look(bus, FIRST.plus(Duration.ofDays(day)))).isInstanceOf(Shelf.Look.Made.class);
            }
            List<String> names = shelf.names();
            assertThat(names).hasSize(7).startsWith(Rota.name(FIRST.plus(Duration.ofDays(2))));
            assertThat(torn).doesNotExist();
            Path newest = shelf.file(names.getLast());
            assertThat(Archive.open(newest).manifest().takenAt()).isEqualTo(FIRST.plus(Duration.ofDays(8)));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(newest)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.backups())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void anOldOneStaysAsLongAsNoNewerOneCanBeMade() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusSettings bus = BusSettings.of(broker.bootstrap(), "shelf-test", broker.login("admin"));
            Home home = new Home(directory.resolve("home"));
            home.prepare();
            Files.createDirectories(home.backups());
            for (int day = 0; day < 9; day++) {
                Files.createFile(home.backups().resolve(Rota.name(FIRST.plus(Duration.ofDays(day)))));
            }
            Shelf shelf = new Shelf(home);
            assertThat(shelf.look(bus, FIRST.plus(Duration.ofDays(30)))).isInstanceOf(Shelf.Look.Failed.class);
            assertThat(shelf.names()).hasSize(9);
        }
    }

    private static void makeTopics(BusSettings bus) {
        try (Admin admin = Admin.create(bus.common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();
            Await.until("the topics are there", SOON, () -> topics.faults().isEmpty());
        }
    }
}
