package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three hosts that let in only who may reach a cluster's ports; a fourth is nobody to it, and this machine is its monitor. */
@Tag("long")
@Timeout(900)
class FirewallOnHostsTest extends BootedGround {
    private static final int STRANGER = 4;
    private static final String LIST = "nft list table inet redfleet_orders";
    private static final String UNIT = "redfleet-orders.firewall.service";

    FirewallOnHostsTest() {
        super(STRANGER);
    }

    @BeforeEach
    void hostsThatCanFilter() {
        for (int number : THREE) {
            shell(number, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nftables");
        }
        String said = shell(1, "if said=$(nft list tables 2>&1); then echo yes; else echo \"$said\"; fi");
        assumeTrue(said.equals("yes"), "the kernel of these hosts has no nftables: " + said);
    }

    @Test
    void onlyWhomTheSpecNamesGetsInAfterABootTooAndEverybodyOnceNothingIsAskedForAnyMore() throws IOException {
        ClusterState open = cluster("orders", 1, THREE, Map.of());
        applied(open);
        whole(open, THREE);
        assertThat(asked(STRANGER)).as("a stranger, before").contains("NOAUTH");
        shell(3, "nft add table inet theirs");

        ClusterState shut = cluster("orders", 2, THREE, filtered());
        applied(shut);

        assertThat(asked(2)).as("a member").contains("NOAUTH");
        assertThat(asked(STRANGER)).contains("Could not connect").contains("refused");
        whole(shut, THREE);
        assertThat(work.apply(shut).reason()).isEqualTo("nothing to change");

        shell(2, "nft flush ruleset");
        assertThat(work.provisioning().plan(shut).steps()).extracting(Step::id).containsExactly("r2/firewall/set");
        applied(shut);
        assertThat(shell(2, LIST)).contains("reject with tcp reset");

        hosts.host(1).cutPower();
        // A master that is back just when the others replace it is refused by its start guard.
        successor(shut, List.of(2, 3), 1);
        hosts.host(1).boot();
        assertThat(shell(1, LIST)).contains("reject with tcp reset", "policy accept");
        assertThat(shell(1, "systemctl is-active " + UNIT)).isEqualTo("active");
        whole(shut, THREE);
        // The connection from before the cut has to be given up first.
        Await.until(
                "r1 answers",
                SETTLES_WITHIN,
                () -> work.surveyor().survey(shut).unreached().isEmpty());

        applied(cluster("orders", 3, THREE, Map.of()));
        for (int number : THREE) {
            assertThat(shell(number, "nft list tables")).as("r%d", number).doesNotContain("redfleet");
            assertThat(shell(number, "ls -d /etc/redfleet/firewall-* " + UNITS + UNIT + " 2>/dev/null || true"))
                    .isEmpty();
        }
        assertThat(shell(3, "nft list tables")).contains("table inet theirs");
        assertThat(asked(STRANGER)).contains("NOAUTH");
    }

    private Map<String, Object> filtered() throws IOException {
        Map<String, Object> firewall =
                Map.of("backend", "nftables", "monitors", List.of(ownAddress()), "clients", List.of());
        return Map.of("firewall", firewall);
    }

    /** What r1's data node answers to whoever asks from there, without a password. */
    private String asked(int from) {
        return shell(from, "timeout 5 redis-cli -h " + hosts.host(1).address() + " -p " + REDIS + " PING 2>&1 || true");
    }
}
