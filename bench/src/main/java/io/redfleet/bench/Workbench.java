package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker of its own with all topics, an empty home, and services that are started on them. */
final class Workbench implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Path home;
    private final TestBroker broker;
    private final BusSettings settings;
    private final BusProducer producer;

    private Workbench(Path home, TestBroker broker) {
        this.home = home;
        this.broker = broker;
        this.settings = WatchBench.settings(broker);
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, SOON).create();
        }
        this.producer = new BusProducer(settings, SOON);
    }

    static Workbench in(Path home) throws IOException {
        return new Workbench(Files.createDirectories(home), TestBroker.start());
    }

    /** The administrator's. */
    BusSettings settings() {
        return settings;
    }

    BusProducer producer() {
        return producer;
    }

    /**
     * Starts a service, which is not ready yet.
     *
     * @param module the directory it is built in
     * @param account its login at the broker
     * @param instance its lasting name
     */
    ServiceProcess service(String module, String account, String instance) {
        Map<String, String> environment = Map.of(
                "REDFLEET_HOME",
                home.toString(),
                "REDFLEET_BOOTSTRAP",
                broker.bootstrap(),
                "REDFLEET_KAFKA_CLIENT",
                broker.login(account).toString(),
                "REDFLEET_AUDIT_URL",
                "http://127.0.0.1:1",
                "REDFLEET_INSTANCE",
                instance);
        return new ServiceProcess(module, home, environment);
    }

    /** The first admin token, once a gateway is ready. */
    String adminToken() throws IOException {
        return Files.readString(home.resolve("credentials/admin-token")).strip();
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
