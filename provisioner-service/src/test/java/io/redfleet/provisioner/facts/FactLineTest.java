package io.redfleet.provisioner.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactLineTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String HEAD =
            "1767323045100 boot-1 0.5 0.6 0.7 1000 600 200 150 9000 3000 5000 64 60 4 " + "100 50 20 800 1000";

    @Test
    void aWholeLineIsFacts() {
        Optional<HostFacts> read =
                read(HEAD + "|redis-server 41 99 4096 1500 no 5 1 2048 30|redis-sentinel 0 0 0 0 yes 0 0 0 0");

        assertThat(read).hasValueSatisfying(facts -> {
            assertThat(facts.bootId()).isEqualTo("boot-1");
            assertThat(facts.load1()).isEqualTo(0.5);
            assertThat(facts.memoryTotalBytes()).isEqualTo(1_024_000);
            assertThat(facts.memoryAvailableBytes()).isEqualTo(614_400);
            assertThat(facts.diskTotalBytes()).isEqualTo(9_216_000);
            assertThat(facts.diskAvailableBytes()).isEqualTo(5_120_000);
            assertThat(facts.clockOffsetMillis()).isEqualTo(100);
            assertThat(facts.machine())
                    .isEqualTo(
                            new MachineFacts(4, 0.6, 0.7, 204_800, 153_600, 3_072_000, 64, 60, 100, 50, 20, 800, 1000));
            assertThat(facts.processes().get(new InstanceId("r1/redis-server")))
                    .isEqualTo(new ProcessFacts(true, 41, 99, 4096, 1500, false, 5, 1, 2048, 30));
            assertThat(facts.processes().get(new InstanceId("r1/redis-sentinel")))
                    .isEqualTo(new ProcessFacts(false, 0, 0, 0, 0, true, 0, 0, 0, 0));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1767323045100 boot-1 0.5",
                HEAD + " 1",
                HEAD + "|redis-server 41 99 4096 1500 no",
                HEAD + "|redis-server 41 99 4096 many no 5 1 2048 30",
                HEAD + "|No_Name 41 99 4096 1500 no 5 1 2048 30",
                HEAD + "| 41 99 4096 1500 no 5 1 2048 30",
                "1767323045100 boot-1 NaN 0.6 0.7 1000 600 200 150 9000 3000 5000 64 60 4 100 50 20 800 1000",
                "1767323045100 boot-1 0.5 Infinity 0.7 1000 600 200 150 9000 3000 5000 64 60 4 100 50 20 800 1000",
                "99999999999999999999 boot-1 0.5 0.6 0.7 1000 600 200 150 9000 3000 5000 64 60 4 100 50 20 800 1000",
            })
    void aLineThatIsNotWholeIsNone(String line) {
        assertThat(read(line)).isEmpty();
    }

    private static Optional<HostFacts> read(String line) {
        return FactLine.read(new ClusterName("orders"), new HostName("r1"), line, NOW);
    }
}
