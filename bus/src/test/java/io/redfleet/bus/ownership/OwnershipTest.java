package io.redfleet.bus.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("peer")
class OwnershipTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static BusSettings bus = BusSettings.of("", "");

    @BeforeAll
    static void aBrokerWithTheTopics() {
        TestBroker broker = TestBroker.shared();
        bus = new BusSettings(broker.bootstrap(), "ownership-test", broker.admin());
        try (Admin admin = Admin.create(bus.common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();
            Await.until("the topics are there", SOON, () -> topics.faults().isEmpty());
        }
    }

    @Test
    void stateIsReplayedBeforeTheFirstStreamRecordArrives() throws Exception {
        String cluster = "replayed-first";
        try (BusProducer producer = producer()) {
            send(producer, Topic.QUIET, cluster);
            send(producer, Topic.COMMANDS, cluster);
            Watch watch = new Watch(cluster);
            try (Ownership ownership = join("one", "group-replay", watch)) {
                Await.until("the command arrives", SOON, () -> watch.seen.contains("arrived commands"));
                assertThat(watch.seen).containsSubsequence("replayed quiet", "caught up", "arrived commands");
                assertThat(ownership.working()).hasSize(Topic.PARTITIONS);
            }
            assertThat(watch.seen).last().isEqualTo("released");
        }
    }

    @Test
    void whatWasNotDoneComesAgainAndWhatWasDoneDoesNot() throws Exception {
        String cluster = "done-once";
        try (BusProducer producer = producer()) {
            send(producer, Topic.COMMANDS, cluster);
            Watch first = new Watch(cluster);
            try (Ownership ownership = join("keeper", "group-done", first)) {
                Await.until("the command arrives", SOON, () -> first.done.size() == 1);
            }
            Watch second = new Watch(cluster);
            try (Ownership ownership = join("keeper", "group-done", second)) {
                Await.until("the undone command comes again", SOON, () -> second.done.size() == 1);
                second.done.forEach(PartitionOwner.Done::done);
                send(producer, Topic.COMMANDS, cluster);
                Await.until("the next command arrives", SOON, () -> second.done.size() == 2);
                second.done.forEach(PartitionOwner.Done::done);
                Await.until("offsets are committed", SOON, () -> committed("group-done", cluster) == 2);
            }
            Watch third = new Watch(cluster);
            try (Ownership ownership = join("keeper", "group-done", third)) {
                Await.until("it works", SOON, () -> third.seen.contains("caught up"));
                send(producer, Topic.COMMANDS, cluster);
                Await.until("only the new command arrives", SOON, () -> !third.done.isEmpty());
                assertThat(third.done).hasSize(1);
            }
        }
    }

    @Test
    void twoMembersShareThePartitionsAndTheStayingOneTakesThemAllOver() {
        Watch watch = new Watch("shared");
        try (Ownership left = join("left", "group-two", watch)) {
            Await.until("left has all", SOON, () -> left.working().size() == Topic.PARTITIONS);
            Ownership right = join("right", "group-two", watch);
            Await.until(
                    "they share",
                    SOON,
                    () -> left.working().size() == Topic.PARTITIONS / 2
                            && right.working().size() == Topic.PARTITIONS / 2);
            Set<Integer> both = ConcurrentHashMap.newKeySet();
            both.addAll(left.working());
            both.addAll(right.working());
            assertThat(both).hasSize(Topic.PARTITIONS);
            right.close();
            Await.until("left has all again", SOON, () -> left.working().size() == Topic.PARTITIONS);
            assertThat(left.alive()).isTrue();
        }
    }

    @Test
    void nothingIsReadForAnOwnerWithoutRoomUntilHeHasSome() throws Exception {
        String cluster = "no-room";
        Watch watch = new Watch(cluster);
        watch.full = true;
        try (BusProducer producer = producer();
                Ownership ownership = join("one", "group-room", watch)) {
            Await.until("it works", SOON, () -> watch.seen.contains("caught up"));
            int before = watch.askedForRoom.get();
            Await.until("he was asked", SOON, () -> watch.askedForRoom.get() > before);
            for (int i = 0; i < 3; i++) {
                send(producer, Topic.COMMANDS, cluster);
            }
            int sent = watch.askedForRoom.get();
            Await.until("it was read on meanwhile", SOON, () -> watch.askedForRoom.get() > sent + 4);
            assertThat(watch.done).isEmpty();
            watch.full = false;
            Await.until("all have come", SOON, () -> watch.done.size() == 3);
            assertThat(ownership.working()).hasSize(Topic.PARTITIONS);
        }
    }

    private static long committed(String group, String cluster) {
        try (Admin admin = Admin.create(bus.common())) {
            return admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(10, TimeUnit.SECONDS)
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(Topic.COMMANDS.fullName())
                            && entry.getKey().partition() == ClusterPartitioner.partition(cluster))
                    .mapToLong(entry -> entry.getValue().offset())
                    .findFirst()
                    .orElse(-1);
        } catch (Exception e) {
            return -1;
        }
    }

    private static BusProducer producer() {
        return new BusProducer(bus, SOON);
    }

    private static void send(BusProducer producer, Topic topic, String key) throws Exception {
        producer.send(BusMessage.of(topic, key, new Actor("a", "b")))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static Ownership join(String instance, String group, Watch watch) {
        return Ownership.join(
                new BusSettings(bus.bootstrap(), instance, bus.security()),
                new OwnedTopics(group, Topic.CLUSTERS, List.of(Topic.QUIET, Topic.COMMANDS)),
                partition -> partition == ClusterPartitioner.partition(watch.cluster) ? watch : new Watch("nobody"));
    }

    private static final class Watch implements PartitionOwner {
        final String cluster;
        final List<String> seen = new CopyOnWriteArrayList<>();
        final List<Done> done = new CopyOnWriteArrayList<>();
        final AtomicInteger askedForRoom = new AtomicInteger();
        volatile boolean full;

        Watch(String cluster) {
            this.cluster = cluster;
        }

        @Override
        public void replayed(BusRecord record) {
            if (record.key().equals(cluster)) {
                seen.add("replayed " + record.topic().name().toLowerCase(java.util.Locale.ROOT));
            }
        }

        @Override
        public void caughtUp() {
            seen.add("caught up");
        }

        @Override
        public void arrived(BusRecord record, Done finished) {
            if (record.key().equals(cluster)) {
                seen.add("arrived " + record.topic().name().toLowerCase(java.util.Locale.ROOT));
                done.add(finished);
            } else {
                finished.done();
            }
        }

        @Override
        public boolean hasRoom() {
            askedForRoom.incrementAndGet();
            return !full;
        }

        @Override
        public void released() {
            seen.add("released");
        }
    }
}
