package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.wire.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptRulesTest {
    @Test
    void initScriptsRunInstancesInDirectoriesOfRedis() {
        ClusterSpec spec = SpecReaderTest.good(scripted());
        assertThat(spec.service()).isEqualTo("sysv");
        assertThat(spec.runsOnScripts()).isTrue();
        assertThat(spec.runsByInit()).isTrue();
        assertThat(spec.runsOnSystemd()).isFalse();
        assertThat(spec.hosts()).allSatisfy(host -> assertThat(host.directory()).isEqualTo("/var/lib/redfleet"));
    }

    @Test
    void theUsersOwnProcessesAreNobodysInit() {
        ClusterSpec spec = SpecReaderTest.good(SpecReaderTest.document());
        assertThat(spec.runsOnScripts()).isFalse();
        assertThat(spec.runsByInit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.monit.agent      | on          | spec.monit.agent   | must be off with service: sysv
            spec.tuning.profile   | recommended | spec.tuning        | must be left out with service: sysv
            spec.redis.install    | packages    | spec.redis.install | needs service: systemd
            spec.directory        | redfleet    | spec.directory     | must be absolute with service: sysv
            spec.directory        | /srv/./a    | spec.directory     | must not contain /./ with service: sysv, whose init scripts
            spec.directory        | /tmp/redis  | spec.directory     | with service: sysv: redis may not enter them
            """)
    void whatOtherInitsDoNotDo(String field, String value, String told, String rule) {
        Map<String, Object> document = scripted();
        SpecReaderTest.put(document, field, value);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(told);
            assertThat(violation.rule()).contains(rule);
        });
    }

    @Test
    void anArchiveIsRefusedToo() {
        Map<String, Object> document = scripted();
        SpecReaderTest.put(document, "spec.redis.install", "archive");
        SpecReaderTest.put(document, "spec.redis.version", "8.0.2");
        SpecReaderTest.put(document, "spec.redis.archive.file", "redis-8.0.2.tar.gz");
        SpecReaderTest.put(document, "spec.redis.archive.sha256", "0123456789abcdef".repeat(4));
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.install");
            assertThat(violation.rule()).contains("must be present with service: sysv");
        });
    }

    private static List<Violation> broken(Map<String, Object> document) {
        return ((SpecReader.Bad) SpecReader.read(document)).violations();
    }

    private static Map<String, Object> scripted() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.service", "sysv");
        return document;
    }
}
