package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who reads a renewed certificate while it runs. */
class TlsReloadTest {
    private static final String REDIS = "r1/redis-server";
    private static final TlsSpec TLS = new TlsSpec("", "/etc/tls/ca.crt", "/etc/tls/host.crt", "/etc/tls/host.key");

    @ParameterizedTest(name = "{0} of {1} says {2} and shows {3}, {4} lies there: {5}")
    @CsvSource({
        "r1/redis-server, 7.0.15, PONG, AA, BB, true",
        "r1/redis-server, 6.2.14, PONG, AA, BB, true",
        "r1/redis-server, 7.0.1, PONG, AA, BB, true",
        "r1/redis-server, 7.0.15, PONG, BB, BB, false",
        // What is not known is not done.
        "r1/redis-server, 7.0.15, PONG, '', BB, false",
        "r1/redis-server, 7.0.15, PONG, AA, '', false",
        "r1/redis-server, 7.0.15, LOADING, AA, BB, false",
        // These need a restart.
        "r1/redis-server, 7.0.0, PONG, AA, BB, false",
        "r1/redis-sentinel, 7.0.15, PONG, AA, BB, false",
    })
    void onlyWhoCanAndShowsAnother(String of, String version, String ping, String shown, String file, boolean read) {
        assertThat(step(of, version, ping, shown, file).isPresent()).isEqualTo(read);
    }

    @Test
    void theStepNamesBothCertificatesAndChangesWhatRuns() {
        Step step = step(REDIS, "7.0.15", "PONG", "AA", "BB").orElseThrow();
        assertThat(step.id()).isEqualTo("r1/redis-server/tls/reload");
        assertThat(step.title()).isEqualTo("let r1/redis-server read /etc/tls/host.crt and its key anew while it runs");
        assertThat(step.diff())
                .containsExactly("- shows the certificate SHA256 AA", "+ shows the certificate SHA256 BB");
        assertThat(Plans.of(List.of(List.of(step))).effect(step)).isEqualTo(Effect.LIVE);
    }

    private static Optional<Step> step(String of, String version, String ping, String shown, String file) {
        ClusterSpec spec = spec();
        InstanceId id = new InstanceId(of);
        InstanceSurvey seen = new InstanceSurvey(
                true,
                "",
                "",
                true,
                false,
                true,
                true,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                ping,
                Map.of("redis_version", version),
                Map.of(),
                Map.of(),
                "");
        Map<String, String> served = shown.isEmpty() ? Map.of() : Map.of(id.name(), shown);
        HostSurvey host = new HostSurvey(
                "/base",
                "b",
                "",
                "/usr/bin/redis-server",
                version,
                List.of(),
                1L << 40,
                0,
                Map.of(id, seen),
                AgentSurvey.NONE,
                TuningSurvey.NONE,
                SystemdSurvey.NONE,
                PackageSurvey.NONE,
                List.of(),
                new TlsSurvey("ops", "", Map.of(), "640", "", true, "", 30, true, "OK", file, served),
                ArchiveSurvey.NONE);
        ClusterSurvey survey = new ClusterSurvey(Map.of(new HostName("r1"), host), Map.of());
        return TlsReload.step(
                spec, survey, new StepMaker(spec, survey), spec.member(id).orElseThrow());
    }

    private static ClusterSpec spec() {
        ClusterSpec plain = Plans.cluster("u", 1, 0).spec();
        return new ClusterSpec(
                plain.name(),
                plain.labels(),
                plain.redis(),
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                plain.service(),
                plain.watch(),
                new SecuritySpec(SecuritySpec.Acl.GENERATED, TLS));
    }
}
