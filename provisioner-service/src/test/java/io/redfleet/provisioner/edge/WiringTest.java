package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.provisioner.edge.config.DriftSettings;
import io.redfleet.provisioner.edge.config.ProvisionerSettings;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestBroker;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** The service as Quarkus runs it: it boots, reads its settings and says that it is ready once it reads orders. */
@QuarkusTest
@QuarkusTestResource(value = WiringTest.Ground.class, restrictToAnnotatedClass = true)
class WiringTest {
    @Inject
    ProvisionerSettings settings;

    @Inject
    DriftSettings drift;

    @TestHTTPResource("/q/health/ready")
    URL ready;

    @Test
    void itIsReadyOnceItReadsOrders() {
        Await.until("ready", Duration.ofSeconds(30), () -> status() == 200);
        assertThat(settings.instance()).isEqualTo("provisioner-0");
        assertThat(settings.operations()).isEqualTo(16);
        assertThat(settings.hands()).isEqualTo(32);
        assertThat(settings.leaseWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.facts()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.factsAtLeast()).isEqualTo(Duration.ofSeconds(30));
        assertThat(drift.every()).isEqualTo("10m");
    }

    @Test
    void withoutTheKeyThereIsHealthAndNoReason() throws IOException {
        Await.until("ready", Duration.ofSeconds(30), () -> status() == 200);
        try (var in = ready.openStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"status\":\"UP\"}");
        }
        assertThat(asked("/q/metrics", "").getResponseCode()).isEqualTo(401);
        assertThat(asked("/q/metrics", "Bearer guess").getResponseCode()).isEqualTo(401);
        assertThat(asked("/q/anything", "").getResponseCode()).isEqualTo(401);
    }

    @Test
    void withTheKeyThereAreMetricsAndReasons() throws IOException {
        Await.until("ready", Duration.ofSeconds(30), () -> status() == 200);
        assertThat(asked("/q/metrics", "Bearer " + Ground.KEY).getResponseCode())
                .isEqualTo(200);
        try (var in = asked("/q/health/ready", "Bearer " + Ground.KEY).getInputStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("reading orders");
        }
    }

    private HttpURLConnection asked(String path, String authorization) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(ready.toString()).resolve(path).toURL().openConnection();
        if (!authorization.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
        }
        return connection;
    }

    private int status() {
        try {
            return ((HttpURLConnection) ready.openConnection()).getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A broker with its topics, and an empty state directory. */
    public static final class Ground implements QuarkusTestResourceLifecycleManager {
        static final String KEY = "the-key-of-this-test";

        private final TempDirectory home = TempDirectory.named("provisioner-home");

        @Override
        public Map<String, String> start() {
            write(home.path().resolve("credentials/metrics-key"));
            TestBroker broker = TestBroker.shared();
            BusSettings settings = new BusSettings(broker.bootstrap(), "topics", broker.admin());
            try (Admin admin = Admin.create(settings.common())) {
                new TopicAdmin(admin, Duration.ofSeconds(20)).create();
            }
            return Map.of(
                    "redfleet.provisioner.bootstrap",
                    broker.bootstrap(),
                    "redfleet.provisioner.kafka-client",
                    broker.login("provisioner").toString(),
                    "redfleet.provisioner.home",
                    home.path().toString());
        }

        private static void write(Path file) {
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, KEY + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            home.close();
        }
    }
}
