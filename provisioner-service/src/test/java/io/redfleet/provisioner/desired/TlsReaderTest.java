package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a spec says of TLS, and what it cannot say. */
class TlsReaderTest {
    @TempDir
    static Path directory = Path.of("");

    private static String ca = "";
    private static String leaf = "";
    private static String key = "";

    @BeforeAll
    static void anAuthority() throws IOException {
        TestAuthority authority = TestAuthority.in(directory.resolve("one"));
        ca = Files.readString(authority.certificate());
        TestAuthority.Signed signed = authority.signed("host", "ip:10.0.0.11");
        String chain = Files.readString(signed.certificate());
        leaf = chain.substring(0, chain.indexOf("-----END CERTIFICATE-----") + 26);
        key = Files.readString(signed.key());
    }

    @Test
    void aCaAndThreePathsAreTlsWhateverTheLinesOfTheCaWere() {
        TlsSpec read = good(document()).security().tls();
        assertThat(read.on()).isTrue();
        assertThat(read.ca()).isEqualTo(ca);
        assertThat(read.caFile()).isEqualTo("/etc/redfleet/tls/ca.crt");
        assertThat(read.certificate()).isEqualTo("/etc/redfleet/tls/host.crt");
        assertThat(read.key()).isEqualTo("/etc/redfleet/tls/host.key");

        Map<String, Object> other = document();
        put(other, "ca", "Issuer: somebody\r\n" + ca.replace("\n", "\r\n") + "\r\n");
        assertThat(good(other).security().tls()).isEqualTo(read);
    }

    @Test
    void aDocumentThatSaysNothingOfItKeepsWhatStands() {
        SecuritySpec standing = good(document()).security();
        Object silent = SpecReaderTest.document();
        assertThat(SpecReader.read(silent, standing))
                .isInstanceOfSatisfying(
                        SpecReader.Good.class,
                        good -> assertThat(good.spec().security()).isEqualTo(standing));
        assertThat(good(SpecReaderTest.document()).security().tls()).isEqualTo(TlsSpec.OFF);
    }

    /** {@code LEAF} and {@code KEY} are what the test has made. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ca          | nonsense                | must be the certificate of the CA
            ca          | LEAF                    | basicConstraints
            ca          | -----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE----- | that can be read
            ca          | KEY                     | stays on its host
            caFile      | ca.crt                  | absolute path
            caFile      | /etc/../ca.crt          | absolute path
            certificate | '/etc/a b'              | absolute path
            certificate |                         | absolute path
            key         | KEY                     | must not contain line breaks
            key         | /etc/redfleet/tls/host.crt | a file of its own
            colour      | red                     | unknown key
            """)
    void whatIsNotTlsIsRefusedAndNothingOfItIsShown(String field, @Nullable String value, String rule) {
        Map<String, Object> document = document();
        String text = value == null ? "" : value;
        put(document, field, text.equals("LEAF") ? leaf : text.equals("KEY") ? key : text);
        List<Violation> broken = bad(document);
        assertThat(broken).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo("spec.security.tls." + field);
            assertThat(violation.rule()).contains(rule);
        });
        assertThat(broken).allSatisfy(violation -> assertThat(violation.value()).isEqualTo("(not shown)"));
    }

    @ParameterizedTest
    @CsvSource({"/home/redis/host.key", "/root/host.key", "/tmp/host.key", "/run/user/7/host.key"})
    void aUnitOfSystemdSeesNoFileThere(String path) {
        Map<String, Object> document = document();
        put(document, "key", path);
        assertThat(good(document).security().tls().key()).isEqualTo(path);
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.directory", "/srv/redis");
        assertThat(bad(document))
                .extracting(Violation::rule)
                .singleElement()
                .satisfies(rule -> assertThat(rule).contains("Redis sees nothing below /home"));
    }

    @Test
    void itIsForTheClustersLife() {
        ClusterSpec plain = good(SpecReaderTest.document());
        ClusterSpec secured = good(document());
        Map<String, Object> elsewhere = document();
        put(elsewhere, "key", "/etc/redfleet/tls/other.key");
        assertThat(refused(plain, secured)).contains("it would cut its members");
        assertThat(refused(secured, plain)).contains("it would cut its members");
        assertThat(refused(secured, good(elsewhere))).contains("its CA and its paths are for the cluster's life");
    }

    private static String refused(ClusterSpec standing, ClusterSpec wanted) {
        Revision.Expected any = new Revision.Expected(null, false);
        Instant now = Instant.EPOCH;
        Revision.Decision first = Revision.follow(null, standing, any, () -> new ClusterUid("u1"), now);
        assertThat(first).isInstanceOf(Revision.Next.class);
        Revision.Decision next =
                Revision.follow(((Revision.Next) first).state(), wanted, any, () -> new ClusterUid("u2"), now);
        assertThat(next).isInstanceOf(Revision.No.class);
        List<Violation> errors = ((Revision.No) next).problem().errors();
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().field()).isEqualTo("spec.security.tls");
        return errors.getFirst().rule();
    }

    private static Map<String, Object> document() {
        Map<String, Object> document = SpecReaderTest.document();
        Map<String, Object> tls = new LinkedHashMap<>();
        tls.put("ca", ca);
        tls.put("caFile", "/etc/redfleet/tls/ca.crt");
        tls.put("certificate", "/etc/redfleet/tls/host.crt");
        tls.put("key", "/etc/redfleet/tls/host.key");
        SpecReaderTest.put(document, "spec.security.tls", tls);
        return document;
    }

    private static void put(Map<String, Object> document, String field, String value) {
        SpecReaderTest.put(document, "spec.security.tls." + field, value);
    }

    private static ClusterSpec good(Object document) {
        return SpecReaderTest.good(document);
    }

    private static List<Violation> bad(Object document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
