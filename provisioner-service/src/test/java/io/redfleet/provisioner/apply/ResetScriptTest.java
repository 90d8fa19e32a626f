package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** The script that lets a Sentinel forget who left, against a real one. */
@Timeout(120)
class ResetScriptTest {
    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(10));

    @Test
    @Execution(CONCURRENT)
    void whoIsGoneIsForgottenAndAllOthersAreFoundAgain() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode stays = RedisNode.replicaOf(master);
                RedisNode leaves = RedisNode.replicaOf(master);
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            Await.until("both replicas", Duration.ofSeconds(30), () -> sentinel.knows(2, 0));
            String gone = endpoint(leaves.host(), leaves.port());
            leaves.kill9();

            assertThat(reset(sentinel, "orders", 40, 1, gone)).isEqualTo("0 found=1 replicas, 1 Sentinels\nchanged");

            assertThat(sentinel.knows(2, 0)).isFalse();
            assertThat(sentinel.knows(1, 0)).isTrue();
            assertThat(stays.alive()).isTrue();
            assertThat(reset(sentinel, "orders", 40, 1, gone))
                    .as("safe to run twice")
                    .isEqualTo("0 unchanged");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whoRunsStillComesBackAndIsNamed() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode runs = RedisNode.replicaOf(master);
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            Await.until("the replica", Duration.ofSeconds(30), () -> sentinel.knows(1, 0));
            String gone = endpoint(runs.host(), runs.port());
            assertThat(reset(sentinel, "orders", 14, 1, gone))
                    .startsWith("1 ")
                    .contains("or somebody who left still runs");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void asLongAsSomebodyIsMissingNobodyIsForgotten() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master);
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            Await.until("the replica", Duration.ofSeconds(30), () -> sentinel.knows(1, 0));
            String gone = endpoint(replica.host(), replica.port());
            // More replicas than there are: as while one is not found yet.
            assertThat(reset(sentinel, "orders", 3, 2, gone))
                    .startsWith("1 ")
                    .contains("is not quiet for 2 s, within 3 s")
                    .contains("master/0/1");
            assertThat(sentinel.knows(1, 0)).isTrue();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aPatternIsNoName() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            for (String pattern : List.of("or*", "order?", "orders[a]", "orders\\")) {
                assertThat(reset(sentinel, pattern, 10, 0, "10.0.0.9:6379"))
                        .isEqualTo("1 " + pattern + " is a pattern to RESET, not a name");
            }
            assertThat(reset(sentinel, "another", 10, 0, "10.0.0.9:6379"))
                    .startsWith("1 ")
                    .contains("No such master");
        }
    }

    private static String endpoint(String host, int port) {
        return host + ":" + port;
    }

    /** The exit status, and what was said. */
    private static String reset(SentinelNode sentinel, String name, int seconds, int replicas, String gone)
            throws Exception {
        Path base = Objects.requireNonNull(sentinel.directory());
        List<String> words =
                List.of(sentinel.host(), "" + sentinel.port(), "" + seconds, "2", name, "" + replicas, "1", "0", gone);
        return LeasedShell.said(base, "reset", Duration.ofSeconds(60), words);
    }
}
