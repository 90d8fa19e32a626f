package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** A planned change of master on real Redis and Sentinels, under a client that writes all the time. */
@Timeout(300)
class SwitchOverTest extends ServiceGround {
    private static final InstanceId R2 = new InstanceId("r2/redis-server");

    @Test
    @Execution(CONCURRENT)
    void noAcknowledgedWriteIsLostAndNothingIsLeftBehind() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(bus.refused(new Request.SwitchOver(new InstanceId("r1/redis-sentinel")))
                        .detail())
                .contains("no replica of r1/redis-server");
        OperationState needless = bus.operation(new Request.SwitchOver(MASTER));
        assertThat(needless.reason()).isEqualTo("r1/redis-server is the master");

        try (Writer writer = new Writer(this)) {
            writer.awaitMore(100);
            OperationState first = bus.operation(new Request.SwitchOver(R2));
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(first.reason())
                    .contains("127.0.0.12:" + trio.redisPort(2))
                    .contains("writes_held_ms=");
            for (int node = 1; node <= 3; node++) {
                assertThat(flags(node)).doesNotContain("failover_in_progress");
            }
            writer.awaitMore(100);
            assertThat(writer.at()).isEqualTo(2);

            OperationState second = bus.operation(new Request.SwitchOver(null));
            assertThat(second.status()).as(second.reason()).isEqualTo(Status.SUCCEEDED);
            writer.awaitMore(100);
            assertThat(writer.at()).isNotEqualTo(2);
            assertThat(writer.lost()).isEmpty();
        }
        for (int node = 1; node <= 3; node++) {
            assertThat(setting(node, "replica-priority")).isEqualTo("100");
            assertThat(setting(node, "min-replicas-to-write")).isEqualTo("1");
            assertThat(Files.readString(configuration(node))).doesNotContain("min-replicas-to-write 21474");
        }
        OperationState again = bus.operation(apply(Map.of(), 1L, false));
        assertThat(again.reason()).startsWith("nothing to change");
    }

    /** Its host has the watchman: the fence does not outlive what built it. */
    @Test
    @Execution(CONCURRENT)
    void aScriptThatIsKilledWhileWritesAreFencedLeavesNoFence() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        try (Writer writer = new Writer(this)) {
            writer.awaitMore(50);
            OperationId running = bus.accepted(new Request.SwitchOver(null));
            Await.until(
                    "fenced writes",
                    Duration.ofSeconds(20),
                    () -> setting(1, "min-replicas-to-write").startsWith("21474"));
            scripts().forEach(ProcessHandle::destroyForcibly);
            assertThat(bus.ended(running).status()).isIn(Status.FAILED, Status.SUCCEEDED);
            Await.until(
                    "writes that are taken again",
                    Duration.ofSeconds(40),
                    () -> setting(1, "min-replicas-to-write").equals("1"));
            writer.awaitMore(50);
            assertThat(writer.lost()).isEmpty();
        }
    }

    /** What runs as {@code sh} on a host of this test and was given the words of a switch. */
    private List<ProcessHandle> scripts() {
        List<ProcessHandle> found = Stream.of(1, 2, 3)
                .flatMap(number -> ProcessHandle.of(trio.host(number).pid()).stream())
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info().commandLine().orElse("").contains(" orders any 0 "))
                .filter(process -> process.parent()
                        .flatMap(parent -> parent.info().command())
                        .orElse("")
                        .endsWith("sshd"))
                .toList();
        assertThat(found).isNotEmpty();
        return found;
    }

    private Path configuration(int node) {
        return trio.host(node).home().resolve("orders/redis-server/redis.conf");
    }

    /** Its Sentinel's flags of the master. */
    private String flags(int node) {
        try (RedisCall call = call(node, trio.sentinelPort(node), Purpose.ADMIN)) {
            List<?> said = (List<?>) call.call("SENTINEL", "MASTER", "orders");
            return String.valueOf(said.get(said.indexOf("flags") + 1));
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
