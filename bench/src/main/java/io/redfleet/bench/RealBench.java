package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisProcess;
import io.redfleet.testkit.RedisTrio;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
        List<HostSpec> hosts = IntStream.range(0, 3)
                .mapToObj(i -> host(i, trio.nodes().get(i), trio.sentinels().get(i)))
                .toList();
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(NAME),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec(NAME, 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                hosts,
                new HostName("h0"),
                "process",
                new WatchSpec(WatchMode.OBSERVE, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("bench-" + NAME), 1, Phase.READY, "real", Instant.now(), spec);
    }

    private static HostSpec host(int index, RedisProcess redis, RedisProcess sentinel) {
        return new HostSpec(
                new HostName("h" + index),
                RedisProcess.LOOPBACK,
                "",
                new SshSpec("nobody", 22, "none", null),
                "redfleet",
                List.of(
                        instance("redis-server", InstanceRole.REDIS, redis.port()),
                        instance("redis-sentinel", InstanceRole.SENTINEL, sentinel.port())));
    }

    private static InstanceSpec instance(String name, InstanceRole role, int port) {
        return new InstanceSpec(name, role, port, 100, new Endpoint(RedisProcess.LOOPBACK, port));
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
