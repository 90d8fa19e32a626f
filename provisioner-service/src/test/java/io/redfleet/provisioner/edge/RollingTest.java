package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Restarts one after the other, of real Redis and Sentinels, under a client that writes all the time. */
@Tag("long")
@Timeout(900)
class RollingTest extends ServiceGround {
    private static final Map<String, String> BEFORE = Map.of("tcp-backlog", "511");
    private static final Map<String, String> AFTER = Map.of("tcp-backlog", "500");
    /** A turn takes up to two rounds of the Sentinels' INFO, which is asked for every 10 s; there are six, and a switch. */
    private static final Duration WHOLE = Duration.ofMinutes(6);

    private static final List<InstanceId> DATA = List.of(
            new InstanceId("r1/redis-server"), new InstanceId("r2/redis-server"), new InstanceId("r3/redis-server"));
    private static final List<InstanceId> SENTINELS = List.of(
            new InstanceId("r1/redis-sentinel"),
            new InstanceId("r2/redis-sentinel"),
            new InstanceId("r3/redis-sentinel"));

    @Test
    void noAcknowledgedWriteIsLostWhileADirectiveThatIsReadAtTheStartChanges() throws Exception {
        OperationState made = bus.operation(apply(BEFORE, null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        Map<InstanceId, Long> data = pids(DATA);
        Map<InstanceId, Long> sentinels = pids(SENTINELS);

        Problem unsaid = bus.refused(apply(AFTER, null, false));
        assertThat(unsaid.status()).isEqualTo(422);
        assertThat(unsaid.errors().getFirst().rule()).contains("rolling=true");

        try (Writer writer = new Writer(this)) {
            writer.awaitMore(100);
            OperationState rolled = over(bus.accepted(rolling(AFTER)));
            assertThat(rolled.status()).as(rolled.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(rolled.reason())
                    .contains("restarted, in this order: [r2/redis-server, r3/redis-server, r1/redis-server]");
            assertThat(rolled.expectsDown()).isEmpty();
            writer.awaitMore(100);
            int written = writer.count();
            Duration outage = writer.longestOutage();
            assertThat(writer.lost()).isEmpty();
            System.out.printf(
                    "rolling change: %d acknowledged writes, 0 lost, longest time without one %d ms%n",
                    written, outage.toMillis());
        }
        for (int node = 1; node <= 3; node++) {
            assertThat(setting(node, "tcp-backlog")).isEqualTo("500");
            assertThat(setting(node, "min-replicas-to-write")).isEqualTo("1");
            assertThat(Files.readAllLines(trio.host(node).home().resolve("orders/redis-server/redis.conf")))
                    .filteredOn(line -> line.startsWith("tcp-backlog"))
                    .containsExactly("tcp-backlog 500");
        }
        assertThat(pids(DATA).values()).doesNotContainAnyElementsOf(data.values());
        assertThat(pids(SENTINELS)).as("nothing of them differs").isEqualTo(sentinels);
        assertThat(over(bus.accepted(rolling(AFTER))).reason()).startsWith("nothing to change");
    }

    @Test
    void aRollRestartsEveryInstanceOnce() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        for (int host = 1; host <= 3; host++) {
            awaitNothingSaved(host);
        }
        Map<InstanceId, Long> data = pids(DATA);
        Map<InstanceId, Long> sentinels = pids(SENTINELS);
        try (Writer writer = new Writer(this)) {
            writer.awaitMore(100);
            // What was started a moment ago counts as started since it was asked for.
            Await.until("instances that are some seconds old", Duration.ofSeconds(60), () -> youngest() > 20);
            OperationState rolled = over(bus.accepted(new Request.Roll(null)));
            assertThat(rolled.kind()).isEqualTo("roll");
            assertThat(rolled.status()).as(rolled.reason()).isEqualTo(Status.SUCCEEDED);
            writer.awaitMore(100);
            int written = writer.count();
            Duration outage = writer.longestOutage();
            assertThat(writer.lost()).isEmpty();
            System.out.printf(
                    "roll: %d acknowledged writes, 0 lost, longest time without one %d ms%n",
                    written, outage.toMillis());
        }
        assertThat(pids(DATA).values()).doesNotContainAnyElementsOf(data.values());
        assertThat(pids(SENTINELS).values()).doesNotContainAnyElementsOf(sentinels.values());
    }

    private Request.Apply rolling(Map<String, String> config) {
        return new Request.Apply(document(config), null, false, false, null, null, null, true, null, null, null);
    }

    private OperationState over(OperationId id) {
        Await.until(
                "the end of " + id,
                WHOLE,
                () -> bus.operation(id).map(state -> state.finishedAt() != null).orElse(false));
        return bus.operation(id).orElseThrow();
    }

    private Map<InstanceId, Long> pids(List<InstanceId> instances) {
        Map<InstanceId, Long> pids = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        instances.forEach(instance -> pids.put(instance, pid(instance)));
        return pids;
    }

    /** Seconds since the last start of a data node; the Sentinels were started after them, all within a moment. */
    private long youngest() {
        long youngest = Long.MAX_VALUE;
        for (int node = 1; node <= 3; node++) {
            String info = info(node);
            String since = info.substring(info.indexOf("uptime_in_seconds:") + 18);
            youngest = Math.min(youngest, Long.parseLong(since.substring(0, since.indexOf('\r'))));
        }
        return youngest;
    }

    private String info(int node) {
        try (RedisCall call = call(node, trio.redisPort(node), Purpose.PROBE)) {
            return String.valueOf(call.call("INFO"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String setting(int node, String name) {
        try (RedisCall call = call(node, trio.redisPort(node), Purpose.ADMIN)) {
            List<?> said = (List<?>) call.call("CONFIG", "GET", name);
            return String.valueOf(said == null ? "" : said.getLast());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
