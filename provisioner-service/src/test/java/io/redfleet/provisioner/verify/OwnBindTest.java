package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where instances listen that somebody else built: no apply changes it, so it is told and fails nothing. */
class OwnBindTest {
    private static final HostName HOST = new HostName("r2");
    private static final InstanceId REDIS = new InstanceId("r2/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r2/redis-sentinel");

    private final ClusterSpec spec = OwnSpecs.spec("full");

    @Test
    void oneThatListensOnAllAddressesIsTold() {
        assertThat(checks("* -::*", "0.0.0.0")).hasSize(2).allSatisfy(check -> {
            assertThat(check.result()).isEqualTo(Check.Result.BROKEN);
            assertThat(check.fails()).isFalse();
            assertThat(check.found()).startsWith("bind is '");
        });
        assertThat(judged("* -::*", "0.0.0.0").report().findings())
                .filteredOn(finding -> finding.rule().equals("bind"))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.ruling()).isEqualTo(Verification.Ruling.WARNED));
    }

    @Test
    void oneThatListensWhereItShouldPasses() {
        assertThat(checks("10.0.0.12", "127.0.0.1 10.0.0.12")).hasSize(2).allSatisfy(check -> {
            assertThat(check.result()).isEqualTo(Check.Result.PASSED);
            assertThat(check.found()).isEmpty();
        });
    }

    private List<Check> checks(String redis, String sentinel) {
        return judged(redis, sentinel).checks().stream()
                .filter(check -> check.rule() == Rule.BIND)
                .toList();
    }

    /** One host of three has answered. */
    private Judged judged(String redis, String sentinel) {
        HostSurvey host = new HostSurvey(
                "/base",
                "b",
                "",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                0,
                Map.of(REDIS, seen(Map.of("bind", redis)), SENTINEL, seen(Map.of())));
        Evidence evidence = new Evidence(
                0, "", Map.of(), Map.of(), Map.of(), Map.of("bind", sentinel), Evidence.Log.NONE, Map.of());
        Found found = new Found(
                new ClusterSurvey(Map.of(HOST, host), Map.of()), Map.of(HOST, Map.of(SENTINEL, evidence)), Map.of());
        return Judged.of(spec, found, Instant.EPOCH);
    }

    private static InstanceSurvey seen(Map<String, String> config) {
        return new InstanceSurvey(
                true, "", "", true, true, false, false, false, false, "", 7, 1, false, true, "PONG", Map.of(), config,
                Map.of(), "");
    }
}
