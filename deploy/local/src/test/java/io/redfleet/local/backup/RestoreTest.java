package io.redfleet.local.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.Archive;
import io.redfleet.bus.backup.Backup;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.backup.Manifest;
import io.redfleet.bus.backup.Restore;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, killed at its work. */
@Tag("long")
@Timeout(300)
class RestoreTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RECORDS = 20_000;

    @TempDir
    Path directory = Path.of("");

    @Test
    void aRestoreThatIsKilledInTheMiddleIsBegunAgainAndThenWhole() throws Exception {
        Path file = directory.resolve("big.backup");
        try (TestBroker source = TestBroker.start()) {
            BusSettings bus = prepared(source);
            fill(bus);
            Manifest manifest = new Backup(bus, List.of(), line -> {}).into(file, Instant.EPOCH);
            assertThat(manifest.records()).isEqualTo(RECORDS + 10L);
        }
        try (TestBroker target = TestBroker.start()) {
            BusSettings bus = prepared(target);
            Child first = restore(file, target, "first");
            // Said before the large topic is written: it is at that now.
            Await.until(
                    "the first topic",
                    SOON,
                    () -> !first.alive() || first.output().contains("clusters.v1: 10 of 10"));
            first.kill9();
            assertThat(first.output()).doesNotContain("Restored:");

            Restore.Done second = new Restore(bus, Archive.open(file), false, line -> {}).run();
            assertThat(second.records()).isEqualTo(RECORDS + 10L);
            assertThat(second.written()).as("what was left by the first").isBetween(1L, (long) RECORDS);
            assertThat(new Restore(bus, Archive.open(file), false, line -> {})
                            .run()
                            .written())
                    .isZero();

            Child third = restore(file, target, "third");
            Await.until("its end", SOON, () -> !third.alive());
            assertThat(third.output()).contains("Restored: 0 of " + (RECORDS + 10) + " records written");
        }
    }

    @Test
    void whatTheBackupDoesNotHoldIsRefusedWithTheCountsAndTheExactWord() throws Exception {
        Path file = directory.resolve("empty.backup");
        try (TestBroker target = TestBroker.start()) {
            BusSettings bus = prepared(target);
            new Backup(bus, List.of(), line -> {}).into(file, Instant.EPOCH);
            fill(bus, Topic.CLUSTERS, 3);
            assertThatThrownBy(() -> new Restore(bus, Archive.open(file), false, line -> {}).run())
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining("redfleet.clusters.v1 3")
                    .hasMessageContaining("--confirm replace");
            Child wrongWord = restore(file, target, "wrong", "--confirm", "yes");
            Await.until("its end", SOON, () -> !wrongWord.alive());
            assertThat(wrongWord.output()).contains("takes the word replace and no other");
            Child rightWord = restore(file, target, "right", "--confirm", "replace");
            Await.until("its end", SOON, () -> !rightWord.alive());
            assertThat(rightWord.output()).contains("3 others ended");
        }
    }

    private Child restore(Path file, TestBroker target, String name, String... more) {
        Path classes = Checkout.root().resolve("deploy/local/target/classes");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes + ":" + System.getProperty("java.class.path"),
                "io.redfleet.local.backup.RestoreBackup",
                file.toString(),
                "--bootstrap",
                target.bootstrap(),
                "--client",
                target.login("admin").toString()));
        command.addAll(List.of(more));
        return Child.start(command, directory, directory.resolve(name + ".log"));
    }

    private static void fill(BusSettings bus) throws Exception {
        fill(bus, Topic.CLUSTERS, 10);
        // Flushed one by one: slow enough to be killed at.
        fill(bus, Topic.QUIET, RECORDS);
    }

    private static void fill(BusSettings bus, Topic topic, int records) throws Exception {
        try (BusProducer producer = new BusProducer(bus, SOON)) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                byte[] value = ("value " + i + " ".repeat(400)).getBytes(UTF_8);
                sent.add(producer.send(new BusMessage(topic, "cluster-" + i + "/x", Map.of(), value))
                        .toCompletableFuture());
                if (sent.size() == 1_000) {
                    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                            .get(30, TimeUnit.SECONDS);
                    sent.clear();
                }
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
    }

    private static BusSettings prepared(TestBroker broker) {
        BusSettings bus = BusSettings.of(broker.bootstrap(), "restore-test", broker.login("admin"));
        try (Admin admin = Admin.create(bus.common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();
            Await.until("the topics are there", SOON, () -> topics.faults().isEmpty());
        }
        return bus;
    }
}
