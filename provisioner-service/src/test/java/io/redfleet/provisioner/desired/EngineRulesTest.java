package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.engine.Engine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A spec of Valkey: what goes with it, what does not, and that a cluster keeps what it has. */
class EngineRulesTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final Revision.Expected ANY = new Revision.Expected(null, false);

    @Test
    void redisUnlessTheSpecSaysValkey() {
        assertThat(SpecReaderTest.good(SpecReaderTest.document()).redis().engine())
                .isEqualTo("redis");
        ClusterSpec spec = SpecReaderTest.good(valkey());
        assertThat(spec.redis().engine()).isEqualTo("valkey");
        assertThat(Engine.of(spec.redis())).isEqualTo(Engine.VALKEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "7.2", "7.2.5", "8.0", "8.1.1", "9.0"})
    void everyValkeyIsManaged(String version) {
        Map<String, Object> document = valkey();
        SpecReaderTest.put(document, "spec.redis.version", version);
        assertThat(SpecReaderTest.good(document).redis().version()).isEqualTo(version);
    }

    /** What is set in a spec of Valkey beside the service, and what is said of it; the same is taken of Redis. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            spec.redis.version                    | 7.0      | 7.0      | Valkey is managed from 7.2 on
            spec.redis.version                    | 6.2      | 6.2      | Valkey is managed from 7.2 on
            spec.redis.version                    | 6        | 6        | Valkey is managed from 7.2 on
            spec.redis.install                    | packages | packages | with engine: valkey it must be present or archive
            spec.redis.config.io-threads-do-reads | "yes"    | io-threads-do-reads | from 8.1 on Valkey passes over it
            spec.redis.config.dynamic-hz          | "no"     | dynamic-hz          | from 8.1 on Valkey passes over it
            """)
    void whatDoesNotGoWithValkey(String field, String value, String told, String rule) {
        Map<String, Object> document = valkey();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, field, value);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.value()).isEqualTo(told);
            assertThat(violation.rule()).contains(rule);
        });
        SpecReaderTest.put(document, "spec.redis.engine", "redis");
        assertThat(SpecReaderTest.good(document).redis().engine()).isEqualTo("redis");
    }

    @Test
    void packagesOfValkeyAreRefusedForThatAndNotForTheirService() {
        Map<String, Object> document = valkey();
        SpecReaderTest.put(document, "spec.redis.install", "packages");
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.install");
            assertThat(violation.rule()).contains("is for the packages of Redis in this release");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "systemd"})
    void anArchiveOfIt(String service) {
        Map<String, Object> document = valkey();
        SpecReaderTest.put(document, "spec.service", service);
        SpecReaderTest.put(document, "spec.redis.install", "archive");
        SpecReaderTest.put(document, "spec.redis.version", "8.1.1");
        SpecReaderTest.put(
                document,
                "spec.redis.archive",
                new LinkedHashMap<>(Map.of("file", "valkey-8.1.1.tar.gz", "sha256", SHA256)));
        assertThat(SpecReaderTest.good(document).redis().archived()).isTrue();
        SpecReaderTest.put(document, "spec.redis.version", "8.1");
        assertThat(broken(document)).extracting(Violation::field).containsExactly("spec.redis.version");
    }

    @ParameterizedTest
    @CsvSource({"redis, valkey", "valkey, redis"})
    void aClusterKeepsItsEngine(String before, String after) {
        Revision.Decision decision = after(spec(before, "full"), spec(after, "full"));
        assertThat(decision).isInstanceOf(Revision.No.class);
        Problem problem = ((Revision.No) decision).problem();
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.engine");
            assertThat(violation.value()).isEqualTo(after);
            assertThat(violation.rule())
                    .startsWith("the engine is for the cluster's life; it stays " + before)
                    .contains("from 7.4 on", "from 9.0 on");
        });
        assertThat(after(spec(before, "full"), spec(before, "full"))).isInstanceOf(Revision.Next.class);
    }

    /** Specs of before could not say valkey of a cluster that is only watched. */
    @ParameterizedTest
    @CsvSource({"redis, valkey", "valkey, redis"})
    void ofOneThatIsOnlyWatchedItIsPutRight(String before, String after) {
        assertThat(after(spec(before, "observe"), spec(after, "observe"))).isInstanceOf(Revision.Next.class);
    }

    private static Revision.Decision after(ClusterSpec before, ClusterSpec wanted) {
        ClusterState standing = ((Revision.Next) follow(null, before)).state();
        return follow(standing, wanted);
    }

    private static Revision.Decision follow(@Nullable ClusterState standing, ClusterSpec wanted) {
        return Revision.follow(standing, wanted, ANY, () -> new ClusterUid("u1"), Instant.EPOCH);
    }

    private static ClusterSpec spec(String engine, String manage) {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.manage", manage);
        SpecReaderTest.put(document, "spec.redis.engine", engine);
        return SpecReaderTest.good(document);
    }

    private static Map<String, Object> valkey() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.engine", "valkey");
        return document;
    }

    private static List<Violation> broken(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
