package io.redfleet.provisioner.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.reach.Range;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {
    @Test
    void membersCountByTheirAddressAndByTheOneThatTheyAnnounce() {
        ClusterSpec spec = spec().with(
                        new FirewallSpec(FirewallSpec.Backend.NFTABLES, List.of("10.9.0.1"), List.of("10.0.0.0/29")));
        assertThat(Sources.of(spec).stream().map(Range::canonical))
                .containsExactly("10.0.0.11", "192.0.2.11", "10.9.0.1", "10.0.0.0/29");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.1 10.0.0.1            | 10.0.0.1
            10.0.0.1 10.0.0.1/32         | 10.0.0.1
            10.0.0.1 10.0.0.0/24         | 10.0.0.0/24
            10.0.0.0/24 10.0.0.1         | 10.0.0.0/24
            10.0.0.0/25 10.0.0.128/25    | 10.0.0.0/25 10.0.0.128/25
            10.0.1.0/24 10.0.0.0/8 ::1   | 10.0.0.0/8 0:0:0:0:0:0:0:1
            fd00::/8 fd00::1 FD00::1     | fd00:0:0:0:0:0:0:0/8
            """)
    void noneIsWithinAnother(String given, String kept) {
        List<Range> ranges = Stream.of(given.split(" ", -1))
                .map(text -> Range.of(text).orElseThrow())
                .toList();
        assertThat(Sources.apart(ranges).stream().map(Range::canonical).toList())
                .isEqualTo(List.of(kept.split(" ", -1)));
    }

    private static ClusterSpec spec() {
        Map<String, Object> instance = Map.of("role", "redis", "announce", Map.of("ip", "192.0.2.11"));
        Map<String, Object> sentinel = Map.of("role", "sentinel");
        Map<String, Object> host =
                Map.of("name", "r1", "address", "10.0.0.11", "instances", List.of(instance, sentinel));
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", List.of(host), "sentinel", Map.of("allowWeakQuorum", true))));
        if (reading instanceof SpecReader.Good good) {
            return good.spec();
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }
}
