package io.redfleet.bus.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * The Kafka cluster that is backed up or restored onto.
 *
 * @param kafkaCluster the id that it gave itself
 * @param workers groups of services that work on it now
 */
record Target(String kafkaCluster, List<String> workers) {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** The services that work in groups; the other two read alone, and Kafka does not know whether they run. */
    private static final List<String> GROUPS = List.of("redfleet-monitor", "redfleet-provisioner");

    Target {
        workers = List.copyOf(workers);
    }

    /** @throws BackupRefused if it does not answer, or its topics are not ours */
    static Target of(BusSettings settings) throws BackupRefused {
        try (Admin admin = Admin.create(settings.common())) {
            List<String> faults = new TopicAdmin(admin, ANSWER).faults();
            if (!faults.isEmpty()) {
                throw new BackupRefused("the topics are not as they should be: " + String.join("; ", faults));
            }
            String id = await(admin.describeCluster().clusterId());
            List<String> workers = new ArrayList<>();
            for (String group : GROUPS) {
                if (works(admin, group)) {
                    workers.add(group);
                }
            }
            return new Target(id, workers);
        } catch (TopicAdmin.TopicsUnavailable | KafkaException e) {
            throw new BackupRefused("Kafka at " + settings.bootstrap() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static boolean works(Admin admin, String group) throws BackupRefused {
        try {
            return await(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                    .anyMatch(described -> !described.members().isEmpty());
        } catch (BackupRefused e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private static <T> T await(KafkaFuture<T> answer) throws BackupRefused {
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BackupRefused("Kafka refuses to be asked: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new BackupRefused("Kafka did not answer within " + ANSWER.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupRefused("interrupted", e);
        }
    }
}
