package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A renewed certificate that a data node reads while it runs; with a real Redis, a real shell and the host's openssl. */
@Timeout(120)
class ReloadScriptTest {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    @TempDir
    Path directory = Path.of("");

    private TestAuthority authority;
    private TestAuthority.Signed host;
    private int port;

    @BeforeAll
    static void openssl() throws Exception {
        Process found = new ProcessBuilder("sh", "-c", "command -v openssl").start();
        assumeTrue(found.waitFor() == 0, "there is no openssl here");
    }

    @BeforeEach
    void aHostsCertificate() {
        authority = TestAuthority.in(directory.resolve("ours"));
        host = authority.signed("host", "ip:127.0.0.1", "EC", "-1d", 90);
        port = FreePort.choose();
    }

    @Test
    void whatWasRenewedIsReadAndShown() throws Exception {
        try (RedisNode redis = redis()) {
            assertThat(redis.port()).isNotEqualTo(port);
            Certificate before = shown();
            assertThat(reloaded()).isEqualTo("0 unchanged");
            assertThat(shown()).isEqualTo(before);

            put(authority.signed("renewed", "ip:127.0.0.1", "EC", "-1d", 90), true);
            assertThat(shown()).as("Redis looks at no file by itself").isEqualTo(before);
            assertThat(reloaded()).isEqualTo("0 changed");
            assertThat(shown()).isEqualTo(lying()).isNotEqualTo(before);
            assertThat(reloaded()).as("twice").isEqualTo("0 unchanged");
        }
    }

    @Test
    void anInstanceIsToldNothingOfFilesThatAreNotRight() throws Exception {
        try (RedisNode redis = redis()) {
            assertThat(redis.port()).isNotEqualTo(port);
            Certificate before = shown();
            put(authority.signed("half", "ip:127.0.0.1", "EC", "-1d", 90), false);
            assertThat(reloaded()).startsWith("1 ").contains("host.key is not the key of ", "told nothing");
            put(authority.signed("over", "ip:127.0.0.1", "EC", "-40d", 30), true);
            assertThat(reloaded()).startsWith("1 ").contains("certificate has expired", "told nothing");
            put(authority.signed("elsewhere", "ip:127.0.0.2", "EC", "-1d", 90), true);
            assertThat(reloaded()).startsWith("1 ").containsIgnoringCase("IP address mismatch");
            TestAuthority theirs = TestAuthority.in(directory.resolve("theirs"));
            put(theirs.signed("stranger", "ip:127.0.0.1", "EC", "-1d", 90), true);
            assertThat(reloaded()).startsWith("1 ").contains("does not vouch for ", "told nothing");
            Files.delete(host.certificate());
            assertThat(reloaded()).startsWith("1 ").contains("no certificate can be read in ");
            assertThat(shown()).isEqualTo(before);
        }
    }

    private RedisNode redis() {
        return RedisNode.start(
                "tls-port " + port,
                "tls-cert-file " + host.certificate(),
                "tls-key-file " + host.key(),
                "tls-ca-cert-file " + authority.certificate(),
                "tls-auth-clients no");
    }

    /** @param whole whether its key too */
    private void put(TestAuthority.Signed renewed, boolean whole) throws IOException {
        Files.copy(renewed.certificate(), host.certificate(), StandardCopyOption.REPLACE_EXISTING);
        if (whole) {
            Files.copy(renewed.key(), host.key(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** What the host's file holds first. */
    private Certificate lying() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(host.certificate())) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private Certificate shown() throws IOException {
        try (SSLSocket socket =
                (SSLSocket) authority.client().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** The exit status, and what was said. */
    private String reloaded() throws Exception {
        String files = "ask_user='' ask_ca='" + authority.certificate() + "' tls_certificate='" + host.certificate()
                + "' tls_key='" + host.key() + "'\n";
        Path base = Files.createDirectories(directory.resolve("base"));
        Script plain = LeasedShell.script(base, "reload", DEADLINE, List.of("127.0.0.1", "" + port));
        Script script = new Script(plain.name(), files + plain.text(), plain.arguments(), plain.deadline());
        try (LeaseProcess lease = LeasedShell.lease(base)) {
            assertThat(lease.alive()).isTrue();
            Process shell = LeasedShell.begun(script);
            assertThat(shell.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return shell.exitValue() + " " + said.strip();
        }
    }
}
