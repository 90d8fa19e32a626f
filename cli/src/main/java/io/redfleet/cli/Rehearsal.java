package io.redfleet.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the verbs that people wait for, against answers of its own, so that an archive of the classes of this run has what any of
 * them loads. {@code ./redfleet} runs it after a build; no gateway and no home of anybody's is touched.
 */
public final class Rehearsal {
    /** It takes a second or two; a build does not wait for one that hangs. */
    private static final int SECONDS_MOST = 30;

    private static final List<List<String>> LINES = List.of(
            List.of("--help"),
            List.of("apply", "--help"),
            List.of("list"),
            List.of("list", "-o", "json"),
            List.of("show", "orders", "-o", "yaml"),
            List.of("show", "orders"),
            List.of("apply", "-f", "SPEC", "--dry-run"),
            List.of("apply", "-f", "SPEC", "--wait"));

    private static final String SPEC = """
            # what a person writes
            kind: Cluster
            metadata: {name: orders}
            spec:
              hosts:
                - {name: r1, address: 10.0.0.11}
            """;

    /** To whatever is asked. */
    private static final String ANSWER = """
            {"name":"orders","cluster":"orders","phase":"READY","revision":1,"operation":"op-1","state":"accepted",
             "status":"SUCCEEDED","finishedAt":"2026-01-01T00:00:00Z","reason":"as the spec wants it","changes":1,
             "items":[{"name":"orders","phase":"READY","diagnosis":"HEALTHY","up":6,"instances":6,"revision":1}],
             "steps":[{"id":"r1/redis-server/start","host":"r1","title":"start it","status":"DONE","tookMillis":1,
                       "effect":"start","diff":["+ it"]}],
             "health":{"instances":{"r1/redis-server":{"role":"REDIS","liveness":"UP","reason":"it answers"}}}}
            """;

    private Rehearsal() {}

    /** Ends with 0 when each line did what it should. */
    public static void main(String[] args) throws IOException {
        CompletableFuture.delayedExecutor(SECONDS_MOST, TimeUnit.SECONDS)
                .execute(() -> Runtime.getRuntime().halt(Exit.FAILED));
        Path home = Files.createTempDirectory("redfleet-rehearsal");
        boolean whole;
        try {
            whole = run(home).values().stream().allMatch(exit -> exit == Exit.DONE);
        } finally {
            remove(home);
        }
        System.exit(whole ? Exit.DONE : Exit.FAILED);
    }

    /**
     * The exit status of each line.
     *
     * @param home an empty directory
     */
    static Map<String, Integer> run(Path home) throws IOException {
        Path token = Files.createDirectories(home.resolve("credentials")).resolve("admin-token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "rf_rehearsal\n");
        String spec = Files.writeString(home.resolve("orders.yaml"), SPEC).toString();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", Rehearsal::answer);
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
            World world = new World(
                    Map.of("REDFLEET_HOME", home.toString(), "REDFLEET_URL", url),
                    InputStream.nullInputStream(),
                    nowhere,
                    nowhere,
                    Main.terminal(),
                    InstantSource.system());
            Map<String, Integer> exits = new LinkedHashMap<>();
            for (List<String> line : LINES) {
                String[] words = line.stream()
                        .map(word -> word.equals("SPEC") ? spec : word)
                        .toArray(String[]::new);
                exits.put(String.join(" ", line), Main.run(world, words));
            }
            return exits;
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void remove(Path home) throws IOException {
        try (Stream<Path> left = Files.walk(home)) {
            for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
