package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** From one real Kafka to another. */
@Tag("peer")
@Timeout(120)
class BackupTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** A removal that was under way: nobody wants it carried out by a restore. */
    private static final String REMOVAL = "{\"kind\":\"decommission-erase\",\"status\":\"RUNNING\","
            + "\"expectsDown\":[\"r1/redis-server\"],\"of\":\"a later release\"}";

    @TempDir
    Path directory = Path.of("");

    private TestBroker broker;
    private BusSettings bus;

    @BeforeEach
    void kafka() {
        broker = TestBroker.start();
        bus = prepared(broker);
    }

    @AfterEach
    void end() {
        broker.close();
    }

    @Test
    @Execution(CONCURRENT)
    void whatStoodComesBackElsewhereAsItWasAndASecondRestoreWritesNothing() throws Exception {
        try (BusProducer producer = new BusProducer(bus, SOON)) {
            send(producer, text(Topic.CLUSTERS, "orders", "revision 1"));
            send(producer, text(Topic.CLUSTERS, "orders", "revision 2"));
            send(producer, text(Topic.CLUSTERS, "gone", "revision 1"));
            send(producer, BusMessage.tombstone(Topic.CLUSTERS, "gone"));
            send(producer, new BusMessage(Topic.SECRETS, "orders/app", Map.of("sealed-by", "k1"), new byte[] {0, -1, 7
            }));
            send(producer, text(Topic.ACCESS, "t1", "a hash"));
            send(producer, text(Topic.OPERATIONS, "orders/op1", "{\"kind\":\"provision\",\"status\":\"SUCCEEDED\"}"));
            send(producer, text(Topic.OPERATIONS, "orders/op2", REMOVAL));
            send(producer, BusMessage.of(Topic.HEALTH, "orders", health()));
            send(producer, text(Topic.HOSTS, "orders/r1", "seen again within seconds"));
        }
        Path file = directory.resolve("one.backup");
        Manifest manifest = new Backup(bus, List.of(), line -> {}).into(file, NOW);
        assertThat(manifest.records()).isEqualTo(6);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly("one.backup");
        assertThatThrownBy(() -> new Backup(bus, List.of(), line -> {}).into(file, NOW))
                .hasMessageContaining("exists already");

        try (TestBroker other = TestBroker.start()) {
            BusSettings there = prepared(other);
            assertThat(new Restore(there, Archive.open(file), false, line -> {}).run())
                    .isEqualTo(new Restore.Done(6, 6, 0));
            Map<String, BusRecord> now = standing(there, Topic.HOSTS);
            assertThat(now.keySet())
                    .containsExactlyInAnyOrder(
                            "CLUSTERS orders",
                            "SECRETS orders/app",
                            "ACCESS t1",
                            "OPERATIONS orders/op1",
                            "OPERATIONS orders/op2",
                            "HEALTH orders");
            assertThat(value(now, "CLUSTERS orders")).isEqualTo("revision 2");
            assertThat(at(now, "SECRETS orders/app").value()).containsExactly(0, -1, 7);
            assertThat(at(now, "SECRETS orders/app").headers()).isEqualTo(Map.of("sealed-by", "k1"));
            assertThat(value(now, "OPERATIONS orders/op1")).doesNotContain("not carried on");
            assertThat(value(now, "OPERATIONS orders/op2"))
                    .contains("\"status\":\"FAILED\"", "not carried on", "\"of\":\"a later release\"")
                    .contains("\"expectsDown\":[]");
            idsGoOnBeyondThoseThatWereGiven(at(now, "HEALTH orders").as(ClusterHealth.class));

            assertThat(new Restore(there, Archive.open(file), false, line -> {}).run())
                    .isEqualTo(new Restore.Done(6, 0, 0));
            whatIsThereIsNotMixedWithABackupAndReplacedOnlyWhenToldTo(there, file);
        }
    }

    private static void idsGoOnBeyondThoseThatWereGiven(ClusterHealth health) {
        InstanceHealth instance = at(health.instances(), new InstanceId("r1/redis-server"));
        assertThat(instance.flips()).isEqualTo(3 + Elsewhere.AHEAD);
        assertThat(instance.monitored()).isFalse();
        assertThat(health.counters()).isEqualTo(Map.of("quorumLost", 2 + Elsewhere.AHEAD, "failover completed", 7L));
        assertThat(health.lastEvent()).isNull();
    }

    private static void whatIsThereIsNotMixedWithABackupAndReplacedOnlyWhenToldTo(BusSettings there, Path file)
            throws Exception {
        try (BusProducer producer = new BusProducer(there, SOON)) {
            send(producer, text(Topic.CLUSTERS, "orders", "revision 9"));
            send(producer, text(Topic.CLUSTERS, "payments", "revision 1"));
        }
        assertThatThrownBy(() -> new Restore(there, Archive.open(file), false, line -> {}).run())
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining("not empty")
                .hasMessageContaining("redfleet.clusters.v1 2");
        assertThat(value(standing(there), "CLUSTERS orders")).isEqualTo("revision 9");

        assertThat(new Restore(there, Archive.open(file), true, line -> {}).run())
                .isEqualTo(new Restore.Done(6, 1, 1));
        Map<String, BusRecord> now = standing(there);
        assertThat(now).doesNotContainKey("CLUSTERS payments");
        assertThat(value(now, "CLUSTERS orders")).isEqualTo("revision 2");
    }

    /** Of one cluster, the second record is never written before the first has come: nor is it so in any backup. */
    @Test
    @Execution(CONCURRENT)
    void aBackupMadeWhileWritesGoOnHoldsEachClusterAsItStoodAtOneMoment() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        long[] last = {0};
        Thread writer = new Thread(() -> {
            try (BusProducer producer = new BusProducer(bus, SOON)) {
                while (!over.get()) {
                    last[0]++;
                    send(producer, text(Topic.QUIET, "orders/first", "" + last[0]));
                    send(producer, text(Topic.QUIET, "orders/second", "" + last[0]));
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        long before = -1;
        for (int i = 0; i < 5; i++) {
            Path file = directory.resolve(i + ".backup");
            Manifest manifest = new Backup(bus, List.of(), line -> {}).into(file, NOW);
            Map<String, Long> held = held(file, manifest);
            long first = held.getOrDefault("orders/first", 0L);
            long second = held.getOrDefault("orders/second", 0L);
            assertThat(first - second).as("first %d, second %d", first, second).isBetween(0L, 1L);
            assertThat(first).as("every backup is newer than the one before").isGreaterThan(before);
            before = first;
        }
        over.set(true);
        writer.join(Duration.ofSeconds(30));
        assertThat(last[0]).as("writes went on after the last backup").isGreaterThan(before);
    }

    /** The restore looks for those of whom Kafka knows. */
    @Test
    @Execution(CONCURRENT)
    void nothingIsRestoredWhileAServiceWorks() throws Exception {
        Path file = directory.resolve("one.backup");
        new Backup(bus, List.of(), line -> {}).into(file, NOW);
        BusSettings member = BusSettings.of(broker.bootstrap(), "monitor-0", broker.login("monitor"));
        try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<byte[], byte[]>(
                member.member("redfleet-monitor"))) {
            consumer.subscribe(List.of(Topic.CLUSTERS.fullName()));
            Await.until("membership", SOON, () -> {
                consumer.poll(Duration.ofMillis(200));
                return !consumer.assignment().isEmpty();
            });
            assertThatThrownBy(() -> new Restore(bus, Archive.open(file), false, line -> {}, Duration.ZERO).run())
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining("services are at work: redfleet-monitor");
        }
    }

    private static Map<String, Long> held(Path file, Manifest manifest) throws BackupRefused {
        Map<String, Long> held = new ConcurrentHashMap<>();
        for (Manifest.TopicPart part : manifest.topics()) {
            Archive.open(file)
                    .records(part, record -> held.put(record.key(), Long.valueOf(new String(record.bytes(), UTF_8))));
        }
        return held;
    }

    private static ClusterHealth health() {
        InstanceHealth instance =
                new InstanceHealth(Liveness.UP, NOW, "answers", ReplicationRole.MASTER, "run", false, 3, 1, 2);
        return new ClusterHealth(
                ClusterHealth.SCHEMA,
                new ClusterName("orders"),
                new ClusterUid("u1"),
                NOW,
                new Verdict(Verdict.Diagnosis.HEALTHY, "all is well", NOW, null, 7),
                Map.of(new InstanceId("r1/redis-server"), instance),
                Map.of(),
                Map.of("quorumLost", 2L, "failover completed", 7L),
                new Position(Topic.EVENTS.fullName(), 3, 99));
    }

    private static BusSettings prepared(TestBroker broker) {
        BusSettings settings = BusSettings.of(broker.bootstrap(), "backup-test", broker.login("admin"));
        try (Admin admin = Admin.create(settings.common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();
            Await.until("the topics are there", SOON, () -> topics.faults().isEmpty());
        }
        return settings;
    }

    private static BusMessage text(Topic topic, String key, String value) {
        return new BusMessage(topic, key, Map.of(), value.getBytes(UTF_8));
    }

    private static String value(Map<String, BusRecord> standing, String key) {
        byte[] value = at(standing, key).value();
        return value == null ? "" : new String(value, UTF_8);
    }

    private static Map<String, BusRecord> standing(BusSettings settings, Topic... more) throws Exception {
        Map<String, BusRecord> standing = new ConcurrentHashMap<>();
        List<Topic> topics = new ArrayList<>(Truth.TOPICS);
        topics.addAll(List.of(more));
        try (Follower follower = Follower.of(settings, topics, new Start.Beginning(), record -> {
            String key = record.topic() + " " + record.key();
            if (record.isTombstone()) {
                standing.remove(key);
            } else {
                standing.put(key, record);
            }
        })) {
            follower.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
            return standing;
        }
    }

    private static <K, V> V at(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), () -> "no " + key);
    }

    private static void send(BusProducer producer, BusMessage message) throws Exception {
        producer.send(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
