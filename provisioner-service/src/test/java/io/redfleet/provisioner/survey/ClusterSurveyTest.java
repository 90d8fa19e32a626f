package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.desired.SpecReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSurveyTest {
    private static final String MASTER = "10.0.0.11";

    @ParameterizedTest
    @CsvSource({
        "10.0.0.12, 6379",
        "10.0.0.11, 0",
        "10.0.0.11, 65536",
        "10.0.0.11, 99999",
        "10.0.0.11, -1",
        "10.0.0.11, 6379x",
        "' ', 6379",
        "'10.0.0.12 6379', 1"
    })
    void whateverOneSentinelSaysTheOthersNameTheMaster(String ip, String port) {
        ClusterSpec spec = spec();
        Map<HostName, HostSurvey> seen = new HashMap<>();
        for (HostSpec host : spec.hosts()) {
            boolean lies = host.name().value().equals("r3");
            seen.put(host.name(), seen(host, lies ? ip : MASTER, lies ? port : "6379"));
        }
        assertThat(new ClusterSurvey(seen, Map.of()).namedMaster(spec)).contains(new Endpoint(MASTER, 6379));
    }

    @Test
    void ofUnitsAndPackagesRedisIsNotHeard() {
        List<String> more = List.of(
                "packages.policy=redis-server:",
                "systemd.init=yes",
                "i.redis-server.unit=active",
                "i.redis-server.unit.guard=x");
        List<String> own = List.of("base=/b", "i.redis-server.ping=PONG", "end=yes");
        String said = String.join("\n", more) + "\n" + String.join("\n", own);
        assertThat(SurveyText.own(said).lines()).isEqualTo(own);
    }

    private static HostSurvey seen(HostSpec host, String ip, String port) {
        String key = "i.redis-sentinel.master=";
        String text = "i.redis-sentinel.joined=yes\n" + key + "ip\n" + key + ip + "\n" + key + "port\n" + key + port
                + "\nend=yes\n";
        return SurveyText.read(host, text, Instant.EPOCH).orElseThrow();
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> described = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        SpecReader.Reading reading =
                SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described)));
        return ((SpecReader.Good) reading).spec();
    }
}
