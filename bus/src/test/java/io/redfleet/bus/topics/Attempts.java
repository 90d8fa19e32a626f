package io.redfleet.bus.topics;

import io.redfleet.bus.BusSettings;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** What one account can be seen to do; only a refusal for want of a right counts as "cannot". */
final class Attempts implements AutoCloseable {
    static final String[] RULES = {"rights read", "accounts changed", "topics made", "broker settings read"};
    private static final Duration SOON = Duration.ofSeconds(20);

    private final BusSettings settings;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;

    Attempts(BusSettings settings) {
        this.settings = settings;
        this.admin = Admin.create(settings.common());
        Map<String, Object> plain = settings.producer(Duration.ofSeconds(10));
        // One refusal must not become the next one's reason.
        plain.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        plain.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.producer = new KafkaProducer<>(plain);
    }

    boolean writes(Topic topic) throws Exception {
        return allowed(producer.send(new ProducerRecord<>(topic.fullName(), 0, "attempt", RightsTest.bytes("{}"))));
    }

    boolean reads(Topic topic) {
        TopicPartition partition = new TopicPartition(topic.fullName(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.reader())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return Await.value("an answer for " + topic, SOON, () -> {
                try {
                    return consumer.poll(Duration.ofMillis(200)).isEmpty() ? Optional.empty() : Optional.of(true);
                } catch (AuthorizationException refused) {
                    return Optional.of(false);
                }
            });
        }
    }

    boolean sees(Topic topic) throws Exception {
        return allowed(admin.describeTopics(List.of(topic.fullName())).allTopicNames());
    }

    /** What it can do to the topic itself. */
    Set<String> changes(Topic topic) throws Exception {
        String name = topic.fullName();
        ConfigResource config = new ConfigResource(ConfigResource.Type.TOPIC, name);
        AlterConfigOp longer = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
        Set<String> done = new TreeSet<>();
        note(done, "settings read", admin.describeConfigs(List.of(config)).all());
        note(
                done,
                "settings changed",
                admin.incrementalAlterConfigs(Map.of(config, List.of(longer))).all());
        note(
                done,
                "records deleted",
                admin.deleteRecords(Map.of(new TopicPartition(name, 0), RecordsToDelete.beforeOffset(0)))
                        .all());
        note(
                done,
                "partitions added",
                admin.createPartitions(Map.of(name, NewPartitions.increaseTo(Topic.PARTITIONS + 1)))
                        .all());
        note(done, "deleted", admin.deleteTopics(List.of(name)).all());
        return done;
    }

    /** As a member of the group does. */
    boolean commits(String group, Topic topic) {
        Map<String, Object> member = new HashMap<>(settings.reader());
        member.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        TopicPartition partition = new TopicPartition(topic.fullName(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(member)) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)), SOON);
            return true;
        } catch (AuthorizationException refused) {
            return false;
        }
    }

    /** What only the administrator may do. */
    Set<String> rulesTheCluster() throws Exception {
        Set<String> done = new TreeSet<>();
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        var login = new UserScramCredentialUpsertion(
                "intruder", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "x");
        note(done, "rights read", admin.describeAcls(AclBindingFilter.ANY).values());
        note(
                done,
                "accounts changed",
                admin.alterUserScramCredentials(List.of(login)).all());
        note(
                done,
                "topics made",
                admin.createTopics(List.of(new NewTopic("redfleet.more.v1", 1, (short) 1)))
                        .all());
        note(
                done,
                "broker settings read",
                admin.describeConfigs(List.of(broker)).all());
        return done;
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }

    private static void note(Set<String> done, String what, Future<?> answer) throws Exception {
        if (allowed(answer)) {
            done.add(what);
        }
    }

    private static boolean allowed(Future<?> answer) throws Exception {
        try {
            answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return false;
            }
            throw e;
        }
    }
}
