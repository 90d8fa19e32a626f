package io.redfleet.provisioner.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** facts.sh with a real shell, of this machine and of a real Redis. */
@Timeout(60)
class FactsScriptTest {
    private static final InstanceId SERVER = new InstanceId("r1/redis-server");

    @TempDir
    Path base;

    private String named = "redis-server";

    @Test
    void theMachineIsAsTheKernelSays() throws Exception {
        HostFacts facts = heard(all -> true);
        MachineFacts machine = facts.machine();

        assertThat(machine.processors())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(machine.idleMillis()).isPositive();
        assertThat(machine.userMillis() + machine.systemMillis() + machine.waitMillis() + machine.idleMillis())
                .isPositive()
                .isLessThanOrEqualTo(machine.allMillis());
        assertThat(facts.memoryAvailableBytes()).isPositive().isLessThan(facts.memoryTotalBytes());
        assertThat(machine.swapFreeBytes()).isNotNegative().isLessThanOrEqualTo(machine.swapTotalBytes());
        assertThat(facts.diskTotalBytes())
                .as("df counts what is kept for root neither as used nor as available")
                .isEqualTo(Files.getFileStore(base).getTotalSpace());
        assertThat(machine.diskUsedBytes() + facts.diskAvailableBytes()).isLessThanOrEqualTo(facts.diskTotalBytes());
        assertThat(machine.inodesFree()).isNotNegative().isLessThanOrEqualTo(machine.inodesTotal());
        assertThat(facts.processes().get(SERVER)).isEqualTo(ProcessFacts.ABSENT);
    }

    @Test
    void aRedisThatSavesHasAChild() throws Exception {
        Path data = Files.createDirectories(base.resolve("orders/redis-server/data"));
        try (RedisNode redis = RedisNode.start(
                "dir " + data,
                "rdb-key-save-delay 100000",
                "pidfile " + base.resolve("orders/redis-server/redis.pid"))) {
            Files.writeString(base.resolve("orders/redis-server/redis.pid"), redis.pid() + "\n");
            ProcessFacts calm = server(heard(all -> server(all).present()));
            assertThat(calm.pid()).isEqualTo(redis.pid());
            assertThat(calm.threads()).isPositive();
            assertThat(calm.children()).isZero();

            redis.say("EVAL", "for i = 1, 300 do redis.call('SET', 'k' .. i, i) end", "0");
            redis.say("BGSAVE");
            ProcessFacts saving = server(heard(all -> server(all).children() > 0));
            assertThat(saving.children()).isEqualTo(1);
            assertThat(saving.childrenResidentBytes()).isPositive();
            // Ends the child, which would outlive its parent.
            redis.say("FLUSHALL");
        }
    }

    @Test
    void oneThatSeveralClustersShareIsLookedForInItsOwnHome() throws Exception {
        Path home = base.resolve("group.ring/redis-server");
        Path data = Files.createDirectories(home.resolve("data"));
        try (RedisNode redis = RedisNode.start("dir " + data)) {
            Files.writeString(home.resolve("redis.pid"), redis.pid() + "\n");
            assertThat(server(heard(all -> true))).isEqualTo(ProcessFacts.ABSENT);
            named = "group.ring/redis-server";
            assertThat(server(heard(all -> server(all).present())).pid()).isEqualTo(redis.pid());
        }
    }

    private static ProcessFacts server(HostFacts facts) {
        return facts.processes().getOrDefault(SERVER, ProcessFacts.ABSENT);
    }

    /** The first line of a run that is as wanted; there is a run for each line, so that nothing has to be ended. */
    private HostFacts heard(Predicate<HostFacts> wanted) throws IOException {
        Files.createDirectories(base.resolve("orders"));
        return Await.value("facts", Duration.ofSeconds(20), () -> line().filter(wanted));
    }

    private Optional<HostFacts> line() {
        try {
            String text = Scripts.of(FollowedHost.class, "facts", Duration.ofDays(1), List.of())
                    .text();
            Process shell = new ProcessBuilder("sh", "-c", text, "facts", "60", base.toString(), "orders", named)
                    .redirectErrorStream(true)
                    .start();
            try (var out = shell.inputReader(StandardCharsets.UTF_8)) {
                return FactLine.read(new ClusterName("orders"), new HostName("r1"), out.readLine(), Instant.now());
            } finally {
                shell.descendants().forEach(ProcessHandle::destroy);
                shell.destroy();
                shell.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
