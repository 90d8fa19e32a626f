package io.redfleet.alert.edge;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Broker, database and home for the whole service. */
public final class Peers implements QuarkusTestResourceLifecycleManager {
    private @Nullable TempDirectory home;

    @Override
    public Map<String, String> start() {
        TestBroker broker = TestBroker.shared();
        BusSettings settings = new BusSettings(broker.bootstrap(), "topics", broker.admin());
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        TestPostgres postgres = TestPostgres.shared();
        home = TempDirectory.named("alert-home");
        return Map.of(
                "redfleet.alert.home",
                home.path().toString(),
                "redfleet.alert.bootstrap",
                broker.bootstrap(),
                "redfleet.alert.kafka-client",
                broker.login("alert").toString(),
                "redfleet.alert.instance",
                "alert-7",
                "quarkus.datasource.jdbc.url",
                postgres.url(postgres.newDatabase()) + "?requireAuth=none",
                "quarkus.datasource.username",
                "postgres");
    }

    @Override
    public void stop() {
        if (home != null) {
            home.close();
        }
    }
}
