package io.redfleet.monitor.edge.config;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import java.time.Instant;

/**
 * Walks the path of an event once before there is one: the first record of a cold process takes the better part of a second.
 * Nothing of it can be read by anyone: what is sent is the end of a key that never was.
 */
final class SelfTest {
    private SelfTest() {}

    static void run(BusProducer present, BusProducer facts, String instance, MonitorLog log) {
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            About about = new About(ClusterName.FLEET, ClusterUid.FLEET, null, "self-test", "", null);
            InstanceEvent event = new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.UNKNOWN, "");
            BusMessage unsent = BusMessage.of(new Fact("self-test", Instant.EPOCH, about, event));
            assert unsent.value() != null;
        }
        String key = "self-test/0/0/" + instance;
        for (BusProducer producer : new BusProducer[] {facts, present}) {
            producer.know(Topic.EVENTS);
            producer.know(Topic.HEALTH);
            producer.send(BusMessage.tombstone(Topic.DEADLETTERS, key))
                    .toCompletableFuture()
                    .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                    .exceptionally(failure -> {
                        log.givenUp("self-test", String.valueOf(failure));
                        return new io.redfleet.contracts.wire.Position(Topic.DEADLETTERS.fullName(), 0, 0);
                    })
                    .join();
        }
        log.warm((System.nanoTime() - began) / 1_000_000);
    }
}
