package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script by which an instance logs in elsewhere with another password, against a real Redis and a real Sentinel. */
@Timeout(120)
class HandoverScriptTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 1, Duration.ofSeconds(30), Duration.ofSeconds(60));

    @TempDir
    Path base;

    @Test
    void aReplicaLogsInByItNowAndAfterItsNextStart() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master, "masteruser replication", "masterauth before")) {
            master.say("ACL", "SETUSER", "replication", "on", ">before", ">after", "+psync", "+replconf", "+ping");
            assertThat(run(replica.port(), "masterauth", "after")).isEqualTo("0 changed");
            assertThat(run(replica.port(), "masterauth", "after"))
                    .as("safe to run twice")
                    .isEqualTo("0 unchanged");
            master.say("ACL", "SETUSER", "replication", "<before");
            replica.kill9();
            replica.restart();
            Await.until(
                    "a link by the new password",
                    SOON,
                    () -> "up".equals(replica.info("replication").get("master_link_status")));
        }
    }

    /** Whoever was cut off after the first word and before the second has left the file as it was. */
    @Test
    void whatIsInMemoryAloneIsWrittenToo() throws Exception {
        try (RedisNode redis = RedisNode.start()) {
            redis.say("CONFIG", "SET", "masterauth", "after");
            assertThat(Files.readString(redis.configFile())).doesNotContain("masterauth");
            assertThat(run(redis.port(), "masterauth", "after")).isEqualTo("0 unchanged");
            assertThat(Files.readString(redis.configFile()))
                    .contains("masterauth")
                    .contains("after");
        }
    }

    /** What the next start would load is not there yet, so no file may name it. */
    @Test
    void nothingIsWrittenWhileTheAppendOnlyFileIsNotWhole() throws Exception {
        // One key, a minute.
        try (RedisNode redis = RedisNode.start("rdb-key-save-delay 60000000")) {
            redis.say("SET", "k", "v");
            redis.say("CONFIG", "SET", "appendonly", "yes");
            assertThat(run(redis.port(), "masterauth", "after"))
                    .startsWith("1 its append-only file is not whole (aof_enabled:1 ")
                    .endsWith("try again once it is whole");
            assertThat(redis.say("CONFIG", "GET", "masterauth")).doesNotContain("after");
            assertThat(Files.readString(redis.configFile())).doesNotContain("appendonly yes");
            redis.say("CONFIG", "SET", "appendonly", "no");
            assertThat(run(redis.port(), "masterauth", "after")).isEqualTo("0 changed");
        }
    }

    /** A file that names it already says no more by being written anew. */
    @Test
    void aRewriteOfAFileThatIsNamedAlreadyIsWaitedForByNobody() throws Exception {
        try (RedisNode redis = RedisNode.start("appendonly yes", "rdb-key-save-delay 60000000")) {
            Files.createSymbolicLink(base.resolve("redis.conf"), redis.configFile());
            redis.say("SET", "k", "v");
            redis.say("BGREWRITEAOF");
            assertThat(run(redis.port(), "masterauth", "after")).isEqualTo("0 changed");
        }
    }

    @Test
    void aSentinelAsksDataNodesAndSentinelsByItAndKnowsEverybodyStill() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master);
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            Await.until("the replica", SOON, () -> sentinel.knows(1, 0));
            // The script knows the file by the name that it has on hosts.
            Files.createSymbolicLink(base.resolve("sentinel.conf"), sentinel.configFile());
            for (RedisNode node : List.of(master, replica)) {
                node.say("ACL", "SETUSER", "default", ">after", "+@all", "~*", "&*");
            }
            assertThat(run(sentinel.port(), "auth-pass", "after")).isEqualTo("0 changed");
            assertThat(run(sentinel.port(), "auth-pass", "after")).isEqualTo("0 unchanged");
            assertThat(run(sentinel.port(), "sentinel-pass", "another")).isEqualTo("0 changed");
            assertThat(run(sentinel.port(), "sentinel-pass", "another")).isEqualTo("0 unchanged");
            assertThat(Files.readAllLines(sentinel.configFile()))
                    .contains("sentinel auth-pass orders after", "sentinel sentinel-pass another");
            Await.until(
                    "the master, reached by the new password",
                    SOON,
                    () -> sentinel.ask("SENTINEL", "MASTER", "orders")
                            .orElse("")
                            .contains(" flags master link-pending-commands "));
            assertThat(sentinel.knows(1, 0)).isTrue();
        }
    }

    @Test
    void aRefusalIsSaidWithoutThePassword() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            Files.createSymbolicLink(base.resolve("sentinel.conf"), sentinel.configFile());
            assertThat(run(sentinel.port(), "auth-pass", "s3cret", "nobody"))
                    .startsWith("1 SENTINEL SET nobody auth-pass answered: ")
                    .contains("No such master")
                    .doesNotContain("s3cret");
            assertThat(run(master.port(), "requirepass", "s3cret")).isEqualTo("1 no such setting: requirepass");
            assertThat(run(master.port(), "masterauth", "")).isEqualTo("1 no password came");
        }
    }

    private String run(int port, String setting, String password) throws Exception {
        return run(port, setting, password, "orders");
    }

    /** The exit status, and what was said; the password comes before the script, as on a host. */
    private String run(int port, String setting, String password, String master) throws Exception {
        try (LeaseProcess lease = LeasedShell.lease(base)) {
            assertThat(lease.alive()).isTrue();
            List<String> words = List.of("127.0.0.1", "" + port, setting, base.toString(), master);
            Script plain = LeasedShell.script(base, "handover", SOON, words);
            String before = password.isEmpty() ? "" : "content='" + password + "'\n";
            Script script = new Script(plain.name(), before + plain.text(), plain.arguments(), plain.deadline());
            Process shell = LeasedShell.begun(script);
            assertThat(shell.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return shell.exitValue() + " " + said.strip();
        }
    }
}
