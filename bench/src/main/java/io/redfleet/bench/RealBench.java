package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisProcess;
import io.redfleet.testkit.RedisTrio;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The same two latencies over real Redis and Sentinel: SIGKILL, and the line as another subscriber heard it. */
final class RealBench {
    private static final String NAME = "real";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final BusProducer producer;
    private final EventTap tap;

    RealBench(BusProducer producer, EventTap tap) {
        this.producer = producer;
        this.tap = tap;
    }

    void run(int wanted, Samples down, Samples switched) throws Exception {
        try (RedisTrio trio = RedisTrio.start(NAME, Duration.ofSeconds(5))) {
            trio.awaitWhole();
            WatchBench.put(producer, state(trio));
            RedisNode replica = trio.nodes().get(2);
            var unused = tap.await("instance.up", NAME + "/h2/redis-server", SOON);
            for (int i = 0; i < wanted; i++) {
                kill(replica, down);
            }
            Bench.progress(down);
            for (int i = 0; i < wanted; i++) {
                failOver(trio, switched);
            }
            Bench.progress(switched);
        }
    }

    private void kill(RedisNode node, Samples down) throws InterruptedException {
        String subject = NAME + "/h2/redis-server";
        tap.clear("instance.down", subject);
        tap.clear("instance.up", subject);
        long before = System.nanoTime();
        node.kill9();
        down.add(tap.await("instance.down", subject, SOON) - before);
        node.startAgain();
        var unused = tap.await("instance.up", subject, SOON);
    }

    private void failOver(RedisTrio trio, Samples switched) throws IOException, InterruptedException {
        tap.clear("failover.switched", NAME);
        tap.clear("failover.completed", NAME);
        long heard = firstSwitchLine(trio);
        switched.add(Math.max(0, tap.await("failover.switched", NAME, SOON) - heard));
        var unused = tap.await("failover.completed", NAME, Duration.ofMinutes(1));
    }

    /** Asks for a failover until one begins; returns when this process heard the first +switch-master. */
    private static long firstSwitchLine(RedisTrio trio) throws IOException {
        List<Hearer> hearers = trio.sentinels().stream().map(Hearer::new).toList();
        try {
            Await.until(
                    "a Sentinel begins a failover",
                    SOON,
                    () -> trio.sentinels()
                            .getFirst()
                            .ask("SENTINEL", "FAILOVER", NAME)
                            .filter("OK"::equals)
                            .isPresent());
            return Await.value(
                    "a +switch-master line",
                    SOON,
                    () -> hearers.stream()
                            .filter(hearer -> hearer.heard > 0)
                            .map(hearer -> hearer.heard)
                            .min(Long::compare));
        } finally {
            for (Hearer hearer : hearers) {
                hearer.close();
            }
        }
    }

    private static ClusterState state(RedisTrio trio) {
        List<Integer> nodes = trio.nodes().stream().map(RedisProcess::port).toList();
        List<Integer> sentinels =
                trio.sentinels().stream().map(RedisProcess::port).toList();
        return LoopbackSpec.state(NAME, nodes, sentinels, Duration.ofSeconds(1));
    }

    /** A second subscriber beside the monitor's: it hears the same line at the same moment. */
    private static final class Hearer implements AutoCloseable {
        private final RedisCall call;
        private volatile long heard;

        Hearer(RedisProcess sentinel) {
            try {
                this.call = RedisCall.open(sentinel.host(), sentinel.port(), Duration.ofMinutes(1));
                call.send("PSUBSCRIBE", "+switch-master");
                var unused = call.receive();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::listen);
        }

        @Override
        public void close() throws IOException {
            call.close();
        }

        private void listen() {
            try {
                var unused = call.receive();
                heard = System.nanoTime();
            } catch (IOException e) {
                // Closed before a line came.
            }
        }
    }
}
