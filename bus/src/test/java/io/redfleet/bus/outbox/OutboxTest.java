package io.redfleet.bus.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory = Path.of("");

    @Test
    void whatWasNotAcknowledgedIsSentByTheNextProcessInTheOldOrder() throws IOException {
        SilentBroker away = new SilentBroker();
        try (Outbox outbox = open(away, 1_000_000)) {
            IntStream.range(0, 5).forEach(i -> append(outbox, "k" + i));
        }
        SilentBroker back = new SilentBroker();
        try (Outbox outbox = open(back, 1_000_000)) {
            assertThat(back.keys()).containsExactly("k0", "k1", "k2", "k3", "k4");
            assertThat(outbox.pending()).isEqualTo(5);
        }
    }

    @Test
    void onceAllIsAcknowledgedNothingIsSentAgain() throws IOException {
        SilentBroker broker = new SilentBroker();
        try (Outbox outbox = open(broker, 1_000_000)) {
            append(outbox, "a");
            append(outbox, "b");
            broker.acknowledgeAll();
            assertThat(outbox.pending()).isZero();
        }
        SilentBroker next = new SilentBroker();
        open(next, 1_000_000).close();
        assertThat(next.keys()).isEmpty();
    }

    @Test
    void aTornLastEntryIsLeftOutAndTheRestSurvives() throws IOException {
        try (Outbox outbox = open(new SilentBroker(), 1_000_000)) {
            append(outbox, "whole");
            append(outbox, "torn");
        }
        Path file = directory.resolve("outbox");
        byte[] bytes = Files.readAllBytes(file);
        for (int cut = 1; cut < 20; cut++) {
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - cut), StandardOpenOption.TRUNCATE_EXISTING);
            SilentBroker next = new SilentBroker();
            open(next, 1_000_000).close();
            assertThat(next.keys()).containsExactly("whole");
        }
    }

    @Test
    void whenTheBrokerStaysAwayObservationsGoAndFactsStay() throws IOException {
        try (Outbox outbox = open(new SilentBroker(), 2_000)) {
            while (outbox.takeDropped() == 0) {
                outbox.append(message("seen"), Outbox.Weight.OBSERVATION);
            }
            long before = outbox.pending();
            CompletionStage<Position> refused = outbox.append(message("seen"), Outbox.Weight.OBSERVATION);
            assertThat(refused.toCompletableFuture()).isCompletedExceptionally();
            outbox.append(message("fact"), Outbox.Weight.FACT);
            assertThat(outbox.pending()).isEqualTo(before + 1);
            assertThat(outbox.takeDropped()).isEqualTo(1);
        }
    }

    /** On a device on which every write finds no space left. */
    @Test
    void whatTheDiskDoesNotTakeIsSentAllTheSameAndCountsTowardsTheSize() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no device that is always full");
        SilentBroker broker = new SilentBroker();
        try (Outbox outbox = Outbox.open(full, 2_000, broker::send)) {
            while (outbox.takeDropped() == 0) {
                outbox.append(message("seen"), Outbox.Weight.OBSERVATION);
            }
            assertThat(outbox.pending()).isBetween(1L, 20L);
            assertThat(outbox.unsaved()).isEqualTo(outbox.pending());
            assertThat(outbox.takeUnsafe()).isEqualTo(outbox.pending());
            assertThat(broker.keys()).hasSize((int) outbox.pending());
            broker.acknowledgeAll();
            assertThat(outbox.unsaved()).isZero();
        }
    }

    @Test
    void aFailedSendIsRepeatedFromTheOldestOnUntilAllIsAcknowledged() throws IOException {
        SilentBroker broker = new SilentBroker();
        try (Outbox outbox = open(broker, 1_000_000)) {
            append(outbox, "a");
            append(outbox, "b");
            broker.fail("a");
            append(outbox, "c");
            assertThat(broker.keys()).containsExactly("a", "b");
            broker.acknowledge("b");
            Await.until("a and c are sent", SOON, () -> broker.keys().size() == 4);
            assertThat(broker.keys()).containsExactly("a", "b", "a", "c");
            broker.acknowledgeAll();
            assertThat(outbox.pending()).isZero();
        }
        SilentBroker next = new SilentBroker();
        open(next, 1_000_000).close();
        assertThat(next.keys()).isEmpty();
    }

    @Test
    void whatFailsAtOnceIsRepeatedInOneRoundAfterAnotherAndNotInMoreAndMoreOfThem() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        long begun = System.nanoTime();
        try (Outbox outbox = Outbox.open(directory.resolve("outbox"), 1_000_000, message -> {
            attempts.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("nobody knows who speaks"));
        })) {
            IntStream.range(0, 5).forEach(i -> append(outbox, "k" + i));
            Await.until("three rounds of five after the first attempt", SOON, () -> attempts.get() >= 1 + 3 * 5);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("rounds are half a second apart")
                .isGreaterThan(Duration.ofMillis(1_400));
    }

    @Test
    void aSenderThatTakesNothingMoreIsAskedAgain() throws IOException {
        SilentBroker broker = new SilentBroker();
        broker.full = true;
        try (Outbox outbox = open(broker, 1_000_000)) {
            append(outbox, "a");
            broker.full = false;
            Await.until("it is sent", SOON, () -> broker.keys().equals(List.of("a")));
        }
    }

    @Test
    void whatTheSenderWithdrawsIsForgottenAndTheRestGoesOn() throws IOException {
        SilentBroker broker = new SilentBroker();
        try (Outbox outbox = open(broker, 1_000_000)) {
            append(outbox, "void");
            append(outbox, "good");
            CompletionStage<Void> settled =
                    outbox.settled(message -> message.key().equals("void"));
            assertThat(settled.toCompletableFuture()).isNotDone();
            broker.withdraw("void");
            assertThat(settled.toCompletableFuture()).isCompleted();
            broker.acknowledge("good");
            assertThat(outbox.pending()).isZero();
            assertThat(outbox.settled(message -> true).toCompletableFuture()).isCompleted();
        }
        SilentBroker next = new SilentBroker();
        open(next, 1_000_000).close();
        assertThat(next.keys()).isEmpty();
    }

    /** No broker takes it, now or later: what comes behind it must not wait for that. */
    @Test
    void whatIsLongerThanARecordMayBeIsGivenUpAndTheRestGoesOn() throws IOException {
        SilentBroker broker = new SilentBroker();
        try (Outbox outbox = open(broker, 1_000_000)) {
            append(outbox, "huge");
            append(outbox, "good");
            broker.refuse("huge");
            broker.acknowledge("good");
            assertThat(outbox.pending()).isZero();
            assertThat(outbox.takeDropped()).isEqualTo(1);
        }
        SilentBroker next = new SilentBroker();
        open(next, 1_000_000).close();
        assertThat(next.keys()).isEmpty();
    }

    @Test
    void twoProcessesCannotHoldOneFile() throws IOException {
        try (Outbox outbox = open(new SilentBroker(), 1_000)) {
            assertThat(outbox.pending()).isZero();
            assertThatThrownBy(() -> open(new SilentBroker(), 1_000))
                    .isInstanceOfAny(IOException.class, java.nio.channels.OverlappingFileLockException.class);
        }
    }

    private Outbox open(SilentBroker broker, long maxBytes) throws IOException {
        return Outbox.open(directory.resolve("outbox"), maxBytes, broker::send);
    }

    private static void append(Outbox outbox, String key) {
        assertThat(outbox.append(message(key), Outbox.Weight.FACT).toCompletableFuture())
                .isNotDone();
    }

    private static BusMessage message(String key) {
        return new BusMessage(Topic.EVENTS, key, Map.of("ce_id", key), new byte[100]);
    }

    /** Takes everything and acknowledges when told. */
    private static final class SilentBroker {
        private final List<BusMessage> sent = new CopyOnWriteArrayList<>();
        private final List<CompletableFuture<Position>> acks = new CopyOnWriteArrayList<>();
        private volatile boolean full;

        CompletionStage<Position> send(BusMessage message) {
            if (full) {
                throw new RejectedExecutionException("full");
            }
            sent.add(message);
            CompletableFuture<Position> ack = new CompletableFuture<>();
            acks.add(ack);
            return ack;
        }

        List<String> keys() {
            return sent.stream().map(BusMessage::key).toList();
        }

        void acknowledge(String key) {
            acks.get(keys().lastIndexOf(key)).complete(new Position("t", 0, 0));
        }

        void fail(String key) {
            acks.get(keys().lastIndexOf(key)).completeExceptionally(new IllegalStateException("away"));
        }

        void withdraw(String key) {
            acks.get(keys().lastIndexOf(key)).completeExceptionally(new Outbox.Withdrawn());
        }

        void refuse(String key) {
            acks.get(keys().lastIndexOf(key)).completeExceptionally(new RecordTooLargeException("1100000 bytes"));
        }

        void acknowledgeAll() {
            acks.forEach(ack -> ack.complete(new Position("t", 0, 0)));
        }
    }
}
