package io.redfleet.local.doctor.edge;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.local.Home;
import io.redfleet.local.LocalBus;
import io.redfleet.local.Ports;
import io.redfleet.local.doctor.BusCheck;
import io.redfleet.local.doctor.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Looks at Kafka with every account that there is, and at what waits to be read or sent. */
final class BusLook {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** Some hundred facts of a failover, under way at once. */
    private static final long MOST_WAITING = 256 * 1024;

    private static final Map<String, String> GROUPS =
            Map.of("redfleet-provisioner", "provisioner", "redfleet-monitor", "monitor");

    private final Home home;
    private final Ports ports;
    private final Instant now;

    BusLook(Home home, Ports ports, Instant now) {
        this.home = home;
        this.ports = ports;
        this.now = now;
    }

    List<Finding> findings(boolean kafka) throws IOException {
        List<Finding> found = new ArrayList<>();
        if (!kafka) {
            found.add(Finding.unseen("bus", "kafka", "does not run"));
        } else {
            found.addAll(accounts());
            try (Admin admin = Admin.create(settings("doctor").common())) {
                found.addAll(BusCheck.topics(new TopicAdmin(admin, ANSWER).faults(), Topic.values().length));
                for (Map.Entry<String, String> group : GROUPS.entrySet()) {
                    found.add(BusCheck.lag(group.getValue(), lag(admin, group.getKey())));
                }
            } catch (TopicAdmin.TopicsUnavailable
                    | KafkaException
                    | BackupRefused
                    | ExecutionException
                    | TimeoutException e) {
                found.add(BusCheck.account("admin", Optional.of("does not answer: " + e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            found.addAll(letters());
        }
        found.addAll(outboxes());
        return found;
    }

    private BusSettings settings(String name) throws BackupRefused {
        return LocalBus.of(home, ports, name);
    }

    private List<Finding> accounts() throws IOException {
        Path directory = LocalBus.accounts(home);
        List<Finding> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            // That the administrator's is missing is said by whoever logs in next.
            return found;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".properties"))
                    .sorted()
                    .toList()) {
                String account = file.getFileName().toString().replace(".properties", "");
                try {
                    found.add(BusCheck.account(account, refused(LocalBus.of(ports.bootstrap(), file, "doctor"))));
                } catch (BackupRefused e) {
                    found.add(BusCheck.account(account, Optional.of(e.reason())));
                }
            }
        }
        return found;
    }

    private static Optional<String> refused(BusSettings settings) {
        Map<String, Object> client = new HashMap<>(settings.common());
        client.put("request.timeout.ms", (int) ANSWER.toMillis());
        client.put("default.api.timeout.ms", (int) ANSWER.toMillis());
        try (Admin admin = Admin.create(client)) {
            String unused = await(admin.describeCluster().clusterId());
            return Optional.empty();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(String.valueOf(cause.getMessage()));
        } catch (KafkaException | TimeoutException e) {
            return Optional.of("no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private static long lag(Admin admin, String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> read =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        read.forEach((partition, offset) -> {
            if (offset != null) {
                asked.put(partition, OffsetSpec.latest());
            }
        });
        long lag = 0;
        for (var end : await(admin.listOffsets(asked).all()).entrySet()) {
            OffsetAndMetadata offset = read.get(end.getKey());
            lag += offset == null ? 0 : Math.max(0, end.getValue().offset() - offset.offset());
        }
        return lag;
    }

    private List<Finding> letters() {
        Map<String, DeadLetter> letters = new ConcurrentHashMap<>();
        Map<String, Long> newest = new ConcurrentHashMap<>();
        try (Follower follower = Follower.of(
                settings("doctor"),
                List.of(Topic.DEADLETTERS, Topic.CLUSTERS, Topic.HEALTH),
                new Start.Beginning(),
                record -> note(record, letters, newest))) {
            follower.caughtUp().toCompletableFuture().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException | BackupRefused e) {
            return List.of(Finding.unseen("bus", "dead letters", "cannot be read: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        List<BusCheck.Letter> seen = letters.values().stream()
                .map(letter -> new BusCheck.Letter(
                        letter.position().topic(),
                        letter.key(),
                        letter.reader(),
                        letter.reason(),
                        letter.at(),
                        newest.getOrDefault(place(letter.position().topic(), letter.key()), -1L)
                                > letter.position().offset()))
                .toList();
        List<Finding> found = new ArrayList<>(BusCheck.parked(seen, Topic.CLUSTERS.fullName()));
        found.addAll(BusCheck.brake(seen, Topic.HEALTH.fullName(), ClusterName.FLEET.value()));
        found.add(BusCheck.letters(seen, now));
        return found;
    }

    /** Where a record lies that replaces others: of one key all lie in one partition. */
    private static String place(String topic, String key) {
        return topic + "/" + key;
    }

    /** @param newest the offset of the newest record, by topic and key */
    private static void note(BusRecord record, Map<String, DeadLetter> letters, Map<String, Long> newest) {
        if (record.topic() != Topic.DEADLETTERS) {
            newest.put(place(record.topic().fullName(), record.key()), record.offset());
        } else if (record.isTombstone()) {
            letters.remove(record.key());
        } else {
            try {
                letters.put(record.key(), record.as(DeadLetter.class));
            } catch (Unreadable e) {
                // A letter of a later release: its key says as much.
                letters.remove(record.key());
            }
        }
    }

    private List<Finding> outboxes() throws IOException {
        Path directory = home.root().resolve("outbox");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".outbox"))
                    .sorted()
                    .toList()) {
                long bytes = Files.size(file);
                Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), now);
                String service = file.getFileName().toString().replace(".outbox", "");
                found.add(BusCheck.outbox(service, bytes, "bytes", MOST_WAITING, age));
            }
        }
        return found;
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    }
}
