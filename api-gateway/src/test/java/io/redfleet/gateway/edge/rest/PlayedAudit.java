package io.redfleet.gateway.edge.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The alert-service's audit query, played over real HTTP. Found by tests through the port alone: class loaders
 * differ.
 */
final class PlayedAudit {
    private static final String PORT = "redfleet.played-audit-port";

    private static @Nullable HttpServer server;

    private PlayedAudit() {}

    static int start(TestBroker broker) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            List<String> asked = new CopyOnWriteArrayList<>();
            started.createContext("/audit", exchange -> answer(exchange, asked));
            started.createContext("/broker/kill", exchange -> {
                broker.kill9();
                send(exchange, 200, "");
            });
            started.createContext("/broker/restart", exchange -> {
                broker.restart();
                send(exchange, 200, "");
            });
            started.createContext("/broker/freeze", exchange -> {
                broker.freeze();
                send(exchange, 200, "");
            });
            started.createContext("/broker/thaw", exchange -> {
                broker.thaw();
                send(exchange, 200, "");
            });
            started.createContext("/asked", exchange -> send(exchange, 200, String.join("\n", asked)));
            started.start();
            server = started;
            int port = started.getAddress().getPort();
            System.setProperty(PORT, String.valueOf(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    static String port() {
        return System.getProperty(PORT);
    }

    private static void answer(HttpExchange exchange, List<String> asked) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + query);
        if (query.contains("actor=broken")) {
            send(exchange, 500, "<html>oops</html>");
        } else if (query.contains("type=failover.completed")) {
            send(
                    exchange,
                    200,
                    "{\"items\":[{\"id\":\"e\",\"cluster\":\"audit-seen\","
                            + "\"data\":{\"uid\":\"uid-audit-seen\",\"report\":{\"id\":\"fo-1\",\"epoch\":7}}},"
                            + "{\"id\":\"f\",\"cluster\":\"audit-seen\","
                            + "\"data\":{\"uid\":\"uid-former\",\"report\":{\"id\":\"fo-0\",\"epoch\":6}}}],"
                            + "\"next\":null}");
        } else {
            send(
                    exchange,
                    200,
                    "{\"items\":[{\"id\":\"1\",\"cluster\":\"audit-seen\",\"data\":{\"uid\":\"uid-audit-seen\"}},"
                            + "{\"id\":\"4\",\"cluster\":\"audit-seen\",\"data\":{\"uid\":\"uid-former\"}},"
                            + "{\"id\":\"2\",\"cluster\":\"audit-hidden\"},"
                            + "{\"id\":\"3\",\"cluster\":\"_fleet\"}],\"next\":\"n\"}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
