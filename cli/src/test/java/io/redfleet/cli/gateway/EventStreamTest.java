package io.redfleet.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EventStreamTest {
    private static final EventStream.Patience SHORT = new EventStream.Patience(
            Duration.ofMillis(200), Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofSeconds(10));

    @TempDir
    Path dir;

    @Test
    void aConnectionWithoutASignOfLifeIsOpenedAgain() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            int connection = connections.incrementAndGet();
            exchange.sendResponseHeaders(200, 0);
            String text = connection == 1 ? ": nothing more will come\n" : "id: 5:1\ndata: {\"id\":\"late\"}\n\n";
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });
        server.start();
        try {
            Heard heard = new Heard();
            Answer answer = new EventStream(gateway(server.getAddress().getPort()), SHORT).follow(Map.of(), heard);
            assertThat(answer).isInstanceOf(Answer.Done.class);
            assertThat(heard.ids).containsExactly("late");
            assertThat(heard.losses).hasSize(1);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void aStreamThatFindsNoPlaceAtOnceAsksAgain() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/", exchange -> {
            int connection = connections.incrementAndGet();
            String text =
                    connection == 2 ? "{\"title\":\"Too many requests\"}" : "data: {\"id\":\"" + connection + "\"}\n\n";
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(connection == 2 ? 429 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            List<String> ids = new ArrayList<>();
            Answer answer = new EventStream(gateway(server.getAddress().getPort()), SHORT)
                    .follow(Map.of(), new Heard() {
                        @Override
                        public boolean event(JsonNode event) {
                            ids.add(event.path("id").asText());
                            return ids.size() < 2;
                        }
                    });
            assertThat(answer).isInstanceOf(Answer.Done.class);
            assertThat(ids).containsExactly("1", "3");
        } finally {
            server.stop(0);
        }
    }

    private Gateway gateway(int port) throws IOException {
        Path file = dir.resolve("token");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "secret");
        Bearer.Read read = Bearer.from(file);
        assertThat(read).isInstanceOf(Bearer.Read.Found.class);
        return new Gateway(URI.create("http://127.0.0.1:" + port), ((Bearer.Read.Found) read).bearer(), Trust.usual());
    }

    private static class Heard implements EventStream.Listener {
        private final List<String> ids = new ArrayList<>();
        private final List<String> losses = new ArrayList<>();

        @Override
        public void opened() {}

        @Override
        public boolean event(JsonNode event) {
            ids.add(event.path("id").asText());
            return false;
        }

        @Override
        public void lost(String reason) {
            losses.add(reason);
        }
    }
}
