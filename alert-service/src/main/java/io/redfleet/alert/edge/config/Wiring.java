package io.redfleet.alert.edge.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.redfleet.alert.delivery.Budget;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.desk.Announcer;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.desk.Repeater;
import io.redfleet.alert.edge.kafka.BusReader;
import io.redfleet.alert.edge.rest.SharedKey;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.Sweeper;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Secret;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.notice.HoldDown;
import io.redfleet.alert.notice.NoticeRule;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Repeat;
import io.redfleet.alert.route.Route;
import io.redfleet.alert.route.Routes;
import io.redfleet.bus.BusSettings;
import io.redfleet.door.OperatorsKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts the service together. */
@ApplicationScoped
public class Wiring {
    private static final AlertLog LOG =
            Logger.getMessageLogger(MethodHandles.lookup(), AlertLog.class, "io.redfleet.alert");

    @Produces
    @Singleton
    Store store(DataSource source) {
        return new Store(source);
    }

    @Produces
    @Singleton
    Schema schema(Flyway flyway) {
        return new Schema(flyway);
    }

    @Produces
    @Singleton
    OperatorsKey operatorsKey(AlertSettings settings) {
        return OperatorsKey.in(settings.home());
    }

    @Produces
    @Singleton
    SharedKey auditKey(AlertSettings settings) {
        return SharedKey.in(settings.home().resolve("credentials").resolve("audit-key"));
    }

    @Produces
    @Singleton
    Desk desk(AlertSettings settings) {
        AlertSettings.HoldDowns holdDowns = settings.holdDown();
        AlertSettings.Attempts attempts = settings.attempts();
        var holdDown =
                new HoldDown(holdDowns.critical(), holdDowns.warning(), holdDowns.flapWindow(), holdDowns.longest());
        var budget = new Budget(attempts.firstPause(), attempts.longestPause(), attempts.lasting());
        Routes routes = routes(settings);
        return new Desk(new Announcer(new NoticeRule(holdDown), routes), new Repeater(routes), budget);
    }

    @Produces
    @Singleton
    Engine engine(AlertSettings settings, Store store, Schema schema, Desk desk) {
        var parts = new Engine.Parts(
                BusSettings.of(
                        settings.bootstrap(),
                        settings.instance(),
                        settings.kafkaClient().orElse(settings.home().resolve("credentials/kafka/alert.properties"))),
                new BusReader.Books(store, schema),
                desk,
                receivers(settings),
                new Sweeper.Keep(settings.keep().resolved(), settings.keep().audit()),
                InstantSource.system());
        return new Engine(parts, new LogListener(LOG));
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck loops(Engine engine) {
        return () -> {
            List<String> troubles = engine.troubles();
            var response = HealthCheckResponse.named("loops").status(troubles.isEmpty());
            for (int i = 0; i < troubles.size(); i++) {
                response.withData("trouble " + (i + 1), troubles.get(i));
            }
            return response.build();
        };
    }

    void start(@Observes StartupEvent event, Engine engine, SharedKey key, AlertSettings settings) {
        engine.start();
        LOG.started(settings.instance(), settings.receivers().size());
    }

    void stop(@Observes ShutdownEvent event, Engine engine, AlertSettings settings) {
        engine.close();
        LOG.ended(settings.instance());
    }

    /** @throws IllegalArgumentException a receiver's settings break a rule, which is named */
    public static Routes routes(AlertSettings settings) {
        return new Routes(settings.receivers().entrySet().stream()
                .map(entry -> route(new ReceiverName(entry.getKey()), entry.getValue()))
                .toList());
    }

    private static Route route(ReceiverName name, AlertSettings.ReceiverSettings receiver) {
        Optional<Repeat> repeat = receiver.repeat().map(Repeat.Every::new);
        return new Route(name, receiver.atLeast(), repeat.orElseGet(Repeat.Never::new));
    }

    private static Map<ReceiverName, Receiver> receivers(AlertSettings settings) {
        Addresses addresses = new Addresses(settings.webhook().allowLoopback());
        Map<ReceiverName, Receiver> receivers = new LinkedHashMap<>();
        settings.receivers().forEach((name, receiver) -> {
            var target = new Webhook.Target(
                    receiver.url(),
                    secret(receiver.secretFile()),
                    settings.webhook().deadline());
            receivers.put(new ReceiverName(name), new Webhook(target, addresses));
        });
        return receivers;
    }

    private static @Nullable Secret secret(Optional<Path> file) {
        if (file.isEmpty()) {
            return null;
        }
        try {
            return new Secret(
                    Files.readString(file.get()).lines().findFirst().orElse("").strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the secret of a receiver, " + file.get() + ", cannot be read", e);
        }
    }
}
