package io.redfleet.provisioner.edge.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.redfleet.door.OperatorsKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Puts the parts together, and begins and ends them with the process. */
@ApplicationScoped
public class Wiring {

    @Produces
    @Singleton
    Assembly assembly(ProvisionerSettings settings, DriftSettings drift) throws IOException {
        return Assembly.of(settings, LookEvery.read(drift.every()));
    }

    @Produces
    @Singleton
    OperatorsKey operatorsKey(ProvisionerSettings settings) {
        return OperatorsKey.in(Path.of(settings.home()));
    }

    @Produces
    @Readiness
    @Singleton
    HealthCheck ready(Assembly assembly) {
        return () -> {
            String missing = assembly.bus().notReady();
            return HealthCheckResponse.named("bus")
                    .status(missing.isEmpty())
                    .withData("state", missing.isEmpty() ? "reading orders" : missing)
                    .build();
        };
    }

    void begin(@Observes StartupEvent event, Assembly assembly) {
        assembly.open();
    }

    void end(@Observes ShutdownEvent event, Assembly assembly) {
        assembly.close();
    }
}
