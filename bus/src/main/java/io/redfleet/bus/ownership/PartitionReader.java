package io.redfleet.bus.ownership;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.Refused;
import io.redfleet.bus.Silence;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the owned partitions of all the topics with one consumer on one thread, replays state first, and calls the owners.
 *
 * <p>Records of a stream that come while its partition's state is still being replayed wait on the broker: the partition is
 * paused until the owner has caught up.
 */
final class PartitionReader {
    private static final Duration POLL = Duration.ofMillis(250);

    private final OwnedTopics topics;
    private final Offsets offsets;
    private final IntFunction<PartitionOwner> owners;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final Map<Integer, Owned> owned = new HashMap<>(); // reading thread only
    private final Set<Integer> held = ConcurrentHashMap.newKeySet();
    private final Set<Integer> working = ConcurrentHashMap.newKeySet();
    private final Silence silence;
    private final AtomicInteger losses = new AtomicInteger();
    private volatile int lossesSeen; // written by the reading thread alone
    private volatile Set<Integer> wanted = Set.of();
    private volatile boolean closed;

    PartitionReader(BusSettings settings, OwnedTopics topics, Offsets offsets, IntFunction<PartitionOwner> owners) {
        this.topics = topics;
        this.offsets = offsets;
        this.owners = owners;
        this.consumer = new KafkaConsumer<>(readerOf(settings, topics.group()));
        this.silence = new Silence(consumer);
        this.thread = new Thread(this::run, "owner-" + topics.group());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Set<Integer> working() {
        return Set.copyOf(working);
    }

    Set<Integer> assigned() {
        return wanted;
    }

    boolean alive() {
        return thread.isAlive();
    }

    Duration silence() {
        return silence.lasted();
    }

    void assign(Set<Integer> partitions) {
        wanted = Set.copyOf(partitions);
        consumer.wakeup();
    }

    /**
     * All partitions are lost, and others may have worked on them before they are ours again: whoever owned them here is
     * released even if an {@link #assign} that gives them back comes before the reader has looked.
     */
    void lost() {
        wanted = Set.of();
        losses.incrementAndGet();
        consumer.wakeup();
    }

    /** Whether nothing is worked on any more that was lost. */
    boolean knowsOfLoss() {
        return lossesSeen == losses.get();
    }

    /** Waits until nothing but these is worked on, or the deadline is over, or the reader has ended. */
    void awaitReleased(Set<Integer> left, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (held) {
            while (!left.containsAll(held) && alive()) {
                long rest = (end - System.nanoTime()) / 1_000_000;
                if (rest <= 0) {
                    return;
                }
                try {
                    held.wait(Math.min(rest, 100));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    void close() {
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
            while (!closed) {
                try {
                    follow(wanted);
                    read();
                } catch (WakeupException e) {
                    // The assignment changed, or close() was called: look again.
                } catch (TimeoutException e) {
                    // The broker is away; the client has waited its time, and waits again.
                } catch (AuthenticationException | AuthorizationException e) {
                    Refused.pause();
                }
            }
        } finally {
            owned.keySet().stream().toList().forEach(this::release);
        }
    }

    private void follow(Set<Integer> now) {
        int lost = losses.get();
        if (lost != lossesSeen) {
            Set.copyOf(owned.keySet()).forEach(this::release);
            lossesSeen = lost;
        }
        for (int partition : Set.copyOf(owned.keySet())) {
            if (!now.contains(partition)) {
                release(partition);
            }
        }
        Set<Integer> added = new HashSet<>(now);
        added.removeAll(owned.keySet());
        if (!added.isEmpty() || consumer.assignment().size() != partitions(now).size()) {
            consumer.assign(partitions(now));
            take(added);
        }
    }

    private void take(Set<Integer> added) {
        List<TopicPartition> all = partitions(added);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(all));
        for (int number : added) {
            Owned partition = new Owned(owners.apply(number));
            for (Topic topic : topics.all()) {
                TopicPartition key = new TopicPartition(topic.fullName(), number);
                long beginning = beginnings.getOrDefault(key, 0L);
                long end = ends.getOrDefault(key, 0L);
                if (topic.holdsState()) {
                    consumer.seek(key, beginning);
                    // Whoever had it here before may have had no room.
                    consumer.resume(List.of(key));
                    if (beginning < end) {
                        partition.missing.put(key, end);
                    }
                } else {
                    OffsetAndMetadata dealtWith = committed.get(key);
                    long next = dealtWith == null ? beginning : dealtWith.offset();
                    consumer.seek(key, Math.clamp(next, beginning, end));
                    consumer.pause(List.of(key));
                }
            }
            owned.put(number, partition);
            held.add(number);
        }
    }

    private void read() {
        if (consumer.assignment().isEmpty()) {
            // A consumer without partitions may not poll.
            LockSupport.parkNanos(20_000_000);
            return;
        }
        owned.forEach(this::heed);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            deliver(record);
        }
        silence.look();
        owned.forEach(this::checkReplay);
    }

    /** Records wait on the broker while their owner has no room for them. */
    private void heed(int number, Owned partition) {
        if (!partition.caughtUp || partition.halted == !partition.owner.hasRoom()) {
            return;
        }
        partition.halted = !partition.halted;
        if (partition.halted) {
            consumer.pause(partitions(Set.of(number)));
        } else {
            consumer.resume(partitions(Set.of(number)));
        }
    }

    private void deliver(ConsumerRecord<byte[], byte[]> raw) {
        Owned partition = owned.get(raw.partition());
        if (partition == null) {
            return;
        }
        BusRecord record = BusRecord.of(raw);
        if (record.topic().holdsState() && !partition.caughtUp) {
            partition.owner.replayed(record);
        } else if (record.topic().holdsState()) {
            partition.owner.arrived(record, () -> {});
        } else {
            TopicPartition key = new TopicPartition(raw.topic(), raw.partition());
            offsets.begun(key, raw.offset());
            partition.owner.arrived(record, () -> offsets.finished(key, raw.offset()));
        }
    }

    private void checkReplay(int number, Owned partition) {
        if (partition.caughtUp) {
            return;
        }
        partition.missing.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        if (partition.missing.isEmpty()) {
            partition.caughtUp = true;
            partition.owner.caughtUp();
            working.add(number);
            consumer.resume(partitions(Set.of(number)));
        }
    }

    private void release(int number) {
        Owned partition = owned.remove(number);
        working.remove(number);
        if (partition != null) {
            partition.owner.released();
        }
        offsets.forget(number);
        synchronized (held) {
            held.remove(number);
            held.notifyAll();
        }
    }

    private static Map<String, Object> readerOf(BusSettings settings, String group) {
        Map<String, Object> reader = settings.reader();
        // Not to join it: only to ask where the group's streams go on.
        reader.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        reader.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, PartitionOwner.MOST_AT_ONCE);
        // Nothing here may wait long, because a partition may be taken away meanwhile.
        reader.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
        reader.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        return reader;
    }

    private List<TopicPartition> partitions(Set<Integer> numbers) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : topics.all()) {
            numbers.forEach(number -> partitions.add(new TopicPartition(topic.fullName(), number)));
        }
        return partitions;
    }

    /** One owned partition; reading thread only. */
    private static final class Owned {
        final PartitionOwner owner;
        final Map<TopicPartition, Long> missing = new HashMap<>();
        boolean caughtUp;
        boolean halted;

        Owned(PartitionOwner owner) {
            this.owner = owner;
        }
    }
}
