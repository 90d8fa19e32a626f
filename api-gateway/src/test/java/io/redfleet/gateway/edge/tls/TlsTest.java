package io.redfleet.gateway.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.testkit.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener with the options of this gateway's, over real connections. */
@Timeout(60)
class TlsTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path directory = Path.of("");

    private TestAuthority authority;
    private Path certificate;
    private Path key;
    private Notice notice;

    @BeforeEach
    void make() throws IOException {
        authority = TestAuthority.in(directory.resolve("authority"));
        certificate = directory.resolve("gateway.pem");
        key = directory.resolve("gateway.key");
        notice = Notice.in(directory.resolve("home"), 8080);
        lay(authority.signed("first", "ip:127.0.0.1"));
    }

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void whoKnowsTheAuthorityIsAnsweredAndWhoDoesNotTurnsAway() throws Exception {
        try (Tls tls = tls()) {
            int port = listen(tls);
            assertThat(answer(port, client())).isEqualTo("here");
            try (HttpClient usual = HttpClient.newHttpClient()) {
                assertThatThrownBy(() -> answer(port, usual)).isInstanceOf(SSLHandshakeException.class);
            }
            try (SSLSocket socket = connected(port)) {
                assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
        }
    }

    @Test
    void nothingOlderThanTls12IsOffered() {
        try (Tls tls = tls()) {
            HttpServerOptions options = new HttpServerOptions();
            tls.on(options);
            assertThat(options.isSsl()).isTrue();
            assertThat(options.getEnabledSecureTransportProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        }
    }

    /** No redirect, no answer at all: the token is on the wire by then, and nobody shall get used to that. */
    @Test
    void whoSpeaksPlainlyIsHungUpOn() throws Exception {
        try (Tls tls = tls();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), listen(tls))) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(rest(plain.getInputStream())).doesNotContain("HTTP").doesNotContain("here");
        }
    }

    @Test
    void aRenewedCertificateIsShownToTheNextConnection() throws Exception {
        try (Tls tls = tls()) {
            int port = listen(tls);
            SSLSocket before = connected(port);
            assertThat(name(before)).isEqualTo("CN=first");
            lay(authority.signed("second", "ip:127.0.0.1", "RSA", "-1d", 5));
            tls.look();
            try (SSLSocket after = connected(port)) {
                assertThat(name(after)).isEqualTo("CN=second");
            }
            assertThat(asked(before)).as("who is connected stays so").contains("here");
            before.close();
            assertThat(Files.readString(notice.file()))
                    .isEqualTo(first(Files.readString(directory.resolve("authority/second.pem"))));
        }
    }

    @Test
    void whatIsNotFitReplacesNothing() throws Exception {
        try (Tls tls = tls()) {
            int port = listen(tls);
            String left = Files.readString(notice.file());
            TestAuthority.Signed second = authority.signed("second", "ip:127.0.0.1");
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            tls.look();
            shows(port, "CN=first");
            assertThat(Files.readString(notice.file())).isEqualTo(left);
            Files.delete(key);
            tls.look();
            shows(port, "CN=first");
            lay(authority.signed("old", "ip:127.0.0.1", "EC", "-9d", 3));
            tls.look();
            shows(port, "CN=first");
            lay(second);
            tls.look();
            shows(port, "CN=second");
        }
    }

    @Test
    void theNoticeIsItsOwnersAndGoesWithTls() throws IOException {
        try (Tls tls = tls()) {
            assertThat(tls.spoken()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(notice.file())))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(notice.file())).isEqualTo(first(Files.readString(certificate)));
        }
        try (Tls plain = Tls.of(Optional.empty(), notice, vertx, InstantSource.system())) {
            assertThat(plain.spoken()).isFalse();
            assertThat(notice.file()).doesNotExist();
            HttpServerOptions options = new HttpServerOptions();
            plain.on(options);
            assertThat(options.isSsl()).isFalse();
        }
    }

    private Tls tls() {
        return Tls.of(
                CertificateFiles.of(Optional.of(certificate), Optional.of(key)), notice, vertx, InstantSource.system());
    }

    private void lay(TestAuthority.Signed signed) throws IOException {
        Files.copy(signed.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(signed.key(), key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private int listen(Tls tls) throws Exception {
        HttpServerOptions options = new HttpServerOptions();
        tls.on(options);
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end("here"))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    private HttpClient client() {
        return HttpClient.newBuilder().sslContext(authority.client()).build();
    }

    private static String answer(int port, HttpClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private SSLSocket connected(int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) authority.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private void shows(int port, String name) throws IOException {
        try (SSLSocket socket = connected(port)) {
            assertThat(name(socket)).isEqualTo(name);
        }
    }

    private static String name(SSLSocket socket) throws IOException {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    private static String asked(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return rest(socket.getInputStream());
    }

    private static String rest(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static String first(String chain) {
        String end = "-----END CERTIFICATE-----\n";
        return chain.substring(0, chain.indexOf(end) + end.length());
    }
}
