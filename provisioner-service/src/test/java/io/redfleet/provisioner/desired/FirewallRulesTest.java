package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.wire.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FirewallRulesTest {
    private static final String NFTABLES = "nftables";

    /** What a spec says, the field and the value that are named, and words of the rule. */
    private record Row(String service, Map<String, Object> said, String field, String value, String words) {
        @Override
        public String toString() {
            return service + " " + said;
        }
    }

    static Stream<Row> refused() {
        return Stream.of(
                row(Map.of("backend", "ufw"), "backend", "ufw", "one of none, nftables"),
                row(Map.of("clients", List.of("10.0.0.1")), "clients", "[10.0.0.1]", "backend: nftables alone"),
                row(Map.of("backend", "none", "monitors", List.of()), "monitors", "[]", "backend: nftables alone"),
                row(Map.of("backend", NFTABLES, "monitors", List.of("10.0.0.1")), "clients", "", "applications"),
                row(Map.of("backend", NFTABLES, "clients", List.of()), "monitors", "", "an outage"),
                row(asked("monitors", List.of()), "monitors", "[]", "an outage"),
                row(asked("colour", "red"), "colour", "colour", "unknown key"),
                row(asked("monitors", "10.0.0.1"), "monitors", "10.0.0.1", "must be a list"),
                row(asked("clients", List.of("0.0.0.0/0")), "clients[0]", "0.0.0.0/0", "is everybody"),
                row(asked("clients", List.of("10.0.0.1", "r1")), "clients[1]", "r1", "must be an IPv4 address"),
                row(asked("clients", List.of("fd00::/8")), "clients[0]", "fd00::/8", "must be an IPv4 address"),
                row(asked("clients", List.of("10.0.0.1/24")), "clients[0]", "10.0.0.1/24", "no bit set beyond"),
                row(asked("clients", List.of("10.0.0.0/33")), "clients[0]", "10.0.0.0/33", "must be an IPv4 address"),
                row(asked("clients", List.of("10.0.0.01")), "clients[0]", "10.0.0.01", "must be an IPv4 address"),
                row(asked("clients", List.of("")), "clients[0]", "", "must be an IPv4 address"),
                row(asked("clients", List.of(10)), "clients[0]", "10", "must be an IPv4 address"),
                row(
                        asked("clients", List.of("10.0.0.1 accept\nflush ruleset")),
                        "clients[0]",
                        "10.0.0.1 accept\u00b7flush ruleset",
                        "must be an IPv4 address"),
                row(asked("clients", List.of("10.0.0.1; drop")), "clients[0]", "10.0.0.1; drop", "must be an IPv4"),
                row(asked("clients", List.of("{ 10.0.0.1 }")), "clients[0]", "{ 10.0.0.1 }", "must be an IPv4 address"),
                row(
                        asked(
                                "clients",
                                IntStream.range(0, 101)
                                        .mapToObj(i -> "10.0.0." + i)
                                        .toList()),
                        "clients",
                        "101 entries",
                        "at most 100"),
                new Row("process", asked(), "backend", NFTABLES, "needs service: systemd"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void everyRuleNamesFieldAndValue(Row row) {
        assertThat(violations(row.service(), row.said(), Map.of()))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.firewall." + row.field());
                    assertThat(violation.value()).isEqualTo(row.value());
                    assertThat(violation.rule()).contains(row.words());
                });
    }

    @Test
    void sshIsNeverOnAPortThatIsShut() {
        assertThat(violations("systemd", asked(), Map.of("port", 6379)))
                .hasSize(3)
                .first()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.hosts[0].ssh.port");
                    assertThat(violation.value()).isEqualTo("6379");
                    assertThat(violation.rule()).contains("is the port of redis-server too");
                });
    }

    @Test
    void whatIsAskedForIsWrittenInOneWayAndNothingIsAskedForUnlessTheSpecDoes() {
        assertThat(good(asked("clients", List.of("10.1.0.0/16", "10.2.0.7/32"))))
                .isEqualTo(new FirewallSpec(
                        FirewallSpec.Backend.NFTABLES, List.of("10.9.0.1"), List.of("10.1.0.0/16", "10.2.0.7")));
        assertThat(good(Map.of())).isEqualTo(FirewallSpec.NONE);
        assertThat(good(Map.of("backend", "none"))).isEqualTo(FirewallSpec.NONE);
    }

    private static Row row(Map<String, Object> said, String field, String value, String words) {
        return new Row("systemd", said, field, value, words);
    }

    private static Map<String, Object> asked() {
        return Map.of("backend", NFTABLES, "monitors", List.of("10.9.0.1"), "clients", List.of());
    }

    private static Map<String, Object> asked(String key, Object value) {
        Map<String, Object> asked = new HashMap<>(asked());
        asked.put(key, value);
        return asked;
    }

    private static FirewallSpec good(Map<String, Object> firewall) {
        if (read("systemd", firewall, Map.of()) instanceof SpecReader.Good good) {
            return good.spec().firewall();
        }
        throw new IllegalStateException("refused: " + firewall);
    }

    private static List<Violation> violations(String service, Map<String, Object> firewall, Map<String, Object> ssh) {
        return read(service, firewall, ssh) instanceof SpecReader.Bad bad ? bad.violations() : List.of();
    }

    private static SpecReader.Reading read(String service, Map<String, Object> firewall, Map<String, Object> ssh) {
        List<Map<String, Object>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.<String, Object>of("name", "r" + i, "address", "10.0.0.1" + i, "ssh", ssh))
                .toList();
        Map<String, Object> spec = Map.of("hosts", hosts, "service", service, "firewall", firewall);
        return SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
    }
}
