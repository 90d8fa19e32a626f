package io.redfleet.monitor.edge.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /q} shows, to whom. Every user of the machine can connect to this port: without the key they learn by a
 * status code whether the service is well, and nothing of what it watches or why it is not. With {@code Authorization:
 * Bearer KEY} the metrics and the reasons are shown. The key is the file {@code credentials/metrics-key} in the home,
 * read once at the start; where there is none, nobody has it.
 */
@Singleton
public class OperatorsDoor {
    private static final int BEFORE_ALL_OTHERS = -10_000;
    private static final String BEARER = "Bearer ";

    private final byte[] key;
    private final SmallRyeHealthReporter health;

    public OperatorsDoor(MonitorConfig config, SmallRyeHealthReporter health) {
        this.key = read(config.home().resolve("credentials/metrics-key"));
        this.health = health;
    }

    void open(@Observes Router router) {
        router.route("/q/*").order(BEFORE_ALL_OTHERS).handler(this::look);
    }

    private void look(RoutingContext request) {
        String path = request.normalizedPath();
        if (knows(request.request().getHeader("Authorization"))) {
            request.next();
            return;
        }
        switch (path) {
            case "/q/health" -> answer(request, health.getHealthAsync());
            case "/q/health/ready" -> answer(request, health.getReadinessAsync());
            case "/q/health/live" -> answer(request, health.getLivenessAsync());
            case "/q/health/started" -> answer(request, health.getStartupAsync());
            default ->
                request.response()
                        .setStatusCode(401)
                        .putHeader("WWW-Authenticate", "Bearer")
                        .end();
        }
    }

    private static void answer(RoutingContext request, Uni<SmallRyeHealth> asked) {
        asked.subscribe()
                .with(
                        seen -> request.response()
                                .setStatusCode(seen.isDown() ? 503 : 200)
                                .putHeader("Content-Type", "application/json")
                                .end("{\"status\":\"" + seen.getStatus() + "\"}"),
                        request::fail);
    }

    private boolean knows(@Nullable String offered) {
        return key.length > 0
                && offered != null
                && offered.startsWith(BEARER)
                && MessageDigest.isEqual(
                        key, offered.substring(BEARER.length()).strip().getBytes(UTF_8));
    }

    private static byte[] read(Path file) {
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try {
            return Files.readString(file).strip().getBytes(UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the key to the metrics, " + file + ", cannot be read", e);
        }
    }
}
