package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the alert-service has read all events: the last one of each partition tells of a dead master, and so becomes an
 * incident on {@code alerts}. Thread-safe.
 */
final class AlertTap implements AutoCloseable {
    private final Set<String> waitedFor;
    private final Follower follower;

    private AlertTap(BusSettings settings, Set<String> clusters) {
        this.waitedFor = ConcurrentHashMap.newKeySet();
        waitedFor.addAll(clusters);
        this.follower = Follower.of(
                settings, List.of(Topic.ALERTS), new Start.End(), record -> waitedFor.remove(record.clusterKey()));
        follower.caughtUp().toCompletableFuture().join();
    }

    /** Puts a last event on every partition. */
    static AlertTap behind(BusProducer producer, BusSettings settings) throws Exception {
        Map<Integer, String> clusters = new TreeMap<>();
        for (int i = 0; clusters.size() < Topic.PARTITIONS; i++) {
            clusters.putIfAbsent(ClusterPartitioner.partition("last-" + i), "last-" + i);
        }
        AlertTap tap = new AlertTap(settings, Set.copyOf(clusters.values()));
        for (String name : clusters.values()) {
            WatchBench.await(producer, BusMessage.of(dead(name)));
        }
        return tap;
    }

    boolean allRead() {
        return waitedFor.isEmpty();
    }

    @Override
    public void close() {
        follower.close();
    }

    private static Fact dead(String cluster) {
        ClusterUid uid = new ClusterUid("bench-" + cluster);
        InstanceId master = new InstanceId("h0/redis-server");
        About about = new About(new ClusterName(cluster), uid, master, "gone, for a measurement", "", null);
        InstanceEvent.Down down = new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.MASTER, "");
        return new Fact(Fact.id(uid, master, 1, "instance.down"), Instant.now(), about, down);
    }
}
