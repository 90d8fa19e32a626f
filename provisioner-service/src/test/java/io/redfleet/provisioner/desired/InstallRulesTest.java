package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.wire.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Redis out of an archive, as a spec asks for it. */
class InstallRulesTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({"process", "systemd"})
    void anArchiveIsNamedWithItsDigestAndItsWholeVersion(String service) {
        Map<String, Object> document = archived();
        SpecReaderTest.put(document, "spec.service", service);
        ClusterSpec spec = SpecReaderTest.good(document);
        assertThat(spec.redis().archived()).isTrue();
        assertThat(spec.redis().packaged()).isFalse();
        assertThat(spec.redis().archive()).isEqualTo(new ArchiveSpec("redis-8.0.2.tar.gz", SHA256));
    }

    @Test
    void whatComesFromElsewhereHasNone() {
        assertThat(SpecReaderTest.good(SpecReaderTest.document()).redis().archive())
                .isNull();
    }

    /** The field that is set, what to, words of its rule. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            spec.redis.archive.file   | ../redis.tar.gz          | must be the plain name of a .tar.gz
            spec.redis.archive.file   | /srv/redis.tar.gz        | must be the plain name of a .tar.gz
            spec.redis.archive.file   | a/b.tar.gz               | must be the plain name of a .tar.gz
            spec.redis.archive.file   | .tar.gz                  | must be the plain name of a .tar.gz
            spec.redis.archive.file   | .hidden.tar.gz           | must be the plain name of a .tar.gz
            spec.redis.archive.file   | redis.zip                | must be the plain name of a .tar.gz
            spec.redis.archive.file   | https://x/redis.tar.gz   | must be the plain name of a .tar.gz
            spec.redis.archive.file   | "a b.tar.gz"             | must be the plain name of a .tar.gz
            spec.redis.archive.file   | ""                       | must be the plain name of a .tar.gz
            spec.redis.archive.sha256 | abc                      | must be 64 hex digits
            spec.redis.archive.sha256 | ""                       | must be 64 hex digits
            spec.redis.archive.url    | https://x/redis.tar.gz   | unknown key
            spec.redis.version        | "8.0"                    | must be the whole version
            spec.redis.version        | ""                       | must be the whole version
            """)
    void aRuleThatIsBroken(String field, String value, String rule) {
        Map<String, Object> document = archived();
        SpecReaderTest.put(document, field, value);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.rule()).contains(rule);
        });
    }

    @Test
    void aDigestInUpperCaseIsNoneAndWhatIsMissingIsNamed() {
        Map<String, Object> document = archived();
        SpecReaderTest.put(document, "spec.redis.archive.sha256", SHA256.toUpperCase(Locale.ROOT));
        assertThat(broken(document)).extracting(Violation::field).containsExactly("spec.redis.archive.sha256");
        SpecReaderTest.put(document, "spec.redis.archive", null);
        assertThat(broken(document))
                .extracting(Violation::field)
                .containsExactly("spec.redis.archive.file", "spec.redis.archive.sha256");
    }

    @ParameterizedTest
    @CsvSource({"present", "packages"})
    void whereRedisComesFromElsewhereAnArchiveIsRefused(String install) {
        Map<String, Object> document = archived();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.redis.install", install);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.archive");
            assertThat(violation.rule()).contains("goes with install: archive alone");
        });
    }

    @ParameterizedTest(name = "install: {0}, version {1}: {2}")
    @CsvSource({
        "packages, 7.0, true",
        "packages, 7.0.15-1, true",
        "packages, 5:7.0.15-1~deb12u6, true",
        "packages, 5:7.0.15, false",
        "packages, 7.0.15-1;reboot, false",
        "packages, -1, false",
        "present, 5:7.0.15-1~deb12u6, false",
    })
    void aPackageMayBeNamedByTheWholeOfItsVersion(String install, String version, boolean good) {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.redis.install", install);
        SpecReaderTest.put(document, "spec.redis.version", version);
        assertThat(SpecReader.read(document) instanceof SpecReader.Good).isEqualTo(good);
        if (!good) {
            assertThat(broken(document)).singleElement().satisfies(violation -> {
                assertThat(violation.field()).isEqualTo("spec.redis.version");
                assertThat(violation.rule()).startsWith("must be a version or its beginning");
            });
        }
    }

    private static Map<String, Object> archived() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.install", "archive");
        SpecReaderTest.put(document, "spec.redis.version", "8.0.2");
        SpecReaderTest.put(
                document,
                "spec.redis.archive",
                new LinkedHashMap<>(Map.of("file", "redis-8.0.2.tar.gz", "sha256", SHA256)));
        return document;
    }

    private static List<Violation> broken(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
