package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a last save is waited for. */
class StopDeadlineTest {
    @ParameterizedTest(name = "{0} with maxmemory {1} and shutdown-timeout {2}: {3} s")
    @CsvSource({
        "redis-server, '', '', 300",
        "redis-server, 2gb, '', 300",
        // 3 x 96 s, and 10 s for the replicas.
        "redis-server, 9600m, '', 300",
        "redis-server, 9800m, '', 600",
        "redis-server, 9600m, 30, 600",
        "redis-server, 9600m, 0, 300",
        "redis-server, 64gb, '', 2400",
        "redis-server, 64000000000, '', 2400",
        // Two hours at most: one that hangs keeps its host up.
        "redis-server, 1000gb, '', 7200",
        "redis-sentinel, 64gb, '', 60",
    })
    void whatStandsInAUnitFollowsWhatItMayGrowTo(String instance, String maxmemory, String timeout, long seconds) {
        Map<String, String> config = new HashMap<>();
        if (!maxmemory.isEmpty()) {
            config.put("maxmemory", maxmemory);
        }
        if (!timeout.isEmpty()) {
            config.put("shutdown-timeout", timeout);
        }
        ClusterSpec spec = spec(config);
        Place place = Place.of(spec, new InstanceId("r1/" + instance), Login.NONE);
        assertThat(StopDeadline.written(spec, place)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest(name = "of {0} s at least: last save {1} s, {2} bytes, shutdown-timeout {3}: {4} s")
    @CsvSource({
        "300, 2, 1000000, 10, 300",
        "300, 96, 1000000, 10, 300",
        "300, 97, 1000000, 10, 301",
        "300, 97, 1000000, 60, 351",
        "300, 97, 1000000, '', 301",
        // It has not saved since it was started.
        "300, -1, 20000000000, 10, 610",
        "300, 0, 20000000000, 10, 610",
        "300, 300, 20000000000, 10, 910",
        "300, 100000, 0, 10, 7200",
        "10, 20, 1000000, 10, 70",
        // One that hangs says nothing.
        "10, '', '', '', 10",
        "10, '', '', 600, 10",
    })
    void anOrderWaitsForWhatTheInstanceSaysOfItself(
            long least, String last, String size, String timeout, long seconds) {
        InstanceSurvey seen = new InstanceSurvey(
                true,
                "",
                "",
                true,
                false,
                true,
                true,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                "PONG",
                Map.of("rdb_last_bgsave_time_sec", last, "used_memory", size),
                timeout.isEmpty() ? Map.of() : Map.of("shutdown-timeout", timeout),
                Map.of(),
                "");
        assertThat(StopDeadline.waited(Duration.ofSeconds(least), seen)).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static ClusterSpec spec(Map<String, String> config) {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", hosts, "service", "systemd", "redis", Map.of("config", config))));
        return ((SpecReader.Good) reading).spec();
    }
}
