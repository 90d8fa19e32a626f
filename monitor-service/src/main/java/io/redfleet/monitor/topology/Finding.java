package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A condition that a snapshot shows. Whether it is told depends on how long it lasts. */
public sealed interface Finding {
    /** What tells this condition from others of the cluster; stands in the health record. */
    String key();

    /** How long it must last before it is told; shorter is normal while Sentinels change masters. */
    Duration holdOff();

    /** Too few Sentinels to reach quorum or majority. */
    record QuorumLost(int usable, int quorum, int known) implements Finding {
        public static final String KEY = "quorumLost";

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public Duration holdOff() {
            return Duration.ofSeconds(3);
        }
    }

    /** Sentinels name different masters: up to 1.2 s is normal during a switch. */
    record Disagree(Map<InstanceId, String> views) implements Finding {
        public static final String KEY = "sentinelsDisagree";

        public Disagree {
            views = Map.copyOf(views);
        }

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public Duration holdOff() {
            return Duration.ofSeconds(5);
        }
    }

    /**
     * Two nodes call themselves master. A returned master does so for 10 s before Sentinel demotes it; two that both have
     * replicas are another matter.
     */
    record SplitBrain(List<InstanceId> masters, boolean bothServe) implements Finding {
        public static final String KEY = "splitBrain";

        public SplitBrain {
            masters = List.copyOf(masters);
        }

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public Duration holdOff() {
            return Duration.ofSeconds(bothServe ? 2 : 12);
        }
    }

    /**
     * An address of a data node that another cluster's spec has, too.
     *
     * @param listedBy the Sentinels that list it, though the own spec does not have it; empty: it has
     */
    record Conflict(Endpoint endpoint, ClusterName other, List<InstanceId> listedBy) implements Finding {
        public static final String PREFIX = "conflict ";

        private static final Pattern KEY = Pattern.compile(PREFIX + "(\\S+):(\\d{1,5}) (\\S+)");

        public Conflict {
            listedBy = List.copyOf(listedBy);
        }

        /**
         * The opposite of {@link #key()}, of which nobody knows any more who lists it.
         *
         * @throws IllegalArgumentException it is the key of no conflict
         */
        public static Conflict ofKey(String key) {
            Matcher parts = KEY.matcher(key);
            if (!parts.matches()) {
                throw new IllegalArgumentException("no key of a conflict: " + key);
            }
            Endpoint endpoint = new Endpoint(parts.group(1), Integer.parseInt(parts.group(2)));
            return new Conflict(endpoint, new ClusterName(parts.group(3)), List.of());
        }

        @Override
        public String key() {
            return PREFIX + endpoint + " " + other;
        }

        /** As {@link #key()}, fit to be a part of an event's id, where a colon has its meaning. */
        public String word() {
            return key().replace(':', '-').replace(' ', '-');
        }

        /** What is so, for a person. */
        public String words() {
            String lists = listedBy.stream().map(InstanceId::value).collect(Collectors.joining(", "));
            return endpoint + " is a data node of cluster " + other + ", and "
                    + (lists.isEmpty() ? "by its spec of this one, too" : "listed by " + lists + " of this one");
        }

        @Override
        public Duration holdOff() {
            return Duration.ofSeconds(10);
        }
    }

    /** A living replica without a link to the master that the Sentinels name. */
    record ReplicaBroken(InstanceId replica, String link) implements Finding {
        public static final String PREFIX = "replicaBroken ";

        @Override
        public String key() {
            return PREFIX + replica.value();
        }

        @Override
        public Duration holdOff() {
            return Duration.ofSeconds(10);
        }
    }
}
