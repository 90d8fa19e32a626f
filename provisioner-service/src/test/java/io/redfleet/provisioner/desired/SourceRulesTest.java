package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.wire.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that is built of its source, as a spec asks for it. */
class SourceRulesTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String FILE = "redis_8.0.2.orig.tar.gz";

    @ParameterizedTest
    @ValueSource(strings = {"process", "systemd"})
    void aSourceIsNamedWithItsDigestAndWhoBuildsIt(String service) {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, "spec.service", service);
        ClusterSpec spec = SpecReaderTest.good(document);
        assertThat(spec.redis().built()).isTrue();
        assertThat(spec.redis().archived()).as("it comes as an archive").isTrue();
        assertThat(spec.redis().packaged()).isFalse();
        assertThat(spec.redis().archive()).isNull();
        BuildHost host = new BuildHost("10.9.9.9", new SshSpec("builder", 2222, "build-key", null), "redfleet-build");
        assertThat(spec.redis().source()).isEqualTo(new SourceSpec(FILE, SHA256, host));
    }

    @Test
    void theDirectoryOfTheBuildHostMayBeSaid() {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, "spec.redis.source.buildHost.directory", "/srv/builds");
        SourceSpec source =
                Objects.requireNonNull(SpecReaderTest.good(document).redis().source());
        assertThat(source.buildHost().directory()).isEqualTo("/srv/builds");
    }

    @Test
    void whatComesFromElsewhereHasNone() {
        ClusterSpec spec = SpecReaderTest.good(SpecReaderTest.document());
        assertThat(spec.redis().source()).isNull();
        assertThat(spec.redis().built()).isFalse();
    }

    /** The field that is set, what to, words of its rule. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            spec.redis.source.file                  | ../redis.tar.gz        | must be the plain name of a .tar.gz
            spec.redis.source.file                  | https://x/redis.tar.gz | must be the plain name of a .tar.gz
            spec.redis.source.file                  | redis.tar.xz           | must be the plain name of a .tar.gz
            spec.redis.source.file                  | ""                     | must be the plain name of a .tar.gz
            spec.redis.source.sha256                | abc                    | must be 64 hex digits
            spec.redis.source.sha256                | ""                     | must be 64 hex digits
            spec.redis.source.make                  | -j9                    | unknown key
            spec.redis.source.buildHost.address     | build.example.org      | must be an IPv4 address of one host
            spec.redis.source.buildHost.address     | 169.254.169.254        | is a link-local address
            spec.redis.source.buildHost.address     | 10.0.0.11              | is the address of host r1
            spec.redis.source.buildHost.ssh.user    | root                   | must not be root
            spec.redis.source.buildHost.ssh.port    | 0                      | must be
            spec.redis.source.buildHost.ssh.via     | 10.0.0.1               | not supported
            spec.redis.source.buildHost.directory   | ../up                  | must be a path
            spec.redis.source.buildHost.directory   | a/./b                  | must be a path
            spec.redis.source.buildHost.directory   | "a b"                  | must be a path
            spec.redis.source.buildHost.colour      | red                    | unknown key
            spec.redis.version                      | "8.0"                  | with install: source it must be the whole version
            """)
    void aRuleThatIsBroken(String field, String value, String rule) {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, field, value);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.rule()).contains(rule);
        });
    }

    @Test
    void whatIsMissingIsNamed() {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, "spec.redis.source", null);
        assertThat(broken(document))
                .extracting(Violation::field)
                .containsExactlyInAnyOrder(
                        "spec.redis.source.file", "spec.redis.source.sha256", "spec.redis.source.buildHost.address");
    }

    @Test
    void anArchiveBesideItIsRefused() {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, "spec.redis.archive", new LinkedHashMap<>(Map.of("file", "a.tar.gz")));
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.archive");
            assertThat(violation.rule()).contains("goes with install: archive alone");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"present", "packages"})
    void whereRedisComesFromElsewhereASourceIsRefused(String install) {
        Map<String, Object> document = built();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.redis.install", install);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.source");
            assertThat(violation.rule()).contains("goes with install: source alone");
        });
    }

    private static Map<String, Object> built() {
        Map<String, Object> ssh =
                new LinkedHashMap<>(Map.of("user", "builder", "port", 2222, "credential", "build-key"));
        Map<String, Object> host = new LinkedHashMap<>(Map.of("address", "10.9.9.9", "ssh", ssh));
        Map<String, Object> source = new LinkedHashMap<>(Map.of("file", FILE, "sha256", SHA256, "buildHost", host));
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.install", "source");
        SpecReaderTest.put(document, "spec.redis.version", "8.0.2");
        SpecReaderTest.put(document, "spec.redis.source", source);
        return document;
    }

    private static List<Violation> broken(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
