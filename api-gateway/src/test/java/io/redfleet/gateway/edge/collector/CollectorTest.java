package io.redfleet.gateway.edge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.gateway.Clusters;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Knocks;
import io.redfleet.gateway.access.Pace;
import io.redfleet.gateway.access.Refusals;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.edge.rest.Guard;
import io.redfleet.gateway.edge.rest.Turned;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectorTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SMALL = "<?xml version='1.0'?><monit id='m1' incarnation='1' version='5.33.0'>"
            + "<server><poll>30</poll></server><services><service name='redis-server'><type>3</type>"
            + "<collected_sec>1795685421</collected_sec><status>512</status><monitor>1</monitor></service></services>"
            + "</monit>";

    private final ClusterState orders = Clusters.named("orders");
    private final Map<String, TokenRecord> tokens = new HashMap<>();
    private final List<HostReport> delivered = new CopyOnWriteArrayList<>();
    private final List<Fact> told = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx = Vertx.vertx();
    private volatile Supplier<CompletionStage<?>> bus = () -> CompletableFuture.completedFuture(null);
    private volatile Optional<ClusterState> standing = Optional.of(orders);
    private Optional<Collector> collector = Optional.empty();
    private int port;

    @BeforeEach
    void listen() {
        InstantSource clock = InstantSource.fixed(NOON);
        Guard.Limits limits = new Guard.Limits(
                new Knocks(new Knocks.Terms(3, Duration.ofMinutes(1))),
                new Pace(Map.of(Role.REPORTER, new Pace.Rate(1, 100))));
        Turned turned = new Turned(told::add, new Refusals(Duration.ofSeconds(10)), clock);
        Door door = new Door(id -> Optional.ofNullable(tokens.get(id)));
        Reception reception = new Reception(door, limits, turned, name -> standing, () -> true, clock);
        Delivery delivery = report -> {
            delivered.add(report);
            return bus.get();
        };
        Collector fresh = new Collector(vertx, reception, delivery, clock);
        port = fresh.listen(SocketAddress.inetSocketAddress(0, "127.0.0.1"));
        collector = Optional.of(fresh);
    }

    @AfterEach
    void end() throws Exception {
        collector.ifPresent(Collector::close);
        vertx.close().toCompletionStage().toCompletableFuture().get();
        client.close();
    }

    @Test
    void aReportIsTakenForTheHostOfItsTokenWhateverTheUserIsCalled() throws Exception {
        String token = reporter("r2");
        assertThat(post(basic("anybody", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(200);
        assertThat(delivered).singleElement().satisfies(report -> {
            assertThat(report.key()).isEqualTo("orders/r2");
            assertThat(report.receivedAt()).isEqualTo(NOON);
            assertThat(report.services().getFirst().failed()).isEqualTo(512);
        });
    }

    @Test
    void compressedOrInPartsItIsTheSame() throws Exception {
        String token = reporter("r1");
        HttpRequest zipped = request(basic("r1", token))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(SMALL.getBytes(StandardCharsets.UTF_8), 1)))
                .build();
        assertThat(status(zipped)).isEqualTo(200);
        HttpRequest chunked = request(basic("r1", token))
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(SMALL.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertThat(status(chunked)).isEqualTo(200);
        assertThat(delivered).hasSize(2);
        assertThat(delivered.get(0)).isEqualTo(delivered.get(1));
    }

    @Test
    void whoHasNoTokenOfAReporterIsTurnedAwayBeforeItIsRead() throws Exception {
        assertThat(post(null, new byte[10])).isEqualTo(401);
        assertThat(post("Bearer " + reporter("r1"), SMALL.getBytes(StandardCharsets.UTF_8)))
                .as("Monit knows only Basic")
                .isEqualTo(401);
        String admin = token("ann", Role.ADMIN, null);
        assertThat(post(basic("ann", admin), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        assertThat(delivered).isEmpty();
    }

    @Test
    void guessesShutTheAddressAndAreTold() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(post(basic("r1", "guess" + i), new byte[0])).isEqualTo(401);
        }
        assertThat(post(basic("r1", reporter("r1")), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(429);
        assertThat(told).anyMatch(fact -> fact.about().reason().contains("unknown token"));
        assertThat(delivered).isEmpty();
    }

    @Test
    void aTokenEndsWithItsHostAndWithItsCluster() throws Exception {
        String gone = reporter("r9");
        assertThat(post(basic("r9", gone), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        String here = reporter("r1");
        standing = Optional.of(new ClusterState(
                1,
                new ClusterUid("uid-of-the-next"),
                1,
                orders.phase(),
                orders.reason(),
                orders.since(),
                orders.spec()));
        assertThat(post(basic("r1", here), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        assertThat(delivered).isEmpty();
    }

    @Test
    void whatIsTooLongIsNotReadToItsEnd() throws Exception {
        String token = reporter("r1");
        assertThat(post(basic("r1", token), new byte[Collector.MOST_BYTES + 1])).isEqualTo(413);
        byte[] bomb = gzip(new byte[Collector.MOST_BYTES], 200);
        assertThat(bomb.length).isLessThan(Collector.MOST_BYTES);
        HttpRequest zipped = request(basic("r1", token))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb))
                .build();
        assertThat(status(zipped)).isEqualTo(413);
        assertThat(delivered).isEmpty();
    }

    @Test
    void whatIsNoReportIsSaidToBeNone() throws Exception {
        String token = reporter("r1");
        assertThat(post(basic("r1", token), "<monit".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(400);
        assertThat(status(request(basic("r1", token)).GET().build())).isEqualTo(405);
        HttpRequest elsewhere = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/clusters"))
                .header("Authorization", basic("r1", token))
                .build();
        assertThat(status(elsewhere)).isEqualTo(404);
    }

    @Test
    void whileNothingCanBeDeliveredMonitIsToldToKeepIt() throws Exception {
        bus = () -> CompletableFuture.failedFuture(new IOException("no broker"));
        HttpResponse<String> answer = client.send(
                request(basic("r1", reporter("r1")))
                        .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    /** A host that begins more reports than there are places holds up itself alone, and no place is held for ever. */
    @Test
    void whoBeginsAndSaysNothingMoreHoldsNobodyElseUp() throws Exception {
        String token = reporter("r1");
        String head = "POST /collector HTTP/1.1\r\nHost: x\r\nAuthorization: " + basic("r1", token)
                + "\r\nContent-Length: 1000\r\n\r\n<monit";
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i <= Collector.AT_ONCE; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
            String beyond = answer(slow.getLast());
            assertThat(beyond).startsWith("HTTP/1.1 503").contains("of this host");
            assertThat(post(basic("r1", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(503);
            assertThat(post(basic("r2", reporter("r2")), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(200);

            String first = answer(slow.getFirst());
            assertThat(first.isEmpty() || first.startsWith("HTTP/1.1 408")).isTrue();
            assertThat(post(basic("r1", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .as("the places are free again")
                    .isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout((int) Collector.ARRIVES.plusSeconds(10).toMillis());
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void nothingIsUnpackedForStrangersAndOnlyGzipForOthers() throws Exception {
        HttpRequest odd = request(basic("r1", reporter("r1")))
                .header("Content-Encoding", "br")
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build();
        assertThat(status(odd)).isEqualTo(415);
        HttpRequest broken = request(basic("r1", reporter("r1")))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build();
        assertThat(status(broken)).isEqualTo(400);
    }

    @Test
    void whoIsTurnedAwayIsToldWhateverTheReason() throws Exception {
        assertThat(post(basic("ann", token("ann", Role.ADMIN, null)), new byte[0]))
                .isEqualTo(403);
        assertThat(post(basic("r9", reporter("r9")), new byte[0])).isEqualTo(403);
        String busy = reporter("r1");
        int status = 200;
        for (int i = 0; i < 200 && status != 429; i++) {
            status = post(basic("r1", busy), SMALL.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(status).isEqualTo(429);
        assertThat(told.stream().map(fact -> fact.about().reason()))
                .anyMatch(reason -> reason.contains("needs the role reporter"))
                .anyMatch(reason -> reason.contains("in no cluster any more"))
                .anyMatch(reason -> reason.contains("more often than its role may"));
    }

    /** A byte now and then is no request. */
    @Test
    void whoNeverComesToTheEndOfItsHeadIsLetGo() throws Exception {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.setSoTimeout(1);
            OutputStream out = slow.getOutputStream();
            long until = System.nanoTime() + Collector.ARRIVES.plusSeconds(8).toNanos();
            boolean gone = false;
            while (!gone && System.nanoTime() < until) {
                gone = ended(slow, out);
            }
            assertThat(gone).isTrue();
        }
    }

    private static boolean ended(Socket socket, OutputStream out) throws InterruptedException {
        try {
            out.write('P');
            Thread.sleep(200);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    private String reporter(String host) {
        return token("monit-" + host, Role.REPORTER, new Reporter(orders.name(), orders.uid(), new HostName(host)));
    }

    private String token(String name, Role role, @Nullable Reporter reporter) {
        byte[] random = new byte[Secret.BYTES];
        random[0] = (byte) (tokens.size() + 1);
        Secret secret = Secret.of(random);
        tokens.put(
                secret.id(),
                new TokenRecord(1, secret.id(), name, secret.hash(), role, Map.of(), NOON, null, null, reporter));
        return secret.reveal();
    }

    private int post(@Nullable String authorization, byte[] body) throws Exception {
        return status(request(authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private int status(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder request(@Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/collector"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "text/xml");
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    private static String basic(String user, String password) {
        String pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] plain, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                gzip.write(plain);
            }
        }
        return bytes.toByteArray();
    }
}
