package io.redfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestAuthorityTest {
    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void itVouchesForWhatItHasSignedAndForNothingElse(String algorithm) throws Exception {
        TestAuthority ours = TestAuthority.in(directory.resolve("ours"));
        TestAuthority theirs = TestAuthority.in(directory.resolve("theirs"));
        TestAuthority.Signed signed = ours.signed("one", "dns:gateway.test,ip:127.0.0.1", algorithm, "-2d", 5);
        X509Certificate made = first(signed.certificate());
        validate(made, ours);
        assertThatThrownBy(() -> validate(made, theirs)).isInstanceOf(CertPathValidatorException.class);
        assertThat(made.getBasicConstraints()).as("it is no authority").isEqualTo(-1);
        assertThat(made.getSubjectX500Principal().getName()).isEqualTo("CN=one");
        assertThat(made.getSubjectAlternativeNames()).hasToString("[[2, gateway.test], [7, 127.0.0.1]]");
        Instant from = made.getNotBefore().toInstant();
        assertThat(Duration.between(from, Instant.now())).isBetween(Duration.ofDays(2), Duration.ofHours(49));
        assertThat(made.getNotAfter().toInstant()).isEqualTo(from.plus(Duration.ofDays(5)));
    }

    @Test
    void whatIsOverIsNotVouchedFor() throws Exception {
        TestAuthority ours = TestAuthority.in(directory);
        X509Certificate old =
                first(ours.signed("old", "ip:127.0.0.1", "EC", "-9d", 3).certificate());
        assertThatThrownBy(() -> validate(old, ours)).isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void whatItDoesNotKnowHowToWriteIsRefused() {
        TestAuthority ours = TestAuthority.in(directory);
        assertThatThrownBy(() -> ours.signed("a", "gateway.test")).hasMessageContaining("begins with dns: or ip:");
        assertThatThrownBy(() -> ours.signed("b", "ip:::1")).hasMessageContaining("has to be an IPv4 address");
        assertThatThrownBy(() -> ours.signed("c", "ip:127.0.0.1", "EC", "+1d", 3))
                .hasMessage("start +1d: has to be like -1d");
    }

    private static X509Certificate first(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static void validate(X509Certificate made, TestAuthority by) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(first(by.certificate()), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(made)), parameters);
    }
}
