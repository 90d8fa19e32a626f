package io.redfleet.bus.topics;

import static io.redfleet.contracts.wire.ServiceName.ALERT;
import static io.redfleet.contracts.wire.ServiceName.GATEWAY;
import static io.redfleet.contracts.wire.ServiceName.MONITOR;
import static io.redfleet.contracts.wire.ServiceName.PROVISIONER;

import io.redfleet.contracts.wire.ServiceName;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every topic of Redfleet. Keys begin with the cluster's name, so that what belongs to a cluster lies in one partition. */
public enum Topic {
    COMMANDS("commands", Kept.days(7), Parties.from(GATEWAY).to(PROVISIONER, MONITOR, ALERT)),
    OUTCOMES("outcomes", Kept.days(7), Parties.from(PROVISIONER, MONITOR, ALERT).to(GATEWAY)),
    CLUSTERS("clusters", Kept.LATEST_AND_FLUSHED, Parties.from(PROVISIONER).to(PROVISIONER, MONITOR, GATEWAY)),
    OPERATIONS("operations", Kept.LATEST, Parties.from(PROVISIONER).to(PROVISIONER, MONITOR, GATEWAY)),
    HOSTS("hosts", Kept.LATEST, Parties.from(PROVISIONER).to(PROVISIONER, MONITOR, GATEWAY)),
    REPORTS("reports", Kept.ofTheMoment(), Parties.from(GATEWAY).to(MONITOR)),
    HEALTH("health", Kept.LATEST, Parties.from(MONITOR).to(MONITOR, PROVISIONER, GATEWAY)),
    REMEDIATIONS("remediations", Kept.days(1), Parties.from(MONITOR).to(PROVISIONER)),
    EVENTS(
            "events",
            Kept.days(400),
            Parties.from(ServiceName.values()).to(MONITOR, ALERT, GATEWAY).andOtherTeams()),
    ALERTS("alerts", Kept.LATEST, Parties.from(ALERT).to(GATEWAY).andOtherTeams()),
    QUIET("quiet", Kept.LATEST_AND_FLUSHED, Parties.from(ALERT)),
    ACCESS("access", Kept.LATEST_AND_FLUSHED, Parties.from(GATEWAY).to(GATEWAY)),
    SECRETS("secrets", Kept.LATEST_AND_FLUSHED, Parties.from(PROVISIONER).to(PROVISIONER, MONITOR)),
    DEADLETTERS("deadletters", Kept.LATEST_FOR_30_DAYS, Parties.from(ServiceName.values()));

    /** The same for every topic, for as long as the version in the names is 1. */
    public static final int PARTITIONS = 12;

    private final String word;
    private final Kept kept;
    private final Parties parties;

    Topic(String word, Kept kept, Parties parties) {
        this.word = word;
        this.kept = kept;
        this.parties = parties;
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

    /** The services that may write to it; {@link Rights} makes the broker hold them to it. */
    public Set<ServiceName> writers() {
        return parties.writers();
    }

    /** The services that may read it: those that do. A new reader is a word in the table. */
    public Set<ServiceName> readers() {
        return parties.readers();
    }

    /** Whether other teams may read it. */
    public boolean published() {
        return parties.published();
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
        if (kept.bytes() > 0) {
            settings.put("retention.bytes", String.valueOf(kept.bytes()));
            settings.put("segment.bytes", String.valueOf(16 * 1024 * 1024));
            settings.put("segment.ms", String.valueOf(Duration.ofMinutes(10).toMillis()));
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
     * @param bytes of a partition, whatever the retention says; 0: as many as come. A record may be cut off a segment later
     * @param flushed whether it holds the only copy of something that cannot be observed again
     */
    private record Kept(boolean compacted, Duration retention, long bytes, boolean flushed) {
        static final Kept LATEST = new Kept(true, Duration.ZERO, 0, false);
        static final Kept LATEST_AND_FLUSHED = new Kept(true, Duration.ZERO, 0, true);
        static final Kept LATEST_FOR_30_DAYS = new Kept(true, Duration.ofDays(30), 0, false);

        static Kept days(int days) {
            return new Kept(false, Duration.ofDays(days), 0, false);
        }

        /** Old within minutes, and as much as hosts care to say. */
        static Kept ofTheMoment() {
            return new Kept(false, Duration.ofHours(1), 64L * 1024 * 1024, false);
        }
    }
}
