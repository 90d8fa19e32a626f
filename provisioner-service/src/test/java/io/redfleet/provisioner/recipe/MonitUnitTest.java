package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitUnitTest {
    private static final String BASE = "/var/lib/redfleet";
    private static final String MONIT = "/usr/bin/monit";

    private final ClusterState cluster = Plans.cluster("u1", 1, 0);

    @Test
    void itBearsTheNameOfNoInstance() {
        assertThat(MonitUnit.path(new ClusterName("orders")))
                .isEqualTo("/etc/systemd/system/redfleet-orders.monit.service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# redfleet-owner u1 orders",
                "User=redis",
                "Type=simple",
                "ConditionPathExists=/var/lib/redfleet/orders/.monit/monitrc",
                "ExecStartPre=\"/bin/rm\" \"-f\" \"/var/lib/redfleet/orders/.monit/pid\"",
                "ExecStart=\"/usr/bin/monit\" \"-I\" \"-c\" \"/var/lib/redfleet/orders/.monit/monitrc\"",
                "Restart=on-failure",
                "ReadWritePaths=/var/lib/redfleet/orders/.monit",
                "ProtectSystem=strict",
                "NoNewPrivileges=yes",
                "CapabilityBoundingSet=",
                "UMask=0077",
                "WantedBy=multi-user.target"
            })
    void aLineOfIt(String line) {
        assertThat(MonitUnit.of(cluster, BASE, MONIT).text().lines()).contains(line);
    }

    @Test
    void itActsOnNoInstanceAndLeavesNothingToTheFormat() {
        String text = MonitUnit.of(cluster, BASE, MONIT).text();
        assertThat(text)
                .doesNotContain("redis-server", "redis-sentinel", "Requires", "PartOf", "BindsTo", "%")
                .endsWith("WantedBy=multi-user.target\n");
    }

    @Test
    void anotherProgramOrPlaceIsAnotherUnit() {
        String hash = MonitUnit.of(cluster, BASE, MONIT).hash();
        assertThat(hash)
                .hasSize(64)
                .isEqualTo(MonitUnit.of(cluster, BASE, MONIT).hash());
        assertThat(MonitUnit.of(cluster, BASE, "/usr/local/bin/monit").hash()).isNotEqualTo(hash);
        assertThat(MonitUnit.of(cluster, "/srv/redfleet", MONIT).hash()).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/bin/monit\nExecStartPre=/bin/sh",
                "/usr/bin/mo nit",
                "/usr/bin/\"monit",
                "/usr/bin/%h",
                "/usr/bin/$HOME",
                "/usr/../bin/monit",
                "monit",
                ""
            })
    void noProgramAndNoPlaceBreaksOutOfIt(String path) {
        assertThat(MonitUnit.unfit(path))
                .hasValueSatisfying(reason ->
                        assertThat(reason).startsWith("a unit cannot name ").matches("[ -~]+"));
        assertThatThrownBy(() -> MonitUnit.of(cluster, BASE, path)).isInstanceOf(IllegalArgumentException.class);
        assertThat(MonitUnit.unfit(MONIT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/a\nUser=root", "/srv/%h", "/srv/a b", "srv"})
    void noDirectoryBreaksOutOfIt(String base) {
        assertThatThrownBy(() -> MonitUnit.of(cluster, base, MONIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }
}
