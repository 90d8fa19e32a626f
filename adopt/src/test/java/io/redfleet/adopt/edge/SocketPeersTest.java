package io.redfleet.adopt.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.adopt.Answer;
import io.redfleet.adopt.Peers;
import io.redfleet.adopt.Question;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SocketPeersTest {
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1));
    private static final Patience LONG =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1));
    private static final List<Question> QUESTIONS = List.of(Question.SERVER, Question.REPLICATION);

    /** Who answers one connection, whatever it is asked, and then keeps it open. */
    private static final class Stranger implements AutoCloseable {
        private final ServerSocket door;
        private final Thread thread;

        Stranger(Play play) throws IOException {
            door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            thread = Thread.ofVirtual().start(() -> serve(play));
        }

        interface Play {
            void answer(OutputStream out) throws IOException, InterruptedException;
        }

        Endpoint at() {
            return new Endpoint("127.0.0.1", door.getLocalPort());
        }

        private void serve(Play play) {
            try (Socket socket = door.accept()) {
                // A connection that is closed on an unread question ends with a reset.
                if (socket.getInputStream().read(new byte[1_000]) > 0) {
                    play.answer(socket.getOutputStream());
                }
            } catch (IOException | InterruptedException goneAway) {
                // The test has what it wanted.
            }
        }

        @Override
        public void close() throws IOException {
            thread.interrupt();
            door.close();
        }
    }

    private static Peers.Heard ask(Patience patience, Stranger.Play play) throws IOException {
        try (Stranger stranger = new Stranger(play)) {
            return new SocketPeers(Login.NONE, Login.NONE, patience).ask(stranger.at(), Peers.Kind.REDIS, QUESTIONS);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unlikely")
    void whatNoRedisSaysIsReadNoFurther(String what, String bytes, String why) throws IOException {
        Peers.Heard heard = ask(LONG, out -> {
            out.write(bytes.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(Duration.ofMinutes(1));
        });
        assertThat(heard).as(what).isEqualTo(new Peers.Away("answers as no Redis does: " + why));
    }

    static Stream<Arguments> unlikely() {
        return Stream.of(
                Arguments.of("HTTP", "HTTP/1.1 400 Bad Request\r\n", "no answer of a Redis"),
                Arguments.of("no length", "$many\r\n", "no answer of a Redis"),
                Arguments.of("a huge text", "$4000000000\r\n", "answers of more than 4194304 bytes"),
                Arguments.of("a long line", "+" + "x".repeat(5_000), "a line of more than 4096 bytes"),
                Arguments.of("deep", "*1\r\n".repeat(9), "an answer of more than 4 levels"),
                Arguments.of(
                        "a huge list",
                        "*2000000000\r\n" + ":1\r\n".repeat(50_001),
                        "an answer of more than 50000" + " items"));
    }

    @Test
    void whoSendsAByteNowAndThenIsNotWaitedFor() throws IOException {
        Peers.Heard heard = ask(SHORT, out -> {
            out.write('+');
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(Duration.ofMillis(50));
            }
        });
        assertThat(heard)
                .isEqualTo(new Peers.Away("does not answer in time: 5 s for a connection, 1 s for its answers"));
    }

    @Test
    void whoSaysNothingOrHangsUpOrIsNotThereIsAway() throws IOException {
        assertThat(ask(SHORT, out -> Thread.sleep(Duration.ofMinutes(1))))
                .isEqualTo(new Peers.Away("does not answer in time: 5 s for a connection, 1 s for its answers"));
        assertThat(ask(LONG, out -> out.write('+')))
                .isEqualTo(
                        new Peers.Away("ends connections before it answers: does it speak TLS alone, or is it full?"));
        assertThat(new SocketPeers(Login.NONE, Login.NONE, LONG)
                        .ask(new Endpoint("127.0.0.1", FreePort.choose()), Peers.Kind.REDIS, QUESTIONS))
                .isEqualTo(new Peers.Away("refuses connections"));
    }

    @Test
    void afterTheWholeTimeNobodyIsAsked() {
        AtomicLong nanos = new AtomicLong();
        SocketPeers peers = new SocketPeers(Login.NONE, Login.NONE, LONG, nanos::get);
        nanos.set(Duration.ofMinutes(1).toNanos());
        assertThat(peers.ask(new Endpoint("127.0.0.1", FreePort.choose()), Peers.Kind.REDIS, QUESTIONS))
                .isEqualTo(new Peers.Away("was not asked: the survey had taken its 60 s"));
    }

    @Test
    void aShutDoorIsNotConnectedToAndSaysWhy() throws IOException {
        try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            there.setSoTimeout(200);
            SocketPeers.Bounds bounds = new SocketPeers.Bounds(node -> new Door.Shut("was not asked"), 1_000);
            assertThat(new SocketPeers(Login.NONE, Login.NONE, LONG, bounds)
                            .ask(new Endpoint("127.0.0.1", there.getLocalPort()), Peers.Kind.REDIS, QUESTIONS))
                    .isEqualTo(new Peers.Away("was not asked"));
            assertThatThrownBy(there::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** A name that would lead elsewhere the second time leads nowhere. */
    @Test
    void theAddressThatWasJudgedIsTheOneThatIsReached() {
        try (RedisNode node = RedisNode.start()) {
            InetAddress judged = InetAddress.getLoopbackAddress();
            SocketPeers.Bounds bounds = new SocketPeers.Bounds(any -> new Door.Open(judged), Long.MAX_VALUE);
            assertThat(new SocketPeers(Login.NONE, Login.NONE, LONG, bounds)
                            .ask(new Endpoint("no-such-name.invalid", node.port()), Peers.Kind.REDIS, QUESTIONS))
                    .isInstanceOf(Peers.Said.class);
        }
    }

    @Test
    void allNodesTogetherSayNoMoreThanTheSurveyReads() {
        try (RedisNode node = RedisNode.start()) {
            Endpoint at = new Endpoint(node.host(), node.port());
            SocketPeers.Bounds bounds = new SocketPeers.Bounds(Door.ANY, 300);
            SocketPeers peers = new SocketPeers(Login.NONE, Login.NONE, LONG, bounds);
            assertThat(peers.ask(at, Peers.Kind.REDIS, QUESTIONS))
                    .isEqualTo(new Peers.Away("answers as no Redis does: answers of more than 300 bytes"));
            SocketPeers twice =
                    new SocketPeers(Login.NONE, Login.NONE, LONG, new SocketPeers.Bounds(Door.ANY, read(node)));
            assertThat(twice.ask(at, Peers.Kind.REDIS, List.of(Question.REPLICATION)))
                    .isInstanceOf(Peers.Said.class);
            assertThat(twice.ask(at, Peers.Kind.REDIS, List.of(Question.REPLICATION)))
                    .isInstanceOf(Peers.Away.class);
        }
    }

    /** Enough for one answer, and not for two. */
    private static long read(RedisNode node) {
        return node.say("INFO", "replication").length() + 100L;
    }

    @Test
    void aPasswordOpensWhatAsksForOne() {
        Login right = new Login("", Secret.of("geheim"));
        Login wrong = new Login("default", Secret.of("falsch"));
        try (RedisNode locked = RedisNode.start("requirepass geheim");
                RedisNode open = RedisNode.start()) {
            assertThat(said(right, locked)).satisfies(said -> {
                assertThat(said.guarded()).isTrue();
                assertThat(said.answers().get(0).string()).contains("redis_version:");
            });
            assertThat(said(wrong, locked)).satisfies(said -> {
                assertThat(said.guarded()).isTrue();
                assertThat(said.answers()).extracting(Answer::refused).allMatch(no -> no.startsWith("WRONGPASS"));
            });
            assertThat(said(Login.NONE, locked)).satisfies(said -> {
                assertThat(said.guarded()).isTrue();
                assertThat(said.answers()).extracting(Answer::refused).allMatch(no -> no.startsWith("NOAUTH"));
            });
            assertThat(said(right, open)).satisfies(said -> {
                assertThat(said.guarded()).isFalse();
                assertThat(said.answers().get(1).string()).contains("role:master");
            });
        }
    }

    /** The Sentinels' password is not for data nodes. */
    private static Peers.Said said(Login login, RedisNode node) {
        Peers peers = new SocketPeers(new Login("", Secret.of("another")), login, LONG);
        Peers.Heard heard = peers.ask(new Endpoint(node.host(), node.port()), Peers.Kind.REDIS, QUESTIONS);
        if (heard instanceof Peers.Said said) {
            return said;
        }
        throw new AssertionError("away: " + heard);
    }

    @Test
    void aLoginDoesNotShowItsPassword() {
        assertThat(new Login("u", Secret.of("geheim")).toString()).doesNotContain("geheim");
    }
}
