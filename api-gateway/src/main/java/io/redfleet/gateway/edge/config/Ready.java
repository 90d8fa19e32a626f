package io.redfleet.gateway.edge.config;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the views are read and there is a token. Kafka going away later leaves it ready: reads are answered,
 * marked stale.
 */
@Readiness
@Singleton
public class Ready implements HealthCheck {
    private final Opening opening;

    public Ready(Opening opening) {
        this.opening = opening;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("views")
                .status(opening.open())
                .withData("standing", opening.standing())
                .build();
    }
}
