package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.testkit.Await;
import java.time.Duration;

/** How long the very first event takes in a monitor that has just been started: nothing in it is warm yet. */
final class FirstEvent {
    private static final Duration SOON = Duration.ofSeconds(30);

    private FirstEvent() {}

    record Parts(ServiceProcess monitor, BusProducer producer, EventTap tap) {}

    static void run(int times, Parts parts, Samples first) throws Exception {
        for (int i = 0; i < times; i++) {
            try (ScriptedCluster cluster = new ScriptedCluster("fresh-" + i)) {
                parts.monitor().kill9();
                WatchBench.put(parts.producer(), cluster.state());
                parts.monitor().restart();
                parts.monitor().awaitReady();
                Await.until("it is watched", SOON, cluster::watched);
                String subject = cluster.name() + "/h1/redis-server";
                long died = cluster.data(1).kill();
                first.add(parts.tap().await("instance.down", subject, SOON) - died);
                WatchBench.await(parts.producer(), BusMessage.tombstone(Topic.CLUSTERS, cluster.name()));
            }
        }
    }
}
