package io.redfleet.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class GatewayTest {
    @TempDir
    Path dir;

    /** A thread of its that is left holds up the end of the JVM. */
    @Test
    void nothingOfItRunsOnceItIsClosed() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/", exchange -> {
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Set<Thread> before = clients();
        Set<Thread> during;
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (Gateway gateway = new Gateway(url, bearer(), Trust.usual())) {
            assertThat(gateway.get("/clusters", Map.of())).isInstanceOf(Answer.Done.class);
            during = clients();
            during.removeAll(before);
        } finally {
            server.stop(0);
        }
        assertThat(during).as("threads of the client").isNotEmpty();
        assertThat(during).filteredOn(Thread::isAlive).isEmpty();
    }

    private static Set<Thread> clients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                .collect(Collectors.toSet());
    }

    private Bearer bearer() throws IOException {
        Path file = dir.resolve("token");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "secret");
        return ((Bearer.Read.Found) Bearer.from(file)).bearer();
    }
}
