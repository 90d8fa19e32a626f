package io.redfleet.gateway.edge.collector;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
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
import io.redfleet.gateway.edge.tls.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

/** A collector that listens, who may report to it, and what it has delivered and told. */
abstract class CollectorGround {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final String SMALL = "<?xml version='1.0'?><monit id='m1' incarnation='1' version='5.33.0'>"
            + "<server><poll>30</poll></server><services><service name='redis-server'><type>3</type>"
            + "<collected_sec>1795685421</collected_sec><status>512</status><monitor>1</monitor></service></services>"
            + "</monit>";

    final ClusterState orders = Clusters.named("orders");
    final Map<String, TokenRecord> tokens = new HashMap<>();
    final List<HostReport> delivered = new CopyOnWriteArrayList<>();
    final List<Fact> told = new CopyOnWriteArrayList<>();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final Vertx vertx = Vertx.vertx();
    volatile Supplier<CompletionStage<?>> bus = () -> CompletableFuture.completedFuture(null);
    volatile Optional<ClusterState> standing = Optional.of(orders);
    Optional<Collector> collector = Optional.empty();
    int port;

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
        Collector fresh = new Collector(vertx, reception, delivery, tls(), clock);
        port = fresh.listen(SocketAddress.inetSocketAddress(0, "127.0.0.1"));
        collector = Optional.of(fresh);
    }

    Tls tls() {
        return Tls.none();
    }

    @AfterEach
    void end() throws Exception {
        collector.ifPresent(Collector::close);
        vertx.close().toCompletionStage().toCompletableFuture().get();
        client.close();
    }

    String reporter(String host) {
        return token("monit-" + host, Role.REPORTER, new Reporter(orders.name(), orders.uid(), new HostName(host)));
    }

    String token(String name, Role role, @Nullable Reporter reporter) {
        byte[] random = new byte[Secret.BYTES];
        random[0] = (byte) (tokens.size() + 1);
        Secret secret = Secret.of(random);
        tokens.put(
                secret.id(),
                new TokenRecord(1, secret.id(), name, secret.hash(), role, Map.of(), NOON, null, null, reporter));
        return secret.reveal();
    }

    int post(@Nullable String authorization, byte[] body) throws Exception {
        return status(request(authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    int status(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    HttpRequest.Builder request(@Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/collector"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "text/xml");
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    static String basic(String user, String password) {
        String pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[] plain, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                gzip.write(plain);
            }
        }
        return bytes.toByteArray();
    }
}
