package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The played gateway ends each story with a 401: the one thing after which nobody connects again. */
@Timeout(30)
class FollowTest {
    @TempDir
    Path dir;

    private PlayedGateway gateway;
    private final AtomicInteger connections = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        gateway = new PlayedGateway(dir);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aDroppedConnectionIsResumedFromTheLastWholeEvent() {
        gateway.on("GET /events/stream?cluster=orders", exchange -> {
            switch (connections.incrementAndGet()) {
                case 1 ->
                    stream(
                            exchange,
                            ": hello\n\n" + event("0:1", "one") + event("0:2", "two") + "id: 0:3\ndata: {\"cut");
                case 2 -> stream(exchange, event("0:3", "three"));
                default -> unauthorized(exchange);
            }
        });
        var ran = gateway.run("events", "--follow", "--cluster", "orders", "-o", "json");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out().lines().map(line -> line.replaceAll(".*\"id\":\"([a-z]+)\".*", "$1")))
                .containsExactly("one", "two", "three");
        assertThat(gateway.asked)
                .extracting(asked -> asked.header("Last-event-id"))
                .containsExactly("", "0:2", "0:3");
        assertThat(ran.err()).contains("connecting again", "connected again; nothing was missed");
    }

    @Test
    void theIdOfAHeartbeatIsWhereAQuietStreamResumes() {
        gateway.on("GET /events/stream", exchange -> {
            switch (connections.incrementAndGet()) {
                case 1 -> stream(exchange, "id: 0:7\n: alive\n\nid: 0:8\n: ali");
                case 2 -> stream(exchange, "id: 0:9\n: alive\n\n: cut off\n\n");
                default -> unauthorized(exchange);
            }
        });
        var ran = gateway.run("events", "--follow");
        assertThat(ran.out()).isEmpty();
        assertThat(gateway.asked)
                .extracting(asked -> asked.header("Last-event-id"))
                .containsExactly("", "0:7", "0:9");
        assertThat(ran.err()).contains("connected again; nothing was missed");
    }

    @Test
    void withoutAnIdToResumeFromNobodySaysThatNothingWasMissed() {
        gateway.on("GET /events/stream", exchange -> {
            if (connections.incrementAndGet() < 3) {
                stream(exchange, ": alive\n\n");
            } else {
                unauthorized(exchange);
            }
        });
        var ran = gateway.run("events", "--follow");
        assertThat(gateway.asked)
                .extracting(asked -> asked.header("Last-event-id"))
                .containsExactly("", "", "");
        assertThat(ran.err())
                .contains("connected again; what happened meanwhile may be missing")
                .doesNotContain("nothing was missed");
    }

    @Test
    void thePastComesFirstAndNoEventTwice() {
        gateway.on(
                "GET /events?from=2026-03-01T11%3A00%3A00Z&limit=1000",
                200, "{\"items\":[" + json("two") + "," + json("one") + "],\"next\":null}");
        gateway.on("GET /events/stream", exchange -> {
            if (connections.incrementAndGet() == 1) {
                stream(exchange, event("0:2", "two") + event("0:3", "three"));
            } else {
                unauthorized(exchange);
            }
        });
        var ran = gateway.run("events", "--follow", "--since", "1h", "-o", "json");
        assertThat(ran.out().lines().map(line -> line.replaceAll(".*\"id\":\"([a-z]+)\".*", "$1")))
                .containsExactlyInAnyOrder("one", "two", "three")
                .endsWith("three");
    }

    @Test
    void aStreamThatNeverOpenedIsNotReachable() {
        gateway.close();
        assertThat(gateway.run("events", "--follow").exit()).isEqualTo(3);
    }

    @Test
    void aRefusedStreamShowsItsProblem() {
        gateway.on("GET /events/stream", FollowTest::unauthorized);
        var ran = gateway.run("events", "--follow");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Unauthorized (401)");
    }

    private static String event(String id, String name) {
        return "event: instance.down\nid: " + id + "\ndata: " + json(name) + "\n\n";
    }

    private static String json(String name) {
        return "{\"id\":\"" + name + "\",\"type\":\"io.redfleet.instance.down.v1\",\"time\":\"2026-03-01T11:59:59Z\"}";
    }

    private static void stream(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private static void unauthorized(HttpExchange exchange) throws IOException {
        PlayedGateway.send(
                exchange,
                401,
                "application/problem+json",
                "{\"status\":401,\"title\":\"Unauthorized\",\"detail\":\"no token\"}");
    }
}
