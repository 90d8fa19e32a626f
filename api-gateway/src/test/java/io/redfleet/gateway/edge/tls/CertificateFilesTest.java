package io.redfleet.gateway.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFilesTest {
    private static final String CERTIFICATE = "redfleet.gateway.tls.certificate";
    private static final String KEY = "redfleet.gateway.tls.key";

    @TempDir
    static Path made = Path.of("");

    private static TestAuthority authority;
    private static TestAuthority.Signed ours;
    private static TestAuthority.Signed other;

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void make() {
        authority = TestAuthority.in(made);
        ours = authority.signed("ours", "dns:gateway.test");
        other = authority.signed("other", "dns:gateway.test");
    }

    @ParameterizedTest
    @CsvSource({"/c.pem, , " + KEY + " is not set", ", /k.pem, " + CERTIFICATE + " is not set"})
    void oneAloneIsRefused(Path certificate, Path key, String sentence) {
        assertThatThrownBy(() -> CertificateFiles.of(Optional.ofNullable(certificate), Optional.ofNullable(key)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("both or neither");
    }

    @Test
    void neitherIsNoTlsAndARelativePathIsNone() {
        assertThat(CertificateFiles.of(Optional.empty(), Optional.empty())).isEmpty();
        assertThatThrownBy(() -> CertificateFiles.of(Optional.of(Path.of("c.pem")), Optional.of(Path.of("/k.pem"))))
                .hasMessage(CERTIFICATE + " is 'c.pem': it has to be an absolute path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void eachKindOfKeyIsReadWithWhatLeadsToItsAuthority(String algorithm) {
        TestAuthority.Signed signed = authority.signed("kind-" + algorithm, "dns:gateway.test", algorithm, "-1d", 5);
        Identity read = new CertificateFiles(signed.certificate(), signed.key()).read(Instant.now());
        assertThat(read.chain()).hasSize(2);
        assertThat(read.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=kind-" + algorithm);
        assertThat(read.toString()).doesNotContain("key");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = directory.resolve("none");
        refused(none, ours.key()).hasMessage(CERTIFICATE + " names " + none + ": there is no such file");
        refused(ours.certificate(), none).hasMessage(KEY + " names " + none + ": there is no such file");
        refused(directory, ours.key()).hasMessage(CERTIFICATE + " names " + directory + ": has to be a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void aKeyThatIsNotItsOwnersAloneIsRefused(String permissions) throws IOException {
        Path key = file("key.pem", Files.readString(ours.key()), permissions);
        refused(ours.certificate(), key)
                .hasMessageContaining(KEY + " names " + key)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        refused(ours.certificate(), other.key())
                .hasMessage(KEY + " names " + other.key() + ": does not belong to the first certificate in "
                        + ours.certificate());
        TestAuthority.Signed rsa = authority.signed("rsa", "dns:gateway.test", "RSA", "-1d", 5);
        refused(ours.certificate(), rsa.key()).hasMessageContaining("does not belong to the first certificate");
        refused(rsa.certificate(), ours.key()).hasMessageContaining("does not belong to the first certificate");
    }

    @Test
    void aChainInTheWrongOrderIsRefused() throws IOException {
        String own = Files.readString(ours.certificate());
        String issuer = Files.readString(authority.certificate());
        Path turned = file("turned.pem", issuer + own, "rw-------");
        refused(turned, ours.key()).hasMessageContaining("does not belong to the first certificate");
    }

    @Test
    void whatHoldsNeitherIsRefusedWithoutAWordOfIt() throws IOException {
        Path words = file("words.pem", "hunter2", "rw-------");
        Path empty = file("empty.pem", "", "rw-------");
        for (Path each : new Path[] {words, empty, ours.key()}) {
            refused(each, ours.key()).hasMessage(CERTIFICATE + " names " + each + ": holds no certificate in PEM");
        }
        for (Path each :
                new Path[] {words, empty, file("open.pem", Files.readString(ours.certificate()), "rw-------")}) {
            refused(ours.certificate(), each)
                    .hasMessageContaining(KEY + " names " + each + ": holds no private key")
                    .hasMessageNotContaining("hunter2")
                    .hasNoCause();
        }
        Path former =
                file("former.pem", Files.readString(ours.key()).replace("PRIVATE KEY", "EC PRIVATE KEY"), "rw-------");
        refused(ours.certificate(), former).hasMessageContaining("openssl pkey");
        Path torn = file("torn.pem", Files.readString(ours.key()).replace("KEY-----\nM", "KEY-----\nA"), "rw-------");
        refused(ours.certificate(), torn)
                .hasMessageContaining("holds no private key")
                .hasNoCause();
        Path locked = file(
                "locked.pem",
                Files.readString(ours.key()).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                "rw-------");
        refused(ours.certificate(), locked).hasMessageContaining("without a password");
    }

    @Test
    void onlyWhatIsValidNowIsTaken() {
        CertificateFiles files = new CertificateFiles(ours.certificate(), ours.key());
        Instant now = Instant.now();
        assertThatThrownBy(() -> files.read(now.plus(Duration.ofDays(60))))
                .hasMessageContaining(CERTIFICATE + " names " + ours.certificate() + ": has expired at ");
        assertThatThrownBy(() -> files.read(now.minus(Duration.ofDays(60))))
                .hasMessageContaining("is not valid before ")
                .hasMessageContaining("clock");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Path certificate, Path key) {
        return assertThatThrownBy(() -> new CertificateFiles(certificate, key).read(Instant.now()))
                .isInstanceOf(IllegalStateException.class);
    }

    private Path file(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
