package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestAuthority;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The whole gateway with a certificate: its one port speaks TLS, its stream too, and nothing speaks plainly. */
@QuarkusTest
@TestProfile(TlsRestTest.Encrypted.class)
class TlsRestTest {
    private static final String AUTHORITY = "redfleet.test.authority";

    /** A stream shows a sign of life within the heartbeat of these tests, so its first byte comes. */
    @Test
    void theApiIsSpokenToOverTlsAndNotOtherwise() throws Exception {
        try (HttpClient client = client()) {
            Await.until("readiness", Scene.SOON, () -> status(client, "https", "/q/health/ready") == 200);
            assertThat(status(client, "https", "/api/v1/clusters")).isEqualTo(200);
            HttpRequest stream = request("https", "/api/v1/events/stream");
            HttpResponse<InputStream> events = client.send(stream, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(events.body().read()).as("a sign of life").isNotNegative();
            events.body().close();
            assertThatThrownBy(() ->
                            client.send(request("http", "/q/health/live"), HttpResponse.BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
        }
    }

    private static int status(HttpClient client, String scheme, String path) {
        try {
            return client.send(request(scheme, path), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpRequest request(String scheme, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + RestAssured.port + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + (path.startsWith("/api") ? Stage.adminToken() : "none"))
                .build();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestAuthority.trusting(Path.of(Stage.setting(AUTHORITY))))
                .build();
    }

    /** A broker, as everywhere, and a certificate. */
    public static final class Encrypted implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(BusResource.class), new TestResourceEntry(Certificate.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    /** Made anew for each start. */
    public static final class Certificate implements QuarkusTestResourceLifecycleManager {
        private @Nullable TempDirectory directory;

        @Override
        public Map<String, String> start() {
            directory = TempDirectory.named("tls");
            TestAuthority made = TestAuthority.in(directory.path().resolve("authority"));
            TestAuthority.Signed signed = made.signed("gateway", "ip:127.0.0.1");
            return Map.of(
                    "redfleet.gateway.tls.certificate",
                    signed.certificate().toString(),
                    "redfleet.gateway.tls.key",
                    signed.key().toString(),
                    AUTHORITY,
                    made.certificate().toString());
        }

        @Override
        public void stop() {
            if (directory != null) {
                directory.close();
            }
        }
    }
}
