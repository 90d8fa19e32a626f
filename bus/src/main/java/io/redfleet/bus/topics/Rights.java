package io.redfleet.bus.topics;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The broker's rules, made from the table of topics: what each account may do, and so, on a broker that forbids what no rule
 * allows, all that it may do.
 *
 * <p>Nobody needs a right on the cluster: an idempotent producer is let in where it may write to any topic. Services see
 * that every topic is there and how many partitions it has, since that is what they verify at their start.
 */
public final class Rights {
    private static final String ANY_HOST = "*";
    private static final String OUR_TOPICS = "redfleet.";

    private Rights() {}

    public static Set<AclBinding> all() {
        Set<AclBinding> rights = new HashSet<>();
        for (Account account : Account.values()) {
            rights.addAll(of(account));
        }
        return rights;
    }

    /** Empty for the administrator, who is above rules. */
    static Set<AclBinding> of(Account account) {
        Set<AclBinding> rights = new HashSet<>();
        for (Topic topic : Topic.values()) {
            if (account.service().filter(topic.writers()::contains).isPresent()) {
                rights.add(allow(account, onTopic(topic), AclOperation.WRITE));
            }
            if (reads(account, topic)) {
                rights.add(allow(account, onTopic(topic), AclOperation.READ));
            }
        }
        if (account.service().isPresent()) {
            ResourcePattern everyTopic = new ResourcePattern(ResourceType.TOPIC, OUR_TOPICS, PatternType.PREFIXED);
            rights.add(allow(account, everyTopic, AclOperation.DESCRIBE));
        }
        group(account).ifPresent(group -> rights.add(allow(account, group, AclOperation.READ)));
        return rights;
    }

    private static boolean reads(Account account, Topic topic) {
        return switch (account) {
            case ADMIN -> false;
            case CONSUMER -> topic.published();
            case PROVISIONER, MONITOR, ALERT, GATEWAY ->
                account.service().filter(topic.readers()::contains).isPresent();
        };
    }

    /** Alert-service keeps its offsets in its database, the gateway keeps none: they join no group. */
    private static Optional<ResourcePattern> group(Account account) {
        return switch (account) {
            case PROVISIONER, MONITOR ->
                Optional.of(new ResourcePattern(ResourceType.GROUP, "redfleet-" + account.word(), PatternType.LITERAL));
            case CONSUMER ->
                Optional.of(new ResourcePattern(ResourceType.GROUP, Account.CONSUMER_GROUPS, PatternType.PREFIXED));
            case ADMIN, ALERT, GATEWAY -> Optional.empty();
        };
    }

    private static ResourcePattern onTopic(Topic topic) {
        return new ResourcePattern(ResourceType.TOPIC, topic.fullName(), PatternType.LITERAL);
    }

    private static AclBinding allow(Account account, ResourcePattern what, AclOperation operation) {
        return new AclBinding(
                what, new AccessControlEntry(account.principal(), ANY_HOST, operation, AclPermissionType.ALLOW));
    }
}
