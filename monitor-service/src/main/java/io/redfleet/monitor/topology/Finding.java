package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.InstanceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
