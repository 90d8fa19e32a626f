package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script that gives an instance commands, against a real Sentinel. */
@Timeout(60)
class TellTest {
    private static final List<String> FORGET = List.of("3", "SENTINEL", "REMOVE", "orders");

    /** An owner that is stopped after the command and before its answer is succeeded by one that says it again. */
    @Test
    void whatIsForgottenAlreadyIsForgotten() throws Exception {
        var watch = new SentinelNode.Watch("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, watch)) {
            assertThat(told(sentinel, FORGET)).isEqualTo("0 changed");
            assertThat(told(sentinel, FORGET)).isEqualTo("0 unchanged");
            assertThat(sentinel.masterPort()).isEmpty();
        }
    }

    @Test
    void aSentinelWritesWhatItKnowsOverWhatSomebodyHasWritten() throws Exception {
        var watch = new SentinelNode.Watch("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, watch)) {
            Path file = sentinel.configFile();
            String monitor = "sentinel monitor orders " + master.host() + " " + master.port();
            String downAfter = "sentinel down-after-milliseconds orders ";
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace(monitor + " 1\n", monitor + " 7\n")
                            .replace(downAfter + "5000\n", downAfter + "9\n"));
            assertThat(told(sentinel, List.of("2", "SENTINEL", "FLUSHCONFIG"))).isEqualTo("0 changed");
            assertThat(Files.readString(file)).contains(monitor + " 1\n", downAfter + "5000\n");
        }
    }

    @Test
    void anyOtherRefusalIsOne() throws Exception {
        var watch = new SentinelNode.Watch("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, watch)) {
            assertThat(told(sentinel, List.of("5", "SENTINEL", "SET", "another", "quorum", "2")))
                    .startsWith("1 ")
                    .contains("No such master");
            assertThat(told(sentinel, List.of("5", "SENTINEL", "SET", "orders", "quorum", "no")))
                    .startsWith("1 ");
        }
    }

    /** The exit status, and what was said. */
    private static String told(SentinelNode sentinel, List<String> command) throws Exception {
        Path base = Objects.requireNonNull(sentinel.directory());
        List<String> words = new ArrayList<>(List.of(sentinel.host(), String.valueOf(sentinel.port())));
        words.addAll(command);
        return LeasedShell.said(base, "tell", Duration.ofSeconds(30), words);
    }
}
