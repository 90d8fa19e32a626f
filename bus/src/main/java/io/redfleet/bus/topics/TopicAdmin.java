package io.redfleet.bus.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the topics and the rights on them, and checks the topics. Every wait has the deadline that the caller gave; a
 * broker that does not answer by then is a {@link TopicsUnavailable}.
 */
public final class TopicAdmin {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Admin admin;
    private final Duration deadline;

    public TopicAdmin(Admin admin, Duration deadline) {
        this.admin = admin;
        this.deadline = deadline;
    }

    /**
     * Makes the topics that are missing and leaves those that are there; then makes the rights of our accounts those of the
     * table, taking away what the table does not say. Other accounts and their rights are not touched. Safe to run twice,
     * and by two at once.
     */
    public void create() {
        int brokers = await(admin.describeCluster().nodes()).size();
        Set<String> present = await(admin.listTopics().names());
        short replicas = (short) Math.min(3, brokers);
        List<NewTopic> missing = Arrays.stream(Topic.values())
                .filter(topic -> !present.contains(topic.fullName()))
                .map(topic ->
                        new NewTopic(topic.fullName(), Topic.PARTITIONS, replicas).configs(topic.settings(brokers)))
                .toList();
        admin.createTopics(missing).values().values().forEach(this::awaitMade);
        grant();
    }

    private void grant() {
        Set<AclBinding> wanted = Rights.all();
        Set<AclBinding> present = present();
        List<AclBinding> missing =
                wanted.stream().filter(right -> !present.contains(right)).toList();
        if (!missing.isEmpty()) {
            await(admin.createAcls(missing).all());
        }
        List<AclBindingFilter> surplus = present.stream()
                .filter(right -> !wanted.contains(right))
                .map(AclBinding::toFilter)
                .toList();
        if (!surplus.isEmpty()) {
            await(admin.deleteAcls(surplus).all());
        }
        awaitInForce(wanted);
    }

    /** What the controller has written a broker goes by a moment later; who starts a service now must not be too early. */
    private void awaitInForce(Set<AclBinding> wanted) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!present().equals(wanted)) {
            if (System.nanoTime() > end) {
                throw new TopicsUnavailable("the rights were not in force within " + deadline, null);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private Set<AclBinding> present() {
        return await(admin.describeAcls(AclBindingFilter.ANY).values()).stream()
                .filter(right -> Account.isPrincipal(right.entry().principal()))
                .collect(Collectors.toSet());
    }

    /** What stands in the way of starting a service: missing topics, wrong partition counts. Empty when all is well. */
    public List<String> faults() {
        Set<String> present = await(admin.listTopics().names());
        List<String> faults = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (present.contains(topic.fullName())) {
                known.add(topic.fullName());
            } else {
                faults.add("topic " + topic.fullName() + " is missing");
            }
        }
        Map<String, TopicDescription> described =
                await(admin.describeTopics(known).allTopicNames());
        faults.addAll(described.values().stream()
                .filter(topic -> topic.partitions().size() != Topic.PARTITIONS)
                .map(topic -> "topic " + topic.name() + " has "
                        + topic.partitions().size() + " partitions, not " + Topic.PARTITIONS)
                .collect(Collectors.toList()));
        return faults;
    }

    private void awaitMade(KafkaFuture<Void> made) {
        try {
            await(made);
        } catch (TopicsUnavailable e) {
            if (!(e.getCause() instanceof org.apache.kafka.common.errors.TopicExistsException)) {
                throw e;
            }
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException) {
                throw new TopicsUnavailable("a topic vanished while it was looked at", cause);
            }
            throw new TopicsUnavailable(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new TopicsUnavailable("the broker did not answer within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailable("interrupted", e);
        }
    }

    /** The broker could not be asked, or refused. */
    public static final class TopicsUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TopicsUnavailable(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }
}
