package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ResourceAccessMode.READ;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisProcess;
import io.redfleet.testkit.SentinelNode;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the start guard decides, with a real shell, of what real Sentinels say, and of what none would. */
@Timeout(120)
class GuardTest {
    /** Two seconds, and the processes that the machine has to make for them. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Those that have to be answered within moments run alone, so that the others take none of them. */
    private static final String MOMENTS = "the moments that a guard has";

    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 2, Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final String MASTER = "port 1\nappendonly yes\n";

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Path instance;
    private RedisNode leader;

    @BeforeEach
    void aMasterAndADirectory() throws IOException {
        instance = Files.createDirectories(directory.resolve("orders/redis-server"));
        Files.createDirectories(instance.resolve("data"));
        leader = opened(RedisNode.start());
        conf(MASTER);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @ParameterizedTest
    @ResourceLock(MOMENTS)
    @CsvSource(delimiter = '|', textBlock = """
            port 1                                       | port 1;replicaof LEADER
            port 1;replicaof 10.0.0.9 6379;maxclients 99 | port 1;maxclients 99;replicaof LEADER
            port 1;  SlaveOf 10.0.0.9 6379               | port 1;replicaof LEADER
            port 1;replicaof LEADER                      | port 1;replicaof LEADER
            """)
    void whereAnotherIsNamedItStartsAsItsReplicaWhateverItHolds(String before, String after) throws Exception {
        String named = "127.0.0.1 " + leader.port();
        conf(before.replace("LEADER", named).replace(";", "\n") + "\n");
        Files.setPosixFilePermissions(instance.resolve("redis.conf"), PosixFilePermissions.fromString("rw-r-----"));
        GuardRun.End end = another(sentinels(leader, leader, leader)).run();
        assertThat(end.said()).contains("starts as a replica of " + named);
        assertThat(end.starts()).isTrue();
        assertThat(redisConf()).isEqualTo(after.replace("LEADER", named).replace(";", "\n") + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(instance.resolve("redis.conf"))))
                .isEqualTo("rw-r-----");
        assertThat(instance.resolve(".redis.conf.redfleet")).doesNotExist();
    }

    /** What is renamed over the link would be a second configuration, which its unit does not start by. */
    @Test
    @ResourceLock(MOMENTS)
    void ofOneThatWasTakenOverTheFileBehindTheLinkIsWritten() throws Exception {
        conf(MASTER);
        Path theirs = Files.createDirectories(instance.resolve("own"));
        Path own = theirs.resolve("my.conf");
        Files.move(instance.resolve("redis.conf"), own);
        Files.createSymbolicLink(instance.resolve("redis.conf"), own);
        Files.writeString(instance.resolve("adopted"), own + "\nredis-server.service\n");
        assertThat(another(sentinels(leader, leader, leader)).run().starts()).isTrue();
        assertThat(instance.resolve("redis.conf")).isSymbolicLink();
        assertThat(Files.readString(own)).endsWith("replicaof 127.0.0.1 " + leader.port() + "\n");
        try (var left = Files.list(theirs)) {
            assertThat(left).containsExactly(own);
        }
    }

    @Test
    @ResourceLock(MOMENTS)
    void theNamedMasterStartsWithItsDataAloneAndIsNobodysReplica() throws Exception {
        conf(MASTER + "replicaof 10.0.0.9 6379\n");
        GuardRun guard = itself(sentinels(leader, leader, leader));
        GuardRun.End empty = guard.run();
        assertThat(empty.starts()).isFalse();
        assertThat(empty.said()).contains("not started: ", "it would come up empty");
        assertThat(Files.readString(instance.resolve("guard.refused"))).contains("it would come up empty");
        assertThat(redisConf()).as("left as it was").contains("replicaof");
        data();
        assertThat(guard.run().starts()).isTrue();
        assertThat(redisConf()).isEqualTo(MASTER);
        assertThat(instance.resolve("guard.refused")).doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void aSnapshotIsNotEnoughWhileAReplicaMayHoldMoreAndALeftoverNever() throws Exception {
        List<RedisProcess> three = sentinels(leader, leader, leader);
        GuardRun guard = itself(three);
        data();
        conf("port 1\nsave 3600 1\n");
        assertThat(guard.run().starts()).as("no replica is known").isTrue();
        conf("port 1\nsave \"\"\n");
        assertThat(guard.run().said()).contains("persistence is off");
        opened(RedisNode.replicaOf(leader));
        seen(three.getFirst(), "replicas", "flags slave ");
        conf("port 1\nsave 3600 1\n");
        assertThat(guard.run().said()).contains("not started: ", "a replica may hold more");
        conf(MASTER);
        assertThat(guard.run().starts()).as("an append-only file holds all").isTrue();
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void aMasterThatIsBeingReplacedDoesNotRaceTheSentinels() throws Exception {
        RedisNode replica = opened(RedisNode.replicaOf(leader));
        // A quorum that they never have: they see it down, and nothing follows from that.
        SentinelNode.Watch watch = new SentinelNode.Watch("orders", 4, Duration.ofSeconds(1), Duration.ofMinutes(5));
        List<RedisProcess> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(opened(SentinelNode.start(leader, watch)));
        }
        for (RedisProcess sentinel : three) {
            seen(sentinel, "replicas", "flags slave ");
        }
        data();
        leader.kill9();
        seen(three.getFirst(), "master", "s_down");
        GuardRun guard = itself(three);
        assertThat(guard.run().said()).contains("not started: ", "can replace it");
        replica.kill9();
        for (RedisProcess sentinel : three) {
            seen(sentinel, "replicas", "s_down");
        }
        assertThat(guard.run().starts()).as("nobody can replace it").isTrue();
    }

    private static void seen(RedisProcess sentinel, String of, String flag) {
        Await.until(
                "a Sentinel says " + flag,
                Duration.ofSeconds(30),
                () -> sentinel.ask("SENTINEL", of, "orders")
                        .filter(said -> said.contains(flag))
                        .isPresent());
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void whereNobodyAnswersItStartsAsItsFileSaysIfItHoldsAnything() throws Exception {
        List<Endpoint> nobody = List.of(at(FreePort.choose()), at(FreePort.choose()), at(FreePort.choose()));
        GuardRun guard = new GuardRun(instance, at(leader.port()), "", nobody);
        GuardRun.End empty = guard.run();
        assertThat(empty.starts()).isFalse();
        assertThat(empty.said()).contains("no majority of 3 Sentinels names a master", "Could not connect");
        assertThat(empty.took()).as("asked again for a while").isBetween(Duration.ofSeconds(1), DEADLINE);
        data();
        assertThat(guard.run().starts()).isTrue();
        conf(MASTER + "replicaof 10.0.0.9 6379\n");
        assertThat(guard.run().starts()).isTrue();
        assertThat(redisConf()).isEqualTo(MASTER + "replicaof 10.0.0.9 6379\n");
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void aMinorityDecidesNothingButThatItIsNoSecondMaster() throws Exception {
        data();
        RedisProcess one = sentinels(leader).getFirst();
        List<Endpoint> minority = List.of(at(one.port()), at(FreePort.choose()), at(FreePort.choose()));
        GuardRun other = new GuardRun(instance, at(1), "", minority);
        assertThat(other.run().said()).contains("not started: ", "who answers names 127.0.0.1 " + leader.port());
        conf(MASTER + "replicaof 10.0.0.9 6379\n");
        assertThat(other.run().starts()).isTrue();
        assertThat(redisConf()).isEqualTo(MASTER + "replicaof 10.0.0.9 6379\n");
        conf(MASTER);
        assertThat(new GuardRun(instance, at(leader.port()), "", minority).run().starts())
                .isTrue();
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void sentinelsThatDisagreeAreNoMajority() throws Exception {
        RedisNode second = opened(RedisNode.start());
        RedisNode third = opened(RedisNode.start());
        List<RedisProcess> three = sentinels(leader, second, third);
        assertThat(itself(three).run().said()).contains("no majority of 3 Sentinels names a master");
        data();
        assertThat(itself(three).run().starts()).as("one of them names it").isTrue();
        assertThat(another(three).run().starts()).isFalse();
        assertThat(redisConf()).isEqualTo(MASTER);
    }

    @Test
    @ResourceLock(MOMENTS)
    void aHungSentinelHoldsNothingUp() throws Exception {
        List<RedisProcess> three = sentinels(leader, leader, leader);
        three.get(0).freeze();
        GuardRun.End two = another(three).run();
        assertThat(two.starts()).isTrue();
        assertThat(two.took()).isLessThan(DEADLINE);
        three.get(1).freeze();
        three.get(2).freeze();
        GuardRun.End none = itself(three).run();
        assertThat(none.starts()).isFalse();
        assertThat(none.said()).contains("no answer within 0.6 s");
        assertThat(none.took()).isLessThan(DEADLINE);
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    @ValueSource(
            strings = {
                "*2\r\n$23\r\n10.0.0.2 6379\nsave \"\" x\r\n$4\r\n6379\r\n",
                "*2\r\n$9\r\n$(reboot)\r\n$4\r\n6379\r\n",
                "*2\r\n$2\r\n-h\r\n$4\r\n6379\r\n",
                "*2\r\n$8\r\n10.0.0.2\r\n$5\r\n65536\r\n",
                "*2\r\n$8\r\n10.0.0.2\r\n$8\r\n6379\nx y\r\n",
                "*2\r\n$8\r\n10.0.0.2\r\n$1\r\n0\r\n",
                "*2\r\n$8\r\n10.0.0.2\r\n$6\r\n1:6379\r\n",
                "*1\r\n$8\r\n10.0.0.2\r\n",
                "+vote 10.0.0.2 6379\r\n",
                "-ERR No such master with that name\r\n",
                "*-1\r\n",
                "*2\r\n$1000000000\r\nx",
                "no RESP at all\r\n",
                "LONG"
            })
    void whatIsNoAddressIsNoAnswer(String answer) throws Exception {
        String bytes = answer.equals("LONG") ? "*2\r\n$400000\r\n" + "1".repeat(400_000) + "\r\n$1\r\n1\r\n" : answer;
        List<Endpoint> hostile = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hostile.add(at(saying(bytes)));
        }
        GuardRun.End empty = new GuardRun(instance, at(1), "", hostile).run();
        assertThat(empty.starts()).isFalse();
        assertThat(empty.said())
                .contains("no majority of 3 Sentinels names a master")
                .hasSizeLessThan(1_500);
        assertThat(empty.took()).isLessThan(DEADLINE);
        assertThat(redisConf()).isEqualTo(MASTER);
    }

    @Test
    @ResourceLock(MOMENTS)
    void itAsksAsItsUserByThePasswordInItsFile() throws Exception {
        List<RedisProcess> locked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            locked.add(opened(SentinelNode.start(
                    leader,
                    WATCH,
                    "user default off resetpass resetkeys resetchannels -@all",
                    "user probe on >right resetkeys &* -@all +ping +sentinel|get-master-addr-by-name")));
        }
        GuardRun guard = new GuardRun(instance, at(1), "probe", endpoints(locked));
        assertThat(guard.run().said()).contains("auth cannot be read", "NOAUTH");
        Files.writeString(guard.auth(), "wrong\n");
        GuardRun.End wrong = guard.run();
        assertThat(wrong.starts()).isFalse();
        assertThat(wrong.said()).contains("WRONGPASS");
        Files.writeString(guard.auth(), "right\n");
        assertThat(guard.run().starts()).isTrue();
    }

    @Test
    @ResourceLock(MOMENTS)
    void sentinelsThatSpeakTlsAreBelievedByTheirCaAlone() throws Exception {
        TestAuthority ours = TestAuthority.in(directory.resolve("ours"));
        TestAuthority.Signed host = ours.signed("host", "ip:127.0.0.1");
        List<Endpoint> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int port = FreePort.choose();
            opened(SentinelNode.start(
                    leader,
                    WATCH,
                    "tls-port " + port,
                    "tls-cert-file " + host.certificate(),
                    "tls-key-file " + host.key(),
                    "tls-ca-cert-file " + ours.certificate(),
                    "tls-auth-clients no"));
            three.add(at(port));
        }
        GuardRun.End right = new GuardRun(instance, at(1), "", "" + ours.certificate(), three).run();
        assertThat(right.said()).contains("starts as a replica of 127.0.0.1 " + leader.port());
        assertThat(right.starts()).isTrue();

        Path theirs = TestAuthority.in(directory.resolve("theirs")).certificate();
        GuardRun.End wrong = new GuardRun(instance, at(1), "", "" + theirs, three).run();
        assertThat(wrong.starts()).isFalse();
        assertThat(wrong.said()).contains("no majority of 3 Sentinels", "SSL_connect failed");
        assertThat(new GuardRun(instance, at(1), "", three).run().said())
                .as("in the clear")
                .contains("no majority of 3 Sentinels");
    }

    @Test
    @ResourceLock(MOMENTS)
    void aPermitIsGoodOnceAndForAMomentOfThisBoot() throws Exception {
        GuardRun guard = itself(sentinels(leader, leader, leader));
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        long up = (long)
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
        Path permit = instance.resolve("permit");
        for (String stale : List.of(
                boot + " " + (up - 60),
                boot + " " + (up + 600),
                "00000000-0000-0000-0000-000000000000 " + up,
                boot,
                boot + " 9x",
                boot + " 099",
                "")) {
            Files.writeString(permit, stale + "\n");
            assertThat(guard.run().starts()).as(stale).isFalse();
            assertThat(permit).doesNotExist();
        }
        Files.writeString(permit, boot + " " + up + "\n");
        GuardRun.End first = guard.run();
        assertThat(first.starts()).isTrue();
        assertThat(first.said()).contains("gate has decided");
        assertThat(permit).doesNotExist();
        assertThat(guard.run().starts()).as("once").isFalse();
    }

    @Test
    @Execution(CONCURRENT)
    @ResourceLock(value = MOMENTS, mode = READ)
    void aConfigurationThatIsNoFileIsNotWaitedFor() throws Exception {
        Path conf = instance.resolve("redis.conf");
        Files.delete(conf);
        assertThat(new ProcessBuilder("mkfifo", "" + conf).start().waitFor()).isZero();
        GuardRun.End end = another(List.of()).run();
        assertThat(end.starts()).isFalse();
        assertThat(end.said()).contains("not started: " + conf + " must be a regular file of at most 1 MiB");
        assertThat(end.took()).isLessThan(DEADLINE);
    }

    private GuardRun itself(List<RedisProcess> sentinels) {
        return new GuardRun(instance, at(leader.port()), "", endpoints(sentinels));
    }

    private GuardRun another(List<RedisProcess> sentinels) {
        return new GuardRun(instance, at(1), "", endpoints(sentinels));
    }

    private List<RedisProcess> sentinels(RedisNode... masters) {
        List<RedisProcess> started = new ArrayList<>();
        for (RedisNode master : masters) {
            started.add(opened(SentinelNode.start(master, WATCH)));
        }
        return started;
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private static List<Endpoint> endpoints(List<RedisProcess> processes) {
        return processes.stream().map(one -> at(one.port())).toList();
    }

    private static Endpoint at(int port) {
        return new Endpoint("127.0.0.1", port);
    }

    /** Somebody who says the same to everybody, and then nothing; on which port. */
    private int saying(String answer) throws IOException {
        ServerSocket socket = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> {
            List<Socket> kept = new ArrayList<>();
            while (!socket.isClosed()) {
                try {
                    Socket asking = socket.accept();
                    kept.add(asking);
                    asking.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException goneOrOver) {
                    // The next one is told it too.
                }
            }
            kept.forEach(GuardTest::close);
        });
        return socket.getLocalPort();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed then.
        }
    }

    private void conf(String text) throws IOException {
        Files.writeString(instance.resolve("redis.conf"), text);
    }

    private String redisConf() throws IOException {
        return Files.readString(instance.resolve("redis.conf"));
    }

    /** What holds something and begins as no snapshot is one of commands. */
    private void data() throws IOException {
        Files.writeString(instance.resolve("data/appendonly.aof"), "*1\r\n$4\r\nPING\r\n");
        Files.writeString(instance.resolve("data/dump.rdb"), "of some other format");
    }
}
