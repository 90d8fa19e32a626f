package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** stop.sh with a real shell, of a real Redis. */
@Timeout(120)
class StopScriptTest {
    private static final String REFUSAL = "Writing initial AOF";

    @TempDir
    Path base;

    @Test
    void aReplicaThatWritesItsFirstAppendOnlyFileRefusesOnceAndEndsAllTheSame() throws Exception {
        try (RedisNode master = RedisNode.start()) {
            master.say("EVAL", "for i = 1, 400 do redis.call('SET', 'k' .. i, i) end", "0");
            Path instance = instance();
            // Its child writes for about four seconds.
            try (RedisNode replica = RedisNode.replicaOf(
                    master,
                    "dir " + instance.resolve("data"),
                    "appendonly yes",
                    "rdb-key-save-delay 10000",
                    "pidfile " + instance.resolve("redis.pid"))) {
                Await.until(
                        "its first append-only file",
                        Duration.ofSeconds(30),
                        () -> replica.log().contains("Background append only file rewriting started"));

                assertThat(stopped(instance)).isEqualTo("0 pid=" + replica.pid() + "\nchanged");

                assertThat(replica.log()).contains(REFUSAL);
                Await.until("its end", Duration.ofSeconds(5), () -> !replica.alive());
                assertThat(Files.exists(instance.resolve("data/appendonlydir/appendonly.aof.manifest")))
                        .as("it was let write what it had begun")
                        .isTrue();
            }
        }
    }

    @Test
    void whoSavesNothingEndsAtOnceAndIsNotToldTwice() throws Exception {
        Path instance = instance();
        try (RedisNode redis =
                RedisNode.start("dir " + instance.resolve("data"), "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(stopped(instance)).isEqualTo("0 pid=" + redis.pid() + "\nchanged");
            assertThat(redis.log().lines())
                    .filteredOn(line -> line.contains("Received SIGTERM"))
                    .hasSize(1);
        }
        assertThat(stopped(instance)).as("safe to run twice").isEqualTo("0 pid=0\nunchanged");
    }

    private Path instance() throws IOException {
        Path instance = base.resolve("orders/redis-server");
        Files.createDirectories(instance.resolve("data"));
        return instance;
    }

    /** The exit status, and what was said. */
    private String stopped(Path instance) throws Exception {
        return LeasedShell.said(
                base, "stop", Duration.ofSeconds(40), List.of(instance.toString(), "mark", "30", "term"));
    }
}
