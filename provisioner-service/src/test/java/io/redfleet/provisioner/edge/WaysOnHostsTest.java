package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts between which somebody's packet filter stands: an apply that adds instances finds it before it makes anything. */
@Tag("long")
@Timeout(900)
class WaysOnHostsTest extends BootedGround {
    private static final List<Integer> FOUR = List.of(1, 2, 3, 4);

    WaysOnHostsTest() {
        super(FOUR.size());
    }

    @BeforeEach
    void hostsThatCanFilter() {
        for (int number : FOUR) {
            shell(number, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nftables");
        }
        String said = shell(1, "if said=$(nft list tables 2>&1); then echo yes; else echo \"$said\"; fi");
        assumeTrue(said.equals("yes"), "the kernel of these hosts has no nftables: " + said);
    }

    @Test
    void whatSwallowsRejectsOrForbidsIsNamedAndNothingIsMade() {
        ClusterState three = cluster("orders", 1, THREE, Map.of());
        filter(3, "ip saddr " + address(1) + " tcp dport " + REDIS + " drop");
        refused(three, "r1: way to r3: " + address(3) + ":6379 (redis-server): no answer within 1 s, twice");
        for (int number : THREE) {
            // Directories are there: the leases of the look before any change lie in one.
            assertThat(shell(
                            number,
                            "find " + BASE + "/orders " + UNITS + " -type f -path '*orders*' 2>/dev/null || true"))
                    .as("r%d", number)
                    .isEmpty();
        }
        unfiltered(3);
        applied(three);
        whole(three, THREE);

        ClusterState four = cluster("orders", 2, FOUR, Map.of());
        filter(1, "ip saddr " + address(4) + " tcp dport " + REDIS + " reject with tcp reset");
        refused(four, "r4: way to r1: " + address(1) + ":6379 (redis-server): is refused, and it listens there");
        unfiltered(1);
        filter(4, "ip saddr " + address(2) + " tcp dport " + SENTINEL + " reject with icmp type admin-prohibited");
        refused(four, "r2: way to r4: " + address(4) + ":26379 (redis-sentinel): no route leads there");
        unfiltered(4);
        applied(four);
        whole(four, FOUR);
    }

    private void refused(ClusterState cluster, String reason) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).startsWith("preflight: " + reason);
    }

    private String address(int number) {
        return hosts.host(number).address();
    }

    private void filter(int number, String rule) {
        shell(
                number,
                "nft add table inet theirs && nft add chain inet theirs arriving '{ type filter hook input priority 0; }'"
                        + " && nft add rule inet theirs arriving " + rule);
    }

    private void unfiltered(int number) {
        shell(number, "nft delete table inet theirs");
    }
}
