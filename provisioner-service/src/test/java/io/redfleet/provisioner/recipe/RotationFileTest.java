package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.plan.Plans;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationFileTest {
    private final ClusterState cluster = Plans.cluster("u1", 1, 0);

    @Test
    void allLogsOfAHostAreKeptForTwelveWeeksAndRotatedAsRedis() {
        RotationFile file = RotationFile.of(cluster, on("/var/lib/redfleet"));
        assertThat(file.path()).isEqualTo("/etc/logrotate.d/redfleet-orders");
        assertThat(file.owner()).isEqualTo("u1 orders");
        assertThat(file.text()).isEqualTo("""
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner u1 orders
                /var/lib/redfleet/orders/redis-server/log/redis.log
                /var/lib/redfleet/orders/redis-sentinel/log/redis.log {
                    weekly
                    rotate 12
                    compress
                    delaycompress
                    missingok
                    notifempty
                    su redis redis
                }
                """);
        assertThat(file.hash()).isEqualTo(Secret.of(file.text()).hash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"relative", "/a b", "/a\n}", "/a*", "/a?", "/a[b]", "/a\"", "/a'", "/../a", "/a{b}", "/a\\"})
    void noPathIsMoreThanAPath(String directory) {
        assertThatThrownBy(() -> RotationFile.of(cluster, on(directory))).isInstanceOf(IllegalArgumentException.class);
    }

    /** For two files that name one log are refused by logrotate, both. */
    @Test
    void theLogsOfAGroupsSentinelsStandInAFileOfTheGroupAlone() {
        ClusterState grouped = Plans.cluster(3, Map.of("service", "systemd", "sentinel", Map.of("group", "ring")));
        HostSpec host = grouped.spec().hosts().getFirst();
        assertThat(RotationFile.of(grouped, host).text())
                .contains("orders/redis-server/log")
                .doesNotContain("redis-sentinel");
        RotationFile shared = RotationFile.ofGroup(grouped.spec(), host).orElseThrow();
        assertThat(shared.path()).isEqualTo("/etc/logrotate.d/redfleet-group.ring");
        assertThat(shared.owner()).isEqualTo("group ring");
        assertThat(shared.text())
                .contains("/var/lib/redfleet/group.ring/redis-sentinel/log/redis.log {")
                .doesNotContain("orders");
        assertThat(RotationFile.hasOwn(grouped.spec(), host)).isTrue();
        assertThat(RotationFile.ofGroup(cluster.spec(), cluster.spec().hosts().getFirst()))
                .isEmpty();
    }

    private HostSpec on(String directory) {
        HostSpec like = cluster.spec().hosts().getFirst();
        return new HostSpec(like.name(), like.address(), like.zone(), like.ssh(), directory, like.instances());
    }
}
