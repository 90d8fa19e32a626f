package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster goes from one Redis to a later one, both out of archives, under a client that writes all the time. */
@Tag("long")
@Timeout(2400)
class VersionRollTest extends ServiceGround {
    private static final String NEXT = "8.0.2";
    private static final int KEYS = 10_000;
    private static final int AT_ONCE = 500;
    /** A turn takes up to two rounds of the Sentinels' INFO, which is asked for every 10 s; there are six, and a switch. */
    private static final Duration WHOLE = Duration.ofMinutes(12);
    /** Writes are refused for 14 s at most, or for as long as another replica takes to follow the next master. */
    private static final Duration OUTAGE_MOST = Duration.ofSeconds(40);

    private static final List<String> ORDER = List.of(
            "r1/redis-sentinel",
            "r2/redis-sentinel",
            "r3/redis-sentinel",
            "r2/redis-server",
            "r3/redis-server",
            "r1/redis-server");

    @Test
    void everyInstanceRunsTheLaterVersionAndNoAcknowledgedWriteIsLost() throws Exception {
        String missing = BuiltRedis.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        Path artefacts = Files.createDirectories(home.resolve("home/artefacts"));
        PackedRedis before = PackedRedis.ofThisMachine(artefacts);
        assumeTrue(Release.older(before.version(), NEXT), "this machine's Redis is " + before.version());
        PackedRedis after = BuiltRedis.of(NEXT, artefacts);

        OperationState made = over(bus.accepted(apply(before, true, false)));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        everyInstanceRuns(before.version());
        for (int host = 1; host <= 3; host++) {
            awaitNothingSaved(host);
        }
        Secret password = password(Purpose.APPLICATION);
        SentinelWriter.Way way = (address, port) ->
                RedisCall.open(address, port, Duration.ofSeconds(2)).as(Purpose.APPLICATION.word(), password.reveal());
        fill(way);

        int written;
        Duration outage;
        try (SentinelWriter writer = new SentinelWriter(sentinels(), "orders", way)) {
            writer.awaitMore(100);
            OperationState rolled = over(bus.accepted(apply(after, false, true)));
            assertThat(rolled.status()).as(rolled.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(rolled.reason()).contains("restarted, in this order: " + ORDER);
            writer.awaitMore(100);
            writer.end();
            written = writer.count();
            outage = writer.longestOutage();
            assertThat(writer.masters()).as("one switchover").isEqualTo(2);
            nothingIsLost(way, writer);
        }
        System.out.printf(
                "rolling change of version: from %s to %s, %d keys and %d acknowledged writes, 0 lost,"
                        + " longest time without one %d ms%n",
                before.version(), after.version(), KEYS, written, outage.toMillis());
        assertThat(outage).isLessThan(OUTAGE_MOST);
        everyInstanceRuns(after.version());

        Problem back = bus.refused(apply(before, false, true));
        assertThat(back.status()).isEqualTo(409);
        assertThat(back.detail())
                .contains(
                        "would be started as Redis " + before.version(),
                        "runs " + after.version(),
                        "an older Redis cannot read what a newer one writes");
        assertThat(over(bus.accepted(apply(after, false, true))).reason()).startsWith("nothing to change");
        everyInstanceRuns(after.version());
    }

    /** On every data node, once all of them have what the master has. */
    private void nothingIsLost(SentinelWriter.Way way, SentinelWriter writer) throws IOException {
        int leader = IntStream.rangeClosed(1, 3)
                .filter(node -> info(node, trio.redisPort(node)).contains("role:master"))
                .findFirst()
                .orElseThrow();
        try (RedisCall master = way.open("127.0.0.1" + leader, trio.redisPort(leader))) {
            master.call("SET", "last", "1");
            assertThat(master.call("WAIT", "2", "1500"))
                    .as("replicas that have the last write")
                    .isEqualTo(2L);
        }
        List<String> lost = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            lost.addAll(writer.lostAt(new Endpoint("127.0.0.1" + node, trio.redisPort(node))));
            try (RedisCall call = way.open("127.0.0.1" + node, trio.redisPort(node))) {
                // One more where an answer was lost.
                assertThat((Long) call.call("DBSIZE"))
                        .as("keys of node %d", node)
                        .isGreaterThanOrEqualTo((long) KEYS + writer.count() + 1);
            }
        }
        assertThat(lost).isEmpty();
    }

    /** What all six say of themselves, and out of which directory each process runs. */
    private void everyInstanceRuns(String version) throws IOException {
        for (int host = 1; host <= 3; host++) {
            Path binary = trio.host(host).home().resolve("opt").resolve(version).resolve("bin/redis-server");
            for (String name : List.of("redis-server", "redis-sentinel")) {
                int port = name.equals("redis-server") ? trio.redisPort(host) : trio.sentinelPort(host);
                assertThat(info(host, port)).as("%s on r%d", name, host).contains("redis_version:" + version + "\r\n");
                Path runs = Path.of("/proc/" + pid(new InstanceId("r" + host + "/" + name)) + "/exe");
                assertThat(runs.toRealPath()).isEqualTo(binary.toRealPath());
            }
        }
    }

    private String info(int host, int port) {
        try (RedisCall call = call(host, port, Purpose.PROBE)) {
            return String.valueOf(call.call("INFO"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** At the spec's first master. */
    private void fill(SentinelWriter.Way way) throws IOException {
        try (RedisCall master = way.open("127.0.0.11", trio.redisPort(1))) {
            for (int from = 0; from < KEYS; from += AT_ONCE) {
                List<String> words = new ArrayList<>(List.of("MSET"));
                for (int key = from; key < from + AT_ONCE; key++) {
                    words.add("k" + key);
                    words.add("" + key);
                }
                assertThat(master.call(words.toArray(String[]::new))).isEqualTo("OK");
            }
        }
    }

    private List<Endpoint> sentinels() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(host -> new Endpoint("127.0.0.1" + host, trio.sentinelPort(host)))
                .toList();
    }

    private Request.Apply apply(PackedRedis redis, boolean create, boolean rolling) {
        return new Request.Apply(document(redis), null, create, false, null, null, null, rolling, null, null, null);
    }

    private String document(PackedRedis redis) {
        Map<String, Object> document = new LinkedHashMap<>(trio.document(Map.of()));
        Map<Object, Object> spec = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(document.get("spec")));
        spec.put("redis", redis.redis());
        document.put("spec", spec);
        return new String(Codec.bytes(document), StandardCharsets.UTF_8);
    }

    private OperationState over(OperationId id) {
        Await.until(
                "the end of " + id,
                WHOLE,
                () -> bus.operation(id).map(state -> state.finishedAt() != null).orElse(false));
        return bus.operation(id).orElseThrow();
    }
}
