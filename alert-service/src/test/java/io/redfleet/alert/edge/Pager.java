package io.redfleet.alert.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.bus.codec.Codec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A receiver on loopback that has one effect per Idempotency-Key, after it has failed as often as it was told. */
final class Pager implements AutoCloseable {
    /** One attempt as it came in. */
    record Request(String key, String authorization, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> order = new ConcurrentSkipListMap<>();
    private final List<String> effects = new CopyOnWriteArrayList<>();
    private final int failures;
    private final int status;
    private final boolean hangs;
    private final Duration thinks;

    private Pager(int failures, int status, boolean hangs, Duration thinks) throws IOException {
        this.failures = failures;
        this.status = status;
        this.hangs = hangs;
        this.thinks = thinks;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static Pager failing(int times, int status) throws IOException {
        return new Pager(times, status, false, Duration.ZERO);
    }

    static Pager hangingOnce() throws IOException {
        return new Pager(1, 200, true, Duration.ZERO);
    }

    /** Takes everything, and takes its time. */
    static Pager slow(Duration each) throws IOException {
        return new Pager(0, 204, false, each);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    List<Request> requests() {
        return requests;
    }

    /** Bodies of the notices that it took, each key once, in the order of taking. */
    List<String> effects() {
        return effects;
    }

    List<String> kinds() {
        return effects.stream().map(Pager::kind).toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(new Request(key, authorization, body));
        boolean fails = requests.size() <= failures;
        pause(thinks);
        if (fails && hangs) {
            pause(Duration.ofDays(1));
        } else if (!fails && order.putIfAbsent(key, order.size()) == null) {
            effects.add(body);
        }
        if (fails && status == 302) {
            exchange.getResponseHeaders().add("Location", url().toString());
        }
        exchange.sendResponseHeaders(fails ? status : 204, -1);
        exchange.close();
    }

    /** Not beyond its own end. */
    private void pause(Duration time) {
        try {
            var unused = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String kind(String body) {
        return tree(body).path("kind").asText();
    }

    /** A notice's body, to be looked into. */
    static JsonNode tree(String body) {
        try {
            return Codec.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }
}
