package io.redfleet.monitor.edge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line to a server that misbehaves. */
@Timeout(60)
class NodeLineTest {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String CLOSE = "";
    private static final String ROLE = "*3\r\n$6\r\nmaster\r\n:7\r\n*2\r\n*0\r\n*1\r\n$-1\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final ServerSocket server = listening();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Reply> replies = new CopyOnWriteArrayList<>();
    private final List<Standing> standings = new CopyOnWriteArrayList<>();
    private volatile boolean trickles;
    private volatile boolean firstFallsSilent;

    @AfterEach
    void close() throws IOException {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The kernel takes the connections of a process that is stopped, or on its way out. */
    @Test
    @Execution(CONCURRENT)
    void aServerThatAcceptsAndNeverAnswersIsSilentFromTheFirstConnectionOn() {
        watch();

        Await.until("three silent probes", WITHIN, () -> replies.size() >= 3);

        assertThat(replies).containsOnly(new Reply.Silent());
    }

    @Test
    void aConnectionThatEndsBeforeItsGreetingIsOverIsNoAnswer() {
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n", "INFO", CLOSE));
        watch();

        Await.until("a refusal", WITHIN, () -> replies.contains(new Reply.Refused()));

        assertThat(replies).doesNotContain(new Reply.Pong());
    }

    @Test
    void theConnectionIsNamedAndARefusalOfTheNameDoesNotMatter() {
        serve(Map.of(
                "PING", "+PONG\r\n", "SETNAME", "-NOPERM not allowed\r\n", "INFO", "$0\r\n\r\n", "ROLE", "-ERR\r\n"));
        watch();

        Await.until("an answer", WITHIN, () -> replies.contains(new Reply.Pong()));

        assertThat(heard.stream().filter(word -> !word.startsWith("$")))
                .containsSubsequence("CLIENT", "SETNAME", "probe");
    }

    /** Redis says so without having read a question, and hangs up (networking.c, acceptCommonHandler). */
    @Test
    void aRedisThatTakesNoMoreClientsLives() throws IOException {
        try (RedisNode full = RedisNode.start("maxclients 1");
                Socket only = Await.value("the only place", WITHIN, () -> place(full))) {
            watch(full.port());

            Await.until("a word about it", WITHIN, () -> replies.contains(new Reply.Defective("ERR")));
            only.close();
            Await.until("an answer", WITHIN, () -> replies.contains(new Reply.Pong()));

            assertThat(replies).containsOnly(new Reply.Defective("ERR"), new Reply.Pong());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"too long", "too deep", "too many"})
    void anAnswerBeyondEveryBoundEndsTheConnection(String kind) {
        String answer = switch (kind) {
            case "too long" -> "$9000000\r\n" + "x".repeat(4_500_000);
            case "too deep" -> "*1\r\n".repeat(100);
            default -> "*9000000\r\n" + "+a\r\n".repeat(200_000);
        };
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n", "INFO", answer));
        watch();

        Await.until(
                "a word about it",
                WITHIN,
                () -> replies.contains(new Reply.Unreachable("connections end before an answer")));

        assertThat(replies).doesNotContain(new Reply.Pong());
    }

    /** It would be read for ever. */
    @Test
    void whoAnswersWhatNobodyHasAskedIsLeft() {
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n+again\r\n+again\r\n+again\r\n"));
        watch();

        Await.until(
                "a word about it",
                WITHIN,
                () -> replies.contains(new Reply.Unreachable("connections end before an answer")));
    }

    /** Who answers and hangs up, again and again, is looked at some times a second and no more. */
    @Test
    @Execution(CONCURRENT)
    void whoHangsUpAfterEachGreetingIsNotAskedWithoutAPause() {
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n", "INFO", "$0\r\n\r\n", "ROLE", "nonsense\r\n"));
        watch();
        Await.moment(Duration.ofSeconds(3));

        assertThat(heard.stream().filter("SETNAME"::equals).count()).isBetween(3L, 60L);
    }

    /** As behind a firewall that has forgotten the old connection and lets new ones through. */
    @Test
    @Execution(CONCURRENT)
    void whenOnlyTheConnectionIsDeadANewOneFindsItOut() {
        firstFallsSilent = true;
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n", "INFO", "$0\r\n\r\n", "ROLE", ROLE));
        watch();

        Await.until("silence", WITHIN, () -> replies.contains(new Reply.Silent()));
        Await.until("an answer again", WITHIN, () -> replies.getLast().equals(new Reply.Pong()));

        assertThat(replies.stream().filter(new Reply.Silent()::equals)).hasSizeBetween(3, 4);
        assertThat(replies).containsOnly(new Reply.Pong(), new Reply.Silent());
    }

    /** As it comes over a slow line: each byte by itself, two answers in one. */
    @Test
    void anAnswerIsTheSameInWhateverPiecesItComes() {
        trickles = true;
        serve(Map.of("PING", "+PONG\r\n", "SETNAME", "+OK\r\n", "INFO", "$15\r\nrun_id:abcdefgh\r\n", "ROLE", ROLE));
        watch();

        Await.until("a standing", WITHIN, () -> !standings.isEmpty());

        assertThat(standings.getFirst()).isEqualTo(Standing.master(7, 2));
    }

    private void watch() {
        watch(server.getLocalPort());
    }

    private void watch(int port) {
        Endpoint endpoint = new Endpoint("127.0.0.1", port);
        Member member = new Member(new InstanceId("r1/redis-server"), InstanceRole.REDIS, endpoint, endpoint, "");
        NodeLine line = new NodeLine(
                new Dial(vertx), Target.open(member), Duration.ofSeconds(1), this::seen, (wire, done) -> done.run());
        vertx.getOrCreateContext().runOnContext(nothing -> line.start(1));
    }

    private void seen(Observation observation) {
        if (observation instanceof Observation.Answered answered) {
            replies.add(answered.reply());
        }
        if (observation instanceof Observation.Stood stood) {
            standings.add(stood.standing());
        }
    }

    /** @param script by the word that calls for it; {@link #CLOSE} ends the connection and the listening */
    private void serve(Map<String, String> script) {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    answer(socket, script);
                } catch (IOException e) {
                    // That is how it ends.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(Socket socket, Map<String, String> script) throws IOException {
        boolean fallsSilent = firstFallsSilent;
        firstFallsSilent = false;
        boolean silent = false;
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String word = in.readLine(); word != null; word = in.readLine()) {
            heard.add(word);
            String reply = script.get(word.toUpperCase(Locale.ROOT));
            if (CLOSE.equals(reply)) {
                server.close();
                return;
            }
            if (reply != null && !silent) {
                silent = fallsSilent && word.equals("INFO");
                say(socket, reply.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Empty while somebody else has it: whoever looked whether Redis is up is gone, and perhaps not yet forgotten. */
    private static Optional<Socket> place(RedisNode full) {
        try {
            Socket socket = new Socket(full.host(), full.port());
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
            if (socket.getInputStream().read() == '+') {
                return Optional.of(socket);
            }
            socket.close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void say(Socket socket, byte[] reply) throws IOException {
        if (!trickles) {
            socket.getOutputStream().write(reply);
            return;
        }
        for (byte one : reply) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(one);
            Await.moment(Duration.ofMillis(1));
        }
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
