package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.redfleet.door.OperatorsKey;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Where the service is put together. */
@ApplicationScoped
public class Wiring {
    @Produces
    @Singleton
    MonitorLog log() {
        return Logger.getMessageLogger(
                java.lang.invoke.MethodHandles.lookup(), MonitorLog.class, "io.redfleet.monitor");
    }

    @Produces
    @Singleton
    @Startup
    MonitorProcess process(MonitorConfig config, Vertx vertx, MeterRegistry metrics, MonitorLog log) {
        return new MonitorProcess(config, vertx, metrics, log);
    }

    void end(@Disposes MonitorProcess process) {
        process.close();
    }

    @Produces
    @Singleton
    OperatorsKey operatorsKey(MonitorConfig config) {
        return OperatorsKey.in(config.home());
    }

    @Produces
    @Readiness
    @Singleton
    HealthCheck ready(MonitorProcess process) {
        return () -> {
            String unready = process.unready();
            return HealthCheckResponse.named("watch")
                    .status(unready.isEmpty())
                    .withData("reason", unready.isEmpty() ? "watching" : unready)
                    .build();
        };
    }
}
