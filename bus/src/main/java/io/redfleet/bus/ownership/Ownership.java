package io.redfleet.bus.ownership;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.Refused;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Membership in a service's group, and the partitions that come with it.
 *
 * <p>Two threads: one is the group member, does nothing else and so never misses a heartbeat; the other ({@link
 * PartitionReader}) reads the owned partitions and calls their owners. When the group takes a partition away, the member
 * waits up to {@link #RELEASE} for the reader to have released it before it lets go, so that the next owner does not begin
 * while this one still works.
 */
public final class Ownership implements AutoCloseable {
    /** Below the session, so that waiting for a release cannot itself cost the membership. */
    private static final Duration RELEASE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(200);

    /** Several times within a lease: one lost answer costs nothing. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private final OwnedTopics topics;
    private final KafkaConsumer<byte[], byte[]> member;
    private final Offsets offsets = new Offsets();
    private final PartitionReader reader;
    private final Thread thread;
    private final Lease lease = new Lease();
    private Lease.@Nullable Asked asked; // member thread only: the last time; null when a new answer is due at once
    private volatile boolean closed;

    private Ownership(BusSettings settings, OwnedTopics topics, IntFunction<PartitionOwner> owners) {
        this.topics = topics;
        this.member = new KafkaConsumer<>(settings.member(topics.group()));
        this.reader = new PartitionReader(settings, topics, offsets, owners);
        this.thread = new Thread(this::run, "member-" + topics.group());
        this.thread.setDaemon(true);
    }

    /**
     * Joins the group at once.
     *
     * @param owners makes the owner of a partition when it is taken over; called on the reading thread
     */
    public static Ownership join(BusSettings settings, OwnedTopics topics, IntFunction<PartitionOwner> owners) {
        Ownership ownership = new Ownership(settings, topics, owners);
        ownership.reader.start();
        ownership.thread.start();
        return ownership;
    }

    /** The partitions whose owners have caught up and work. */
    public Set<Integer> working() {
        return reader.working();
    }

    /** The partitions that the group has given to this process. */
    public Set<Integer> assigned() {
        return reader.assigned();
    }

    /** Whether both threads are alive; false means that a bug ended one of them, and that the process should be restarted. */
    public boolean alive() {
        return thread.isAlive() && reader.alive();
    }

    /**
     * Whether it is certain that nobody else owns what is {@link #assigned()} to us: the group has confirmed it a moment ago.
     * While it is not, another process may already have taken over. Any thread may ask, just before it acts.
     */
    public boolean certain() {
        return lease.stands() && reader.knowsOfLoss();
    }

    /** For how long there has been no connection to a broker; zero while there is one. */
    public Duration silence() {
        return reader.silence();
    }

    /** Releases everything and leaves; a static member's partitions wait for its return until the session is over. */
    @Override
    public void close() {
        closed = true;
        member.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reader.close();
    }

    private void run() {
        try (member) {
            member.subscribe(List.of(topics.membership().fullName()), new Assignments());
            while (!closed) {
                try {
                    // Only for the assignment: what the reader reads, the member must not fetch as well.
                    member.poll(POLL);
                    member.pause(member.assignment());
                    commit();
                    confirm();
                } catch (AuthenticationException | AuthorizationException e) {
                    Refused.pause();
                }
            }
        } catch (WakeupException e) {
            // close() wakes the poll: that is how this thread ends.
        } finally {
            lease.ended();
            reader.assign(Set.of());
            reader.awaitReleased(Set.of(), RELEASE);
        }
    }

    private void commit() {
        Map<TopicPartition, Long> due = offsets.toCommit();
        if (due.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> records = new HashMap<>();
        due.forEach((partition, offset) -> records.put(partition, new OffsetAndMetadata(offset)));
        member.commitAsync(records, (committed, failure) -> {
            if (failure == null) {
                offsets.committed(due);
            }
        });
    }

    /**
     * Only a member of the present generation may commit, so a commit that succeeds says that we are one. It is of a state
     * topic, whose offsets nobody reads.
     */
    private void confirm() {
        Lease.Asked now = Lease.Asked.now();
        if (asked != null && now.nanos() - asked.nanos() < ASK_EVERY.toNanos()) {
            return;
        }
        asked = now;
        Topic state = topics.all().stream()
                .filter(Topic::holdsState)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an owner without state needs no lease"));
        Map<TopicPartition, OffsetAndMetadata> offset =
                Map.of(new TopicPartition(state.fullName(), 0), new OffsetAndMetadata(0));
        member.commitAsync(offset, (committed, failure) -> {
            if (failure == null) {
                lease.confirmed(now);
            } else {
                asked = null;
            }
        });
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toUnmodifiableSet());
    }

    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            asked = null;
            member.pause(member.assignment());
            reader.assign(numbers(member.assignment()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            release(revoked);
            try {
                commit();
            } catch (KafkaException e) {
                // Not committed: the next owner sees those records again, which is what "at least once" says.
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            lease.ended();
            reader.lost();
            release(lost);
        }

        private void release(Collection<TopicPartition> gone) {
            Set<Integer> left = numbers(member.assignment().stream()
                    .filter(partition -> !gone.contains(partition))
                    .toList());
            reader.assign(left);
            reader.awaitReleased(left, RELEASE);
        }
    }
}
