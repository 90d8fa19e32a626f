package io.redfleet.bus.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SmallDisk;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An outbox on a real disk of one MiB that is full, with a real broker. {@code -Dseed=N} plays a run again. */
@Tag("long")
@Timeout(240)
class FullDiskTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final long MAX_BYTES = 8L << 20;

    private final long seed = Long.getLong("seed", 20_261_126L);
    private final Random chance = new Random(seed);
    private final List<String> told = new ArrayList<>();
    private long unsafe;

    @Test
    void whatAFullDiskDoesNotTakeIsSentOnceAndCountedAndWrittenOnceThereIsRoom(@TempDir Path directory)
            throws IOException {
        assumeTrue(SmallDisk.possible(), "mounting a small disk needs root");
        try (TestBroker broker = TestBroker.start();
                SmallDisk disk = SmallDisk.mounted(directory, 1_024)) {
            BusSettings settings = new BusSettings(broker.bootstrap(), "full-disk", broker.admin());
            try (Admin admin = Admin.create(settings.common())) {
                new TopicAdmin(admin, SOON).create();
            }
            List<String> heard = new CopyOnWriteArrayList<>();
            try (Follower follower = Follower.of(
                    settings,
                    List.of(Topic.EVENTS),
                    new Start.Beginning(),
                    record -> heard.add(record.headers().get("ce_id")))) {
                follower.caughtUp().toCompletableFuture().join();
                Path file = disk.path().resolve("outbox");
                try (BusProducer producer = new BusProducer(settings, Duration.ofHours(1));
                        Outbox outbox = Outbox.open(file, MAX_BYTES, producer::send)) {
                    producer.know(Topic.EVENTS);
                    whileTheOutboxItselfFillsTheDisk(broker, outbox, file, heard);
                    whileAnothersFileFillsTheDisk(disk, outbox, heard);
                    assertThat(heard).as("while the process lives").doesNotHaveDuplicates();
                    thereIsRoomAgain(broker, disk, outbox, file);
                }
                broker.thaw();
                disk.fill();
                theNextProcessBeginsOnAFullDisk(settings, file, heard);
            }
            int repeats = heard.size() - new HashSet<>(heard).size();
            System.out.printf(
                    "seed %d: events in %d, out %d, %d not durable at first, %d repeats after a death, 0 lost%n",
                    seed, told.size(), new HashSet<>(heard).size(), unsafe, repeats);
            assertThat(repeats).as("only what was under way when it died").isLessThanOrEqualTo(60);
        }
    }

    private void whileTheOutboxItselfFillsTheDisk(TestBroker broker, Outbox outbox, Path file, List<String> heard)
            throws IOException {
        broker.freeze();
        while (unsafe < 100) {
            tell(outbox);
        }
        assertThat(outbox.unsaved()).isEqualTo(unsafe);
        assertThat(outbox.takeDropped()).isZero();
        assertThat(nextWouldRead(file)).containsExactlyElementsOf(told.subList(0, told.size() - (int) unsafe));
        broker.thaw();
        awaitAll(outbox, heard);
        assertThat(outbox.unsaved()).isZero();
    }

    private void whileAnothersFileFillsTheDisk(SmallDisk disk, Outbox outbox, List<String> heard) {
        disk.fill();
        long before = unsafe;
        for (int i = 0; i < 50; i++) {
            tell(outbox);
        }
        assertThat(unsafe - before).as("not durable on a full disk").isEqualTo(50);
        awaitAll(outbox, heard);
    }

    private void thereIsRoomAgain(TestBroker broker, SmallDisk disk, Outbox outbox, Path file) throws IOException {
        broker.freeze();
        int from = told.size();
        for (int i = 0; i < 30; i++) {
            tell(outbox);
        }
        assertThat(outbox.unsaved()).isEqualTo(30);
        disk.makeRoom();
        Await.until("what waits is written", SOON, () -> outbox.unsaved() == 0);
        long before = unsafe;
        for (int i = 0; i < 30; i++) {
            tell(outbox);
        }
        assertThat(unsafe).as("durable again").isEqualTo(before);
        assertThat(nextWouldRead(file)).containsExactlyElementsOf(told.subList(from, told.size()));
    }

    private void theNextProcessBeginsOnAFullDisk(BusSettings settings, Path file, List<String> heard)
            throws IOException {
        try (BusProducer producer = new BusProducer(settings, Duration.ofHours(1));
                Outbox outbox = Outbox.open(file, MAX_BYTES, producer::send)) {
            assertThat(outbox.pending()).isEqualTo(60);
            for (int i = 0; i < 20; i++) {
                tell(outbox);
            }
            awaitAll(outbox, heard);
        }
        assertThat(nextWouldRead(file)).as("nothing is sent once more").isEmpty();
    }

    private void tell(Outbox outbox) {
        String id = "fact-" + told.size();
        told.add(id);
        byte[] value = new byte[50 + chance.nextInt(4_000)];
        chance.nextBytes(value);
        String key = "cluster-" + chance.nextInt(20);
        outbox.append(new BusMessage(Topic.EVENTS, key, Map.of("ce_id", id), value), Outbox.Weight.FACT);
        unsafe += outbox.takeUnsafe();
    }

    private void awaitAll(Outbox outbox, List<String> heard) {
        Await.until("everything is acknowledged", SOON, () -> outbox.pending() == 0);
        Await.until("everything is heard", SOON, () -> new HashSet<>(heard).containsAll(told));
    }

    /** From a copy, so that nobody's lock is in the way. */
    private static List<String> nextWouldRead(Path file) throws IOException {
        List<String> read = new CopyOnWriteArrayList<>();
        try (TempDirectory aside = TempDirectory.named("outbox")) {
            Path copy = Files.copy(file, aside.path().resolve("outbox"));
            try (Outbox next = Outbox.open(copy, MAX_BYTES, message -> {
                read.add(message.headers().get("ce_id"));
                return new CompletableFuture<Position>();
            })) {
                assertThat(next.pending()).isEqualTo(read.size());
            }
        }
        return read;
    }
}
