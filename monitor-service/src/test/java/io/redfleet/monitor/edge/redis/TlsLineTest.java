package io.redfleet.monitor.edge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.TestAuthority;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** A line to a real Redis that speaks TLS alone, and to what only looks like one. */
@Timeout(120)
class TlsLineTest {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    /** Of a TLS record: a handshake, of some length. */
    private static final byte[] BEGUN = {0x16, 0x03, 0x03, 0x40, 0x00};

    @TempDir
    Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final List<Reply> replies = new CopyOnWriteArrayList<>();
    private final List<Standing> standings = new CopyOnWriteArrayList<>();
    private final List<Instant> ends = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private TestAuthority authority;

    @BeforeEach
    void anAuthority() {
        authority = TestAuthority.in(directory.resolve("ours"));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void whomTheCaVouchesForIsWatchedAsAnyOther() throws IOException {
        watch(redis(authority.signed("host", "ip:127.0.0.1", "EC", "-1d", 90)), authority);

        Await.until("an answer", WITHIN, () -> replies.contains(new Reply.Pong()));
        Await.until(
                "its role",
                WITHIN,
                () -> standings.stream().anyMatch(standing -> standing.role() == ReplicationRole.MASTER));

        assertThat(replies).containsOnly(new Reply.Pong());
        assertThat(ends)
                .singleElement()
                .satisfies(
                        end -> assertThat(Duration.between(Instant.now(), end).toDays())
                                .isBetween(87L, 89L));
    }

    @Test
    void aCertificateForAnotherAddressIsToldAndIsNoDeath() throws IOException {
        watch(redis(authority.signed("host", "ip:10.0.0.12")), authority);
        told(new Reply.Untrusted("its certificate does not name 127.0.0.1"));
    }

    @Test
    void aCertificateOfAnotherCaIsTold() throws IOException {
        TestAuthority another = TestAuthority.in(directory.resolve("theirs"));
        watch(redis(another.signed("host", "ip:127.0.0.1")), authority);
        told(new Reply.Untrusted("its certificate is not by the cluster's CA"));
    }

    @Test
    void aCertificateThatIsOverIsTold() throws IOException {
        watch(redis(authority.signed("host", "ip:127.0.0.1", "EC", "-40d", 30)), authority);
        Await.until("a word about it", WITHIN, () -> !replies.isEmpty());
        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply)
                        .isInstanceOfSatisfying(
                                Reply.Untrusted.class,
                                untrusted -> assertThat(untrusted.why()).startsWith("its certificate has expired (")));
    }

    /** The kernel takes the connections of a process that is stopped: that is hung, as it is in the clear. */
    @Test
    @Execution(CONCURRENT)
    void aHandshakeThatHangsIsSilence() throws IOException {
        watch(serving(socket -> socket.getInputStream().readAllBytes()), authority);
        Await.until("three silent probes", WITHIN, () -> replies.size() >= 3);
        assertThat(replies).containsOnly(new Reply.Silent());
    }

    /** A byte each 100 ms would go on for half an hour. */
    @Test
    @Execution(CONCURRENT)
    void aHandshakeThatDripsIsSilence() throws IOException {
        watch(serving(TlsLineTest::drip), authority);
        Await.until("three silent probes", WITHIN, () -> replies.size() >= 3);
        assertThat(replies).containsOnly(new Reply.Silent());
    }

    @Test
    void whoHangsUpInTheHandshakeIsLookedAtAgainAndNotDead() throws IOException {
        watch(serving(Socket::close), authority);
        told(new Reply.Unreachable("connections end before an answer"));
    }

    @Test
    void nobodyThereIsARefusalWithTlsToo() throws IOException {
        watch(FreePort.choose(), authority);
        told(new Reply.Refused());
    }

    @Test
    void whoSpeaksInTheClearIsTold() throws IOException {
        watch(
                serving(socket -> {
                    socket.getOutputStream().write("-ERR unknown command\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().readAllBytes();
                }),
                authority);
        told(new Reply.Untrusted("it does not speak TLS"));
    }

    private void told(Reply reply) {
        Await.until("a word about it", WITHIN, () -> replies.size() >= 2);
        assertThat(replies).containsOnly(reply);
    }

    private void watch(int port, TestAuthority trusted) throws IOException {
        Endpoint endpoint = new Endpoint("127.0.0.1", port);
        Member member = new Member(new InstanceId("r1/redis-server"), InstanceRole.REDIS, endpoint, endpoint, "");
        Target target = Target.open(member).trusting(Files.readString(trusted.certificate()));
        NodeLine line =
                new NodeLine(new Dial(vertx), target, Duration.ofSeconds(1), this::seen, (wire, done) -> done.run());
        vertx.getOrCreateContext().runOnContext(nothing -> line.start(1));
    }

    private void seen(Observation observation) {
        if (observation instanceof Observation.Answered answered) {
            replies.add(answered.reply());
        }
        if (observation instanceof Observation.Stood stood) {
            standings.add(stood.standing());
        }
        if (observation instanceof Observation.Certified certified) {
            ends.add(certified.ends());
        }
    }

    /** The port on which it speaks TLS. */
    private int redis(TestAuthority.Signed host) {
        int port = FreePort.choose();
        open.add(RedisNode.start(
                "tls-port " + port,
                "tls-cert-file " + host.certificate(),
                "tls-key-file " + host.key(),
                "tls-ca-cert-file " + authority.certificate(),
                "tls-auth-clients no"));
        return port;
    }

    private static void drip(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(BEGUN);
        while (!socket.isClosed()) {
            socket.getOutputStream().write(0);
            Await.moment(Duration.ofMillis(100));
        }
    }

    /** What is done with each connection, by a thread of its own. */
    private interface Serving {
        void serve(Socket socket) throws IOException;
    }

    private int serving(Serving how) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> served(how, socket));
                } catch (IOException e) {
                    // That is how it ends.
                }
            }
        });
        return server.getLocalPort();
    }

    private static void served(Serving how, Socket socket) {
        try (socket) {
            how.serve(socket);
        } catch (IOException e) {
            // The other side has hung up.
        }
    }
}
