package io.redfleet.bus.replay;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.Refused;
import io.redfleet.bus.Silence;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads all partitions of some topics, for ever, on one thread of its own.
 *
 * <p>The sink is called for one record after another on that thread, in offset order within a partition, and must return
 * soon: while it works, nothing is read. A broker that is away is waited for; {@link #silence()} tells how long it has been.
 * An exception of the sink is a bug: it ends the follower, and {@link #caughtUp()} and later waits fail with it.
 */
public final class Follower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Start start;
    private final Consumer<BusRecord> sink;
    private final Progress progress;
    private final Silence silence;
    private final Thread thread;
    private volatile boolean closed;

    private Follower(BusSettings settings, Collection<Topic> topics, Start start, Consumer<BusRecord> sink) {
        this.consumer = new KafkaConsumer<>(settings.reader());
        this.partitions = topics.stream()
                .flatMap(topic -> IntStream.range(0, Topic.PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(topic.fullName(), partition)))
                .toList();
        this.start = start;
        this.sink = sink;
        this.progress = new Progress();
        this.silence = Silence.ofAnswers(consumer);
        this.thread = new Thread(this::run, "follow-" + settings.instance());
        this.thread.setDaemon(true);
    }

    /** Starts reading at once. */
    public static Follower of(BusSettings settings, Collection<Topic> topics, Start start, Consumer<BusRecord> sink) {
        Follower follower = new Follower(settings, topics, start, sink);
        follower.thread.start();
        return follower;
    }

    /** Completes once everything that lay on the topics when reading began has been handed to the sink. */
    public CompletionStage<Void> caughtUp() {
        return progress.caughtUp();
    }

    /**
     * Completes once the record at each of these positions has been handed to the sink; positions on topics that are not
     * followed are passed over. Fails with a {@link java.util.concurrent.TimeoutException} after the deadline.
     */
    public CompletionStage<Void> passed(List<Position> positions, Duration deadline) {
        return progress.passed(
                positions.stream()
                        .filter(position ->
                                partitions.contains(new TopicPartition(position.topic(), position.partition())))
                        .toList(),
                deadline);
    }

    /** The next offset of each partition of a topic that the sink has not seen yet. */
    public Map<Integer, Long> nextOffsets(Topic topic) {
        return progress.nextOffsets(topic.fullName());
    }

    /** For how long no broker has answered, whether it is gone or hangs; {@link Duration#ZERO} while one does. */
    public Duration silence() {
        return silence.lasted();
    }

    /** Whether the reading thread lives; false means that a bug ended it, and that the process should be restarted. */
    public boolean alive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            consumer.assign(partitions);
            seek();
            while (!closed) {
                try {
                    poll();
                } catch (TimeoutException e) {
                    // A position could not be confirmed while the broker was away: the next round asks again.
                } catch (AuthenticationException | AuthorizationException e) {
                    Refused.pause();
                }
            }
        } catch (WakeupException e) {
            // close() wakes the poll: that is how this thread ends.
        } catch (RuntimeException e) {
            progress.fail(e);
            if (!closed) {
                throw e;
            }
        } finally {
            progress.fail(new IllegalStateException("the follower is closed"));
        }
    }

    private void seek() {
        Map<TopicPartition, Long> ends = untilAnswered(() -> consumer.endOffsets(partitions));
        Map<TopicPartition, Long> beginnings = untilAnswered(() -> consumer.beginningOffsets(partitions));
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long beginning = beginnings.getOrDefault(partition, 0L);
            long next = switch (start) {
                case Start.Beginning b -> beginning;
                case Start.End e -> end;
                case Start.At at ->
                    Math.clamp(at.nextOffsets().getOrDefault(partition.partition(), end), beginning, end);
                case Start.Tail tail
                when tail.partition() == partition.partition() ->
                    Math.clamp(Math.max(tail.nextOffset(), since(partition, tail.notBefore(), end)), beginning, end);
                case Start.Tail t -> end;
                case Start.Since since
                when since.topic().fullName().equals(partition.topic()) -> since(partition, since.notBefore(), end);
                case Start.Since s -> end;
            };
            consumer.seek(partition, next);
            progress.expect(partition, next, end);
        }
        progress.check();
    }

    /** The first record that was appended at this time or later; {@code end} if there is none. */
    private long since(TopicPartition partition, Instant time, long end) {
        OffsetAndTimestamp first = untilAnswered(() -> consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())))
                .get(partition);
        return first == null ? end : first.offset();
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            silence.heard();
            sink.accept(BusRecord.of(record));
            progress.advanced(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
        for (TopicPartition partition : partitions) {
            // Beyond the last record lie transaction markers and compacted gaps; only the position knows.
            progress.advanced(partition, consumer.position(partition));
        }
        silence.look();
        progress.check();
    }

    private <T> T untilAnswered(Supplier<T> question) {
        while (true) {
            try {
                return question.get();
            } catch (WakeupException e) {
                throw e;
            } catch (KafkaException e) {
                if (closed) {
                    throw e;
                }
                // The client has waited its own time-out (60 s at most); the broker may be back now.
            }
        }
    }
}
