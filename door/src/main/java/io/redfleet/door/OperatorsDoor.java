package io.redfleet.door;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * What {@code /q} shows, to whom. Every user of the machine can connect to this port: without the key they learn by a
 * status code whether the service is well, and nothing of what it watches or why it is not. With {@code Authorization:
 * Bearer KEY} the metrics and the reasons are shown. The document of the gateway's API says nothing of this installation:
 * it is free.
 */
@Singleton
public class OperatorsDoor {
    private static final int BEFORE_ALL_OTHERS = -10_000;

    private final OperatorsKey key;
    private final SmallRyeHealthReporter health;

    OperatorsDoor(OperatorsKey key, SmallRyeHealthReporter health) {
        this.key = key;
        this.health = health;
    }

    void open(@Observes Router router) {
        router.route("/q/*").order(BEFORE_ALL_OTHERS).handler(this::look);
    }

    private void look(RoutingContext request) {
        String path = request.normalizedPath();
        if (path.startsWith("/q/openapi") || key.isShownBy(request.request().getHeader("Authorization"))) {
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
}
