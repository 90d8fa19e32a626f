package io.redfleet.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A gateway's answers over real HTTP on loopback, and a command line that asks it. */
final class PlayedGateway implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String TOKEN = "rf_0123456789abcdef";

    /** What one request was. */
    record Asked(String method, String target, String body, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    /** What one command line did. */
    record Ran(int exit, String out, String err) {}

    @FunctionalInterface
    interface Play {
        void answer(HttpExchange exchange) throws IOException;
    }

    final Path home;
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final Map<String, String> env = new HashMap<>();
    private final Map<String, Play> plays = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    PlayedGateway(Path home) throws IOException {
        this(home, null);
    }

    /** @param shown what it shows over TLS; null: it speaks plain HTTP */
    PlayedGateway(Path home, @Nullable SSLContext shown) throws IOException {
        this.home = home;
        Path file = Files.createDirectories(home.resolve("credentials")).resolve("admin-token");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, TOKEN + "\n");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (shown == null) {
            server = HttpServer.create(any, 16);
        } else {
            HttpsServer encrypted = HttpsServer.create(any, 16);
            encrypted.setHttpsConfigurator(new HttpsConfigurator(shown));
            server = encrypted;
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        env.put("REDFLEET_HOME", home.toString());
        env.put("REDFLEET_URL", (shown == null ? "http" : "https") + "://127.0.0.1:" + port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** @param call method and target below /api/v1, for example {@code GET /clusters?limit=1000} */
    PlayedGateway on(String call, Play play) {
        plays.put(call, play);
        return this;
    }

    PlayedGateway on(String call, int status, String json) {
        return on(
                call,
                exchange ->
                        send(exchange, status, status < 400 ? "application/json" : "application/problem+json", json));
    }

    Ran run(String... args) {
        return run(InputStream.nullInputStream(), false, args);
    }

    Ran run(InputStream in, boolean terminal, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        var world = new io.redfleet.cli.verb.World(
                env,
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                () -> NOW);
        int exit = Main.run(world, args);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestURI().toString().replaceFirst("^/api/v1", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(exchange.getRequestMethod(), target, body, Map.copyOf(exchange.getRequestHeaders())));
        Play play = plays.get(exchange.getRequestMethod() + " " + target);
        if (play == null) {
            send(
                    exchange,
                    404,
                    "application/problem+json",
                    "{\"title\":\"Not found\",\"status\":404,\"detail\":\"" + target + "\"}");
        } else {
            play.answer(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
