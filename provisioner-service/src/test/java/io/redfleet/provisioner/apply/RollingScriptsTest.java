package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is waited for between two restarts, of real instances, and what is changed in the file of one that is down. */
@Timeout(120)
class RollingScriptsTest {
    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 1, Duration.ofSeconds(2), Duration.ofSeconds(10));

    @TempDir
    Path base;

    /** What a script finds before the machine's own. */
    @TempDir
    Path programs;

    private LeaseProcess lease;

    @BeforeEach
    void aLeaseThatOutlivesTheTest() throws IOException {
        lease = LeaseProcess.start(base, "lease-1", 120);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void noLease() throws IOException {
        lease.close();
    }

    @Test
    void aReplicaIsLevelOnceItHasWhatItsMasterHad() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master)) {
            assertThat(awaited("level", replica.host(), replica.port(), 30))
                    .startsWith("0 ")
                    .contains("master_link_status:up", "its master had:");
            assertThat(awaited("idle", replica.host(), replica.port(), 30)).startsWith("0 ");
        }
    }

    @Test
    void aMasterIsIdleAndIsNotWaitedForAsAReplica() throws Exception {
        try (RedisNode master = RedisNode.start()) {
            assertThat(awaited("idle", master.host(), master.port(), 30)).startsWith("0 ");
            assertThat(awaited("level", master.host(), master.port(), 30)).isEqualTo("1 it is a master by now");
            assertThat(awaited("replica", master.host(), master.port(), 1)).startsWith("1 not replica within 1 s");
        }
    }

    @Test
    void whoseMasterIsGoneIsNotLevel() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master)) {
            assertThat(awaited("level", replica.host(), replica.port(), 30)).startsWith("0 ");
            master.kill9();
            Await.until(
                    "a link that is down",
                    Duration.ofSeconds(20),
                    () -> unlevel(replica).contains("master_link_status:down"));
            assertThat(awaited("replica", replica.host(), replica.port(), 30))
                    .as("a replica it is all the same")
                    .startsWith("0 ");
            assertThat(awaited("linked", replica.host(), replica.port(), 1)).startsWith("1 not linked within 1 s");
        }
    }

    @Test
    void aSentinelIsSettledOnlyWhereNobodyIsDown() throws Exception {
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master);
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            assertThat(awaited("settled", sentinel.host(), sentinel.port(), 40))
                    .startsWith("0 ")
                    .contains("says master of the master and finds 1 replicas sound");
            replica.kill9();
            Await.until(
                    "a Sentinel that finds the replica down",
                    Duration.ofSeconds(20),
                    () -> unsettled(sentinel).contains("finds 0 replicas sound"));
        }
    }

    /** Where it is asked for in parts; in one it is waited for to the end. */
    @Test
    void aReplicaThatHasBecomeTheMasterIsWaitedForNoLonger() throws Exception {
        try (RedisNode master = RedisNode.start()) {
            List<String> linked = List.of("linked", master.host(), "" + master.port(), "60", "orders", "1", "1");
            List<String> parts = new ArrayList<>(linked);
            parts.addAll(List.of("0", "15"));
            assertThat(said("await", parts)).startsWith("0 last=role:master").endsWith("overtaken");
            assertThat(awaited("linked", master.host(), master.port(), 1)).startsWith("1 not linked within 1 s");
            assertThat(awaited("rejoined", master.host(), master.port(), 1)).startsWith("1 not rejoined within 1 s");
        }
        try (RedisNode master = RedisNode.start();
                RedisNode replica = RedisNode.replicaOf(master)) {
            assertThat(awaited("rejoined", replica.host(), replica.port(), 30)).startsWith("0 ");
        }
    }

    @Test
    void whatIsWaitedForInPartsSaysSoUntilAllOfItIsOver() throws Exception {
        String host;
        int port;
        try (RedisNode node = RedisNode.start()) {
            host = node.host();
            port = node.port();
            assertThat(parted("ready", host, port, 60, 30)).startsWith("0 ").endsWith("\nchanged");
        }
        assertThat(parted("ready", host, port, 60, 0)).startsWith("0 last=").endsWith("\nwaiting");
        assertThat(parted("ready", host, port, 60, 60)).startsWith("1 not ready within 60 s");
    }

    @Test
    void aSentinelFindsAMasterWellOnlyWhileThatLives() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            assertThat(awaited("well", sentinel.host(), sentinel.port(), 30))
                    .startsWith("0 ")
                    .contains("last=says master of the master");
            master.kill9();
            Await.until(
                    "a Sentinel that finds it down",
                    Duration.ofSeconds(20),
                    () -> awaited("well", sentinel.host(), sentinel.port(), 1)
                            .matches("1 not well within 1 s; last: says .*o_down.* of the master"));
        }
    }

    @Test
    void onlyTheLinesThatAreGivenAreChanged() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Path file = instance.resolve("redis.conf");
        String rewritten = "bind 10.0.0.11\nDatabases 16\n# databases 3\nsave 60 1\n\nreplicaof 10.0.0.12 6379\n";
        Files.writeString(file, rewritten);
        List<String> wanted = List.of("databases", "databases 32", "tcp-backlog", "tcp-backlog 600");

        assertThat(configured(instance, wanted)).isEqualTo("0 changed");
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "bind 10.0.0.11",
                        "# databases 3",
                        "save 60 1",
                        "",
                        "replicaof 10.0.0.12 6379",
                        "databases 32",
                        "tcp-backlog 600");
        assertThat(configured(instance, wanted)).isEqualTo("0 unchanged");
    }

    @Test
    void theFileOfOneThatRunsIsItsOwn() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Files.createDirectories(instance.resolve("data"));
        Files.writeString(instance.resolve("redis.conf"), "databases 16\n");
        try (RedisNode node =
                RedisNode.start("dir " + instance.resolve("data"), "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(node.alive()).isTrue();
            assertThat(configured(instance, List.of("databases", "databases 32")))
                    .startsWith("1 ")
                    .contains("its configuration is its own");
        }
        assertThat(Files.readString(instance.resolve("redis.conf"))).isEqualTo("databases 16\n");
    }

    /** A second time of the same version, and a run that was cut off between two of its files, come to the same. */
    @Test
    void whatAReplicaHasStoredIsPutBesideItsData() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Path data = Files.createDirectories(instance.resolve("data/appendonlydir"));
        Path aside = instance.resolve("aside/8.0.2");
        Files.writeString(instance.resolve("redis.conf"), "port 6379\nreplicaof 10.0.0.12 6379\n");
        Files.writeString(instance.resolve("data/dump.rdb"), "later");
        Files.writeString(data.resolve("appendonly.aof.manifest"), "later");
        assertThat(said("aside", List.of(instance.toString(), "8.0.2"))).isEqualTo("0 changed");
        assertThat(instance.resolve("data")).isEmptyDirectory();
        assertThat(aside.resolve("dump.rdb")).hasContent("later");
        assertThat(aside.resolve("appendonlydir/appendonly.aof.manifest")).hasContent("later");
        assertThat(said("aside", List.of(instance.toString(), "8.0.2"))).isEqualTo("0 unchanged");

        Files.createDirectories(data);
        Files.writeString(data.resolve("appendonly.aof.1.base.rdb"), "once more");
        assertThat(said("aside", List.of(instance.toString(), "8.0.2"))).isEqualTo("0 changed");
        assertThat(aside.resolve("appendonlydir")).isDirectoryNotContaining("glob:**.manifest");
        assertThat(aside.resolve("appendonlydir/appendonly.aof.1.base.rdb")).hasContent("once more");
        assertThat(aside.resolve("dump.rdb")).hasContent("later");
    }

    /** Before it is stopped: it may run then, and all stays as it is. */
    @Test
    void whetherItCanBePutAsideIsSeenWithoutChangingAnything() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Path data = Files.createDirectories(instance.resolve("data"));
        Files.writeString(instance.resolve("redis.conf"), "port 6379\nreplicaof 10.0.0.12 6379\n");
        Files.writeString(data.resolve("before.rdb"), "later");
        try (RedisNode node = RedisNode.start("dir " + data, "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(node.alive()).isTrue();
            assertThat(said("aside", List.of(instance.toString(), "8.0.2", "try")))
                    .isEqualTo("0 unchanged");
            assertThat(said("aside", List.of(instance.toString(), "8.0.2"))).contains("its data is its own");
        }
        assertThat(instance.resolve("aside")).doesNotExist();
        assertThat(data.resolve("before.rdb")).hasContent("later");
    }

    @Test
    void whatLiesOnAnotherFileSystemIsRefusedBeforeItIsStopped() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(base)),
                "/dev/shm is another file system that can be written");
        Path elsewhere = Files.createTempDirectory(memory, "redfleet");
        Path stored = elsewhere.resolve("dump.rdb");
        try {
            Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
            Files.createSymbolicLink(instance.resolve("data"), elsewhere);
            Files.writeString(instance.resolve("redis.conf"), "replicaof 10.0.0.12 6379\n");
            Files.writeString(stored, "later");
            for (List<String> words : List.of(List.of("8.0.2", "try"), List.of("8.0.2"))) {
                List<String> arguments = new ArrayList<>(List.of(instance.toString()));
                arguments.addAll(words);
                assertThat(said("aside", arguments))
                        .startsWith("1 ")
                        .contains("data is on another file system than " + instance);
            }
            assertThat(stored).hasContent("later");
            assertThat(instance.resolve("aside")).doesNotExist();
        } finally {
            Files.deleteIfExists(stored);
            Files.delete(elsewhere);
        }
    }

    /** Programs that say so stand for a disk that is full. */
    @Test
    void whereTheDataWouldNotComeAnewBesideTheOldThatIsRefusedBeforeItIsStopped() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Path data = Files.createDirectories(instance.resolve("data"));
        Files.writeString(instance.resolve("redis.conf"), "replicaof 10.0.0.12 6379\n");
        Files.writeString(data.resolve("dump.rdb"), "later");
        List<String> tried = List.of(instance.toString(), "8.0.2", "try");
        program("df", "echo Filesystem; echo /dev/x 1000 990 10 99% /srv");
        program("du", "echo 11 \"$2\"");
        assertThat(said("aside", tried))
                .startsWith("1 " + data + " holds 11 KiB, which would stay beside it, and 10 KiB are free")
                .contains("its data stays");
        program("du", "echo 10 \"$2\"");
        assertThat(said("aside", tried)).isEqualTo("0 unchanged");
        program("du", "exit 1");
        assertThat(said("aside", tried)).as("nobody knows").isEqualTo("0 unchanged");
        assertThat(data.resolve("dump.rdb")).hasContent("later");
    }

    @Test
    void whatNobodyWouldSendAgainStays() throws Exception {
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Files.createDirectories(instance.resolve("data"));
        Files.writeString(instance.resolve("data/dump.rdb"), "all there is");
        Files.writeString(instance.resolve("redis.conf"), "port 6379\n# replicaof 10.0.0.12 6379\n");
        assertThat(said("aside", List.of(instance.toString(), "8.0.2")))
                .startsWith("1 ")
                .contains("redis.conf names no master");
        Files.writeString(instance.resolve("redis.conf"), "replicaof 10.0.0.12 6379\n");
        for (String version : List.of("", "..", "8.0/../..", "8.0.2 x")) {
            assertThat(said("aside", List.of(instance.toString(), version)))
                    .as(version)
                    .startsWith("1 '" + version + "' is no version");
        }
        assertThat(instance.resolve("data/dump.rdb")).hasContent("all there is");
        assertThat(instance.resolve("aside")).doesNotExist();
    }

    private void program(String name, String text) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String unlevel(RedisNode replica) {
        return said("await", List.of("level", replica.host(), "" + replica.port(), "1", "orders", "1", "1"));
    }

    private String unsettled(SentinelNode sentinel) {
        return said("await", List.of("settled", sentinel.host(), "" + sentinel.port(), "1", "orders", "1", "1"));
    }

    private String awaited(String kind, String host, int port, int seconds) {
        return said("await", List.of(kind, host, "" + port, "" + seconds, "orders", "1", "1"));
    }

    /** One second of it. */
    private String parted(String kind, String host, int port, int seconds, int before) {
        return said("await", List.of(kind, host, "" + port, "" + seconds, "orders", "1", "1", "" + before, "1"));
    }

    private String configured(Path instance, List<String> lines) {
        List<String> arguments = new ArrayList<>(List.of(instance.toString()));
        arguments.addAll(lines);
        return said("configure", arguments);
    }

    /** The exit status, and what was said. */
    private String said(String name, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
        all.addAll(arguments);
        Script script = Scripts.of(Hands.class, name, Duration.ofSeconds(60), all);
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().merge("PATH", "", (path, none) -> programs + ":" + path);
            Process shell = builder.start();
            shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().close();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return shell.exitValue() + " " + said.strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
