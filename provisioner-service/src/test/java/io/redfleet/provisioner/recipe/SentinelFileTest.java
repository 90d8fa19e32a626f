package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.FileSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.OwnSurvey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Sentinel's file that somebody has edited, against what it knows. */
class SentinelFileTest {
    private final Map<String, String> master = new HashMap<>(Map.of(
            "ip", "10.0.0.11",
            "port", "6379",
            "flags", "master",
            "quorum", "2",
            "down-after-milliseconds", "5000",
            "failover-timeout", "60000",
            "parallel-syncs", "1"));
    private final List<String> lines = new ArrayList<>(List.of(
            "port 26379",
            "sentinel monitor orders 10.0.0.11 6379 2",
            "sentinel down-after-milliseconds orders 5000",
            "sentinel failover-timeout orders 60000",
            "sentinel monitor other 10.0.0.99 6379 1"));

    @Test
    void nothingDiffers() {
        assertThat(drift()).isEmpty();
    }

    /** The line that goes, the line that comes; what differs, what the file says, what the Sentinel knows. */
    @ParameterizedTest(name = "-{0} +{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "sentinel monitor orders 10.0.0.11 6379 2 | sentinel monitor orders 10.0.0.13 6379 2"
                        + " | monitor | 10.0.0.13 6379 | 10.0.0.11 6379",
                "sentinel monitor orders 10.0.0.11 6379 2 | sentinel monitor orders 10.0.0.11 6379 1 | quorum | 1 | 2",
                "sentinel failover-timeout orders 60000 | '' | failover-timeout | '' | 60000",
                "'' | sentinel Parallel-Syncs orders 5 | parallel-syncs | 5 | 1",
                "'' | sentinel down-after-milliseconds orders 1 | down-after-milliseconds | 1 | 5000",
            })
    void anEditIsNamed(String gone, String come, String option, String file, String knows) {
        lines.remove(gone);
        lines.add(come.isEmpty() ? "port 26379" : come);
        assertThat(drift().keySet()).containsExactly(option);
        assertThat(drift().values()).singleElement().satisfies(difference -> {
            assertThat(difference.file()).isEqualTo(file);
            assertThat(difference.said()).isEqualTo(!file.isEmpty());
            assertThat(difference.runs()).isEqualTo(knows);
        });
    }

    @Test
    void aMasterThatIsGoneFromTheFile() {
        lines.remove("sentinel monitor orders 10.0.0.11 6379 2");
        assertThat(drift()).containsOnlyKeys("monitor", "quorum");
    }

    @Test
    void whileItWorksOnAFailoverItsFileIsAheadOfIt() {
        lines.set(1, "sentinel monitor orders 10.0.0.12 6379 2");
        master.put("flags", "master,o_down,failover_in_progress");
        assertThat(drift()).isEmpty();
    }

    @Test
    void whatItDoesNotKnowIsNotCompared() {
        master.clear();
        lines.clear();
        assertThat(drift()).isEmpty();
    }

    private Map<String, FileDrift.Difference> drift() {
        return SentinelFile.drift(
                spec(),
                new InstanceSurvey(
                        true,
                        "",
                        "",
                        true,
                        true,
                        false,
                        false,
                        false,
                        false,
                        "",
                        7,
                        1,
                        false,
                        true,
                        "PONG",
                        Map.of(),
                        Map.of(),
                        master,
                        "OK",
                        Set.of(),
                        false,
                        OwnSurvey.NONE,
                        new FileSurvey(true, lines, Set.of(), ""),
                        false));
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        SpecReader.Reading reading =
                SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts)));
        return ((SpecReader.Good) reading).spec();
    }
}
