package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.wire.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentRulesTest {
    /** What the installation says (- nothing), where the second host is, words of the refusal (- none). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://gateway.example.com:8474  | 10.0.0.12  | -
            https://10.0.0.1                 | 10.0.0.12  | -
            http://127.0.0.1:8474            | 127.0.0.12 | -
            -                                | 127.0.0.12 | set REDFLEET_COLLECTOR_URL
            http://127.0.0.1:8474            | 10.0.0.12  | which on r2 is that host itself
            https://localhost:8474           | 10.0.0.12  | which on r2 is that host itself
            """)
    void whoIsToReportHasToBeAbleTo(String collector, String second, String refusal) {
        Optional<String> known = collector.equals("-") ? Optional.empty() : Optional.of(collector);
        List<Violation> broken = AgentRules.judge(spec("on", second), known);
        if (refusal.equals("-")) {
            assertThat(broken).isEmpty();
        } else {
            assertThat(broken).singleElement().satisfies(one -> {
                assertThat(one.field()).isEqualTo("spec.monit.agent");
                assertThat(one.value()).isEqualTo("on");
                assertThat(one.rule()).contains(refusal);
            });
        }
        assertThat(AgentRules.judge(spec("off", second), known))
                .as("off asks for nothing")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://gateway.example.com:8474 | true
            https://10.0.0.1                | true
            https://g                       | true
            gateway:8474                    | false
            ftp://gateway                   | false
            http://gateway:99999            | false
            http://gateway:0                | false
            http://gateway/collector        | false
            http://a:b@gateway              | false
            http://gateway{8474}            | false
            http://-x                       | false
            """)
    void anAddressIsSchemeNameAndPort(String text, boolean holds) {
        assertThat(AgentRules.isAddress(text)).isEqualTo(holds);
    }

    @Test
    void aLineBreakIsNoPartOfAnAddress() {
        assertThat(AgentRules.isAddress("http://gateway\n")).isFalse();
    }

    private static ClusterSpec spec(String agent, String second) {
        String first = second.startsWith("127.") ? "127.0.0.11" : "127.0.0.99";
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", first),
                Map.of("name", "r2", "address", second),
                Map.of("name", "r3", "address", second.substring(0, second.length() - 1) + "3"));
        Map<String, Object> spec = Map.of("hosts", hosts, "monit", Map.of("agent", agent));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return ((SpecReader.Good) reading).spec();
    }
}
