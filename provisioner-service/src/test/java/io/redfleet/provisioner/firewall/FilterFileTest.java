package io.redfleet.provisioner.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.reach.Range;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterFileTest {
    private static final ClusterUid OWNER = new ClusterUid("u1");
    private static final ClusterName ORDERS = new ClusterName("orders-eu");

    @Test
    void theRulesJudgeWhatBeginsAConnectionToTheClustersOwnPortsAndNothingElse() {
        assertThat(FilterFile.rules(OWNER, ORDERS, host("10.0.0.11"), ranges("10.0.0.11", "10.0.0.12", "10.1.0.0/16")))
                .containsExactly(
                        "# redfleet-owner: u1",
                        "# Written by Redfleet for the cluster of this uid, which takes it away again.",
                        "table inet redfleet_orders_eu",
                        "delete table inet redfleet_orders_eu",
                        "table inet redfleet_orders_eu {",
                        "  chain asked {",
                        "    ip saddr 10.0.0.11 accept",
                        "    ip saddr 10.0.0.12 accept",
                        "    ip saddr 10.1.0.0/16 accept",
                        "    meta l4proto tcp counter reject with tcp reset",
                        "  }",
                        "  chain input {",
                        "    type filter hook input priority 0; policy accept;",
                        "    iif lo accept",
                        "    ip daddr 10.0.0.11 tcp dport { 6379, 26379 } tcp flags & (fin | syn | rst | ack) == syn jump"
                                + " asked",
                        "  }",
                        "}");
    }

    @Test
    void ofIpv6TheyAreTheSameAndSourcesOfTheOtherFamilyAreLeftOut() {
        List<String> rules =
                FilterFile.rules(OWNER, ORDERS, host("fd00::11"), ranges("10.0.0.12", "FD00::12", "fd00:1::/32"));
        assertThat(rules)
                .contains(
                        "    ip6 saddr fd00:0:0:0:0:0:0:12 accept",
                        "    ip6 daddr fd00:0:0:0:0:0:0:11 tcp dport { 6379, 26379 } tcp flags & (fin | syn | rst | ack) =="
                                + " syn jump asked")
                .noneMatch(line -> line.contains("10.0.0.12") || line.contains("ip saddr"));
        assertThat(FilterFile.rules(OWNER, ORDERS, host("10.0.0.11"), ranges("10.0.0.12", "fd00::12")))
                .noneMatch(line -> line.contains("ip6") || line.contains("fd00"));
    }

    @Test
    void theUnitLoadsThemBeforeTheNetworkAndAgainAfterWhateverThrowsAllTablesAway() {
        assertThat(FilterFile.unit(OWNER, ORDERS))
                .startsWith("# redfleet-owner: u1")
                .contains(
                        "Before=network-pre.target shutdown.target",
                        "After=local-fs.target nftables.service",
                        "PartOf=nftables.service",
                        "ReloadPropagatedFrom=nftables.service",
                        "ExecStart=/usr/sbin/nft -f /etc/redfleet/firewall-orders-eu.nft",
                        "ExecReload=/usr/sbin/nft -f /etc/redfleet/firewall-orders-eu.nft",
                        "ExecStop=-/usr/sbin/nft delete table inet redfleet_orders_eu",
                        "WantedBy=sysinit.target");
        assertThat(FilterFile.unitPath(ORDERS))
                .as("no unit of an instance has a dot before its end")
                .isEqualTo("/etc/systemd/system/redfleet-orders-eu.firewall.service");
    }

    @Test
    void noTwoClustersHaveOneTable() {
        assertThat(Stream.of("a-b", "ab", "a--b", "a-b-c").map(ClusterName::new).map(FilterFile::table))
                .doesNotHaveDuplicates()
                .allMatch(table -> table.matches("redfleet_[a-z0-9_]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"u1\nflush ruleset", "u1 {", "", " ", "u1;x", "#", "u\u2028"})
    void noWordBreaksOutOfItsLine(String word) {
        if (!word.isBlank()) {
            ClusterUid hostile = new ClusterUid(word);
            assertThatThrownBy(() -> FilterFile.rules(hostile, ORDERS, host("10.0.0.11"), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> FilterFile.unit(hostile, ORDERS)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> FilterFile.rules(OWNER, ORDERS, host("10.0.0.11" + word + " x"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Range> ranges(String... texts) {
        return Stream.of(texts).map(text -> Range.of(text).orElseThrow()).toList();
    }

    private static HostSpec host(String address) {
        return new HostSpec(
                new HostName("r1"),
                address,
                "",
                new SshSpec("ops", 22, "ops", null),
                "/srv",
                List.of(instance("redis-sentinel", 26379), instance("redis-server", 6379)));
    }

    private static InstanceSpec instance(String name, int port) {
        return new InstanceSpec(name, InstanceRole.REDIS, port, 100, new Endpoint("10.0.0.11", port));
    }
}
