package io.redfleet.gateway.edge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.gateway.edge.tls.CertificateFiles;
import io.redfleet.gateway.edge.tls.Notice;
import io.redfleet.gateway.edge.tls.Tls;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monit reports over TLS where the gateway has a certificate, and not in the clear any more. */
class CollectorTlsTest extends CollectorGround {
    @TempDir
    Path directory = Path.of("");

    private Optional<TestAuthority> authority = Optional.empty();

    @Override
    Tls tls() {
        TestAuthority made = TestAuthority.in(directory.resolve("authority"));
        authority = Optional.of(made);
        TestAuthority.Signed signed = made.signed("collector", "ip:127.0.0.1");
        return Tls.of(
                CertificateFiles.of(Optional.of(signed.certificate()), Optional.of(signed.key())),
                Notice.in(directory, port),
                vertx,
                InstantSource.system());
    }

    @Test
    void aReportArrivesEncryptedAndNotOtherwise() throws Exception {
        String token = reporter("r1");
        HttpRequest report = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/collector"))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", basic("r1", token))
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build();
        try (HttpClient encrypted = HttpClient.newBuilder()
                .sslContext(authority.orElseThrow().client())
                .build()) {
            assertThat(encrypted
                            .send(report, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(delivered).hasSize(1);
        assertThatThrownBy(() -> post(basic("r1", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
        assertThat(delivered).hasSize(1);
    }
}
