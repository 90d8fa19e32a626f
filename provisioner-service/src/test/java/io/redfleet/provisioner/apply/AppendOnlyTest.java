package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script that turns the append-only file on and off, against a real Redis. */
@Timeout(60)
class AppendOnlyTest {

    @Test
    void aFileThatIsNotWholeInTimeIsNotSaidAndIsTurnedOffAgain() throws Exception {
        // Ten keys, a minute each.
        try (RedisNode redis = RedisNode.start("rdb-key-save-delay 60000000")) {
            filled(redis);
            assertThat(exit(redis, "on", 1)).isEqualTo(1);
            assertThat(Files.readString(redis.configFile())).doesNotContain("appendonly yes");
            assertThat(redis.say("CONFIG", "GET", "appendonly")).isEqualTo("appendonly no");
        }
    }

    @Test
    void aWholeFileIsSaidAndHoldsWhatWasThereAfterAKill() throws Exception {
        try (RedisNode redis = RedisNode.start()) {
            filled(redis);
            assertThat(exit(redis, "on", 20)).isZero();
            assertThat(Files.readString(redis.configFile())).contains("appendonly yes");
            redis.kill9();
            redis.restart();
            Await.until("ten keys", Duration.ofSeconds(10), () -> holds(redis, "10"));
        }
    }

    /** It may still be loading. */
    private static boolean holds(RedisNode redis, String keys) {
        try {
            return redis.say("DBSIZE").equals(keys);
        } catch (UncheckedIOException loading) {
            return false;
        }
    }

    @Test
    void turnedOffTheNextStartLoadsWhatWasThere() throws Exception {
        try (RedisNode redis = RedisNode.start("appendonly yes", "save \"\"")) {
            filled(redis);
            assertThat(exit(redis, "off", 20)).isZero();
            assertThat(Files.readString(redis.configFile())).contains("appendonly no");
            redis.kill9();
            redis.restart();
            Await.until("ten keys", Duration.ofSeconds(10), () -> holds(redis, "10"));
        }
    }

    @Test
    void withoutASnapshotInTimeTheAppendOnlyFileStays() throws Exception {
        try (RedisNode redis = RedisNode.start("appendonly yes", "save \"\"", "rdb-key-save-delay 60000000")) {
            filled(redis);
            assertThat(exit(redis, "off", 3)).isEqualTo(1);
            assertThat(redis.say("CONFIG", "GET", "appendonly")).isEqualTo("appendonly yes");
            redis.kill9();
            redis.restart();
            Await.until("ten keys", Duration.ofSeconds(10), () -> holds(redis, "10"));
        }
    }

    private static void filled(RedisNode redis) {
        for (int i = 0; i < 10; i++) {
            redis.say("SET", "key" + i, "value");
        }
    }

    private static int exit(RedisNode redis, String wanted, int seconds) throws Exception {
        Path base = Objects.requireNonNull(redis.configFile().getParent());
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            return exit(
                    List.of(base.toString(), "lease-1", "0", redis.host(), "" + redis.port(), wanted, "" + seconds));
        }
    }

    private static int exit(List<String> arguments) throws Exception {
        Script script = Scripts.of(Hands.class, "appendonly", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return shell.exitValue();
    }
}
