package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From a death, or from a Sentinel's line, to the event at a Kafka consumer: over scripted peers, because a thousand real
 * deaths would take a day.
 */
final class WatchBench {
    private static final int CLUSTERS = 50;
    private static final Duration SOON = Duration.ofSeconds(30);

    private final BusProducer producer;
    private final EventTap tap;

    WatchBench(BusProducer producer, EventTap tap) {
        this.producer = producer;
        this.tap = tap;
    }

    /** Fills both with at least {@code wanted} samples. */
    void run(int wanted, Samples down, Samples switched) throws Exception {
        List<ScriptedCluster> clusters = new ArrayList<>();
        try {
            for (int i = 0; i < CLUSTERS; i++) {
                ScriptedCluster cluster = new ScriptedCluster("scripted-" + i);
                clusters.add(cluster);
                put(producer, cluster.state());
            }
            clusters.forEach(cluster -> Await.until("it is watched", SOON, cluster::watched));
            for (int done = 0; done < wanted; done += 2 * CLUSTERS) {
                kill(clusters, down);
                Bench.progress(down);
            }
            for (int done = 0; done < wanted; done += CLUSTERS) {
                fail(clusters, switched);
                Bench.progress(switched);
            }
        } finally {
            for (ScriptedCluster cluster : clusters) {
                await(producer, BusMessage.tombstone(Topic.CLUSTERS, cluster.name()));
                cluster.close();
            }
        }
    }

    /** One round: both replicas of each cluster die once, one after the other, and come back. */
    private void kill(List<ScriptedCluster> clusters, Samples down) throws InterruptedException {
        for (ScriptedCluster cluster : clusters) {
            for (int replica = 1; replica <= 2; replica++) {
                String subject = cluster.name() + "/h" + replica + "/redis-server";
                tap.clear("instance.down", subject);
                tap.clear("instance.up", subject);
                long died = cluster.data(replica).kill();
                try {
                    down.add(tap.await("instance.down", subject, SOON) - died);
                } catch (IllegalStateException e) {
                    throw new IllegalStateException(e.getMessage() + "; " + cluster.data(replica), e);
                }
                cluster.restarted(replica);
                cluster.data(replica).revive();
            }
        }
        for (ScriptedCluster cluster : clusters) {
            for (int replica = 1; replica <= 2; replica++) {
                var unused = tap.await("instance.up", cluster.name() + "/h" + replica + "/redis-server", SOON);
            }
        }
    }

    /** One round: each cluster changes masters once. */
    private void fail(List<ScriptedCluster> clusters, Samples switched) throws InterruptedException {
        for (ScriptedCluster cluster : clusters) {
            tap.clear("failover.switched", cluster.name());
            tap.clear("failover.completed", cluster.name());
            long said = cluster.failOver();
            switched.add(tap.await("failover.switched", cluster.name(), SOON) - said);
        }
        for (ScriptedCluster cluster : clusters) {
            var unused = tap.await("failover.completed", cluster.name(), SOON);
        }
    }

    static void put(BusProducer producer, ClusterState state) throws Exception {
        await(producer, BusMessage.of(Topic.CLUSTERS, state.name().value(), state));
    }

    static void await(BusProducer producer, BusMessage message) throws Exception {
        var unused = producer.send(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static BusSettings settings(TestBroker broker) {
        return new BusSettings(broker.bootstrap(), "bench", broker.admin());
    }
}
