package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Fate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two clusters of units, on hosts that boot, share the units of one group of Sentinels. */
@Tag("long")
@Timeout(600)
class GroupedOnHostsTest extends BootedGround {
    private static final String UNIT = "redfleet-group.ring-redis-sentinel.service";
    private static final int OTHER = 6380;

    GroupedOnHostsTest() {
        super(3);
    }

    @Test
    void theUnitsServeBothAndEndWithTheLast() {
        ClusterState orders = member("orders", REDIS);
        ClusterState billing = member("billing", OTHER);
        applied(orders);
        Map<String, String> before = traces();
        applied(billing);
        Map<String, String> after = traces();
        for (int number : THREE) {
            String unit = "r" + number + " " + UNIT;
            assertThat(before).containsKey(unit);
            assertThat(after.get(unit)).as("the process of %s", unit).isEqualTo(before.get(unit));
            for (ClusterState each : List.of(orders, billing)) {
                String name = each.name().value();
                assertThat(ask(each, number, SENTINEL, Purpose.PROBE, "SENTINEL", "CKQUORUM", name))
                        .hasValueSatisfying(said -> assertThat(said).startsWith("OK 3 usable"));
            }
        }
        for (ClusterState each : List.of(orders, billing)) {
            assertThat(work.apply(each).reason()).isEqualTo("nothing to change");
        }

        assertThat(removed(orders, Fate.ERASED))
                .contains("r1/redis-sentinel belongs to the group ring and goes on, for [billing]");
        for (int number : THREE) {
            assertThat(traces().get("r" + number + " " + UNIT)).isEqualTo(before.get("r" + number + " " + UNIT));
        }
        assertThat(work.apply(billing).reason()).isEqualTo("nothing to change");

        removed(billing, Fate.ERASED);
        for (int number : THREE) {
            assertThat(shell(number, "ls " + UNITS)).doesNotContain("redfleet-group.ring");
            assertThat(shell(number, "ls -A " + BASE + "/group.ring 2>/dev/null || true"))
                    .isBlank();
            assertThat(shell(number, "ls -A /etc/logrotate.d 2>/dev/null || true"))
                    .doesNotContain("redfleet-group.ring");
        }
    }

    private ClusterState member(String name, int port) {
        return cluster(name, 1, THREE, Map.of("redis", Map.of("port", port), "sentinel", Map.of("group", "ring")));
    }
}
