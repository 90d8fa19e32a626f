package io.redfleet.bus.topics;

import io.redfleet.contracts.wire.ServiceName;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every topic of Redfleet. Keys begin with the cluster's name, so that what belongs to a cluster lies in one partition. */
public enum Topic {
    COMMANDS("commands", Kept.days(7), ServiceName.GATEWAY),
    OUTCOMES("outcomes", Kept.days(7), ServiceName.PROVISIONER, ServiceName.MONITOR, ServiceName.ALERT),
    CLUSTERS("clusters", Kept.LATEST_AND_FLUSHED, ServiceName.PROVISIONER),
    OPERATIONS("operations", Kept.LATEST, ServiceName.PROVISIONER),
    HOSTS("hosts", Kept.LATEST, ServiceName.PROVISIONER),
    REPORTS("reports", Kept.days(1), ServiceName.GATEWAY),
    HEALTH("health", Kept.LATEST, ServiceName.MONITOR),
    REMEDIATIONS("remediations", Kept.days(1), ServiceName.MONITOR),
    EVENTS("events", Kept.days(400), ServiceName.values()),
    ALERTS("alerts", Kept.LATEST, ServiceName.ALERT),
    QUIET("quiet", Kept.LATEST_AND_FLUSHED, ServiceName.ALERT),
    ACCESS("access", Kept.LATEST_AND_FLUSHED, ServiceName.GATEWAY),
    SECRETS("secrets", Kept.LATEST_AND_FLUSHED, ServiceName.PROVISIONER),
    DEADLETTERS("deadletters", Kept.LATEST_FOR_30_DAYS, ServiceName.values());

    /** The same for every topic, for as long as the version in the names is 1. */
    public static final int PARTITIONS = 12;

    private final String word;
    private final Kept kept;
    private final Set<ServiceName> writers;

    Topic(String word, Kept kept, ServiceName... writers) {
        this.word = word;
        this.kept = kept;
        this.writers = EnumSet.copyOf(Arrays.asList(writers));
    }

    /** The name on the broker. */
    public String fullName() {
        return "redfleet." + word + ".v1";
    }

    public static Optional<Topic> byFullName(String name) {
        return Arrays.stream(values())
                .filter(topic -> topic.fullName().equals(name))
                .findFirst();
    }

    /** Whether only the latest record of a key counts, so that a reader starts at the beginning. */
    public boolean holdsState() {
        return kept.compacted();
    }

    public Set<ServiceName> writers() {
        return EnumSet.copyOf(writers);
    }

    /**
     * The topic's settings on the broker.
     *
     * @param brokers how many brokers the cluster has; on a single one the only copy of the truth is flushed per record
     */
    public Map<String, String> settings(int brokers) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("message.timestamp.type", "LogAppendTime");
        settings.put("min.insync.replicas", brokers >= 3 ? "2" : "1");
        if (kept.compacted()) {
            settings.put("cleanup.policy", kept.retention().isZero() ? "compact" : "compact,delete");
            settings.put("segment.bytes", String.valueOf(16 * 1024 * 1024));
            settings.put("segment.ms", String.valueOf(Duration.ofMinutes(10).toMillis()));
            settings.put("min.cleanable.dirty.ratio", "0.1");
        }
        if (!kept.retention().isZero()) {
            settings.put("retention.ms", String.valueOf(kept.retention().toMillis()));
        }
        if (kept.flushed() && brokers < 3) {
            settings.put("flush.messages", "1");
        }
        return settings;
    }

    /**
     * How long records stay.
     *
     * @param retention zero: for ever
     * @param flushed whether it holds the only copy of something that cannot be observed again
     */
    private record Kept(boolean compacted, Duration retention, boolean flushed) {
        static final Kept LATEST = new Kept(true, Duration.ZERO, false);
        static final Kept LATEST_AND_FLUSHED = new Kept(true, Duration.ZERO, true);
        static final Kept LATEST_FOR_30_DAYS = new Kept(true, Duration.ofDays(30), false);

        static Kept days(int days) {
            return new Kept(false, Duration.ofDays(days), false);
        }
    }
}
