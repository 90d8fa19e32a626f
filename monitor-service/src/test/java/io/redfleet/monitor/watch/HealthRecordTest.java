package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.failover.Chronicle;
import io.redfleet.monitor.topology.Conditions;
import io.redfleet.monitor.topology.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthRecordTest {
    private static final String PORTLESS = "127.0.0.1:6300 127.0.0.1:";

    /** What would throw here would leave all clusters of the partition without a watch. */
    @Test
    void whateverAReadableRecordSaysAWatchGoesOnFromIt() {
        ClusterHealth whole = HealthRecord.of(ClusterWatch.fresh(Orders.roster(), at(0)), at(0).wall(), null);
        ClusterHealth odd = new ClusterHealth(
                whole.schema(),
                whole.cluster(),
                whole.uid(),
                whole.at(),
                whole.verdict(),
                whole.instances(),
                Map.of(Finding.QuorumLost.KEY, Instant.parse("0001-01-01T00:00:00Z")),
                Map.of(
                        Whole.OPEN + PORTLESS + "0",
                        7L,
                        Whole.OPEN + PORTLESS + "65536",
                        8L,
                        "asked " + Orders.R1,
                        Long.MIN_VALUE,
                        "asked " + Orders.R2,
                        Long.MAX_VALUE),
                null);

        ClusterWatch watch = HealthRecord.restore(Orders.roster(), odd, at(1_000));

        assertThat(watch.chronicle()).isEqualTo(Chronicle.empty());
        Conditions.Seen lost = watch.conditions().seen().get(Finding.QuorumLost.KEY);
        assertThat(lost)
                .isNotNull()
                .satisfies(seen -> assertThat(at(1_000).since(seen.since())).isGreaterThan(Duration.ofDays(36_000)));
        watch.after(new Observation.Looked(), at(2_000));
    }
}
