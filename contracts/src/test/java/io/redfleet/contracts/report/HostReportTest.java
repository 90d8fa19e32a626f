package io.redfleet.contracts.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostReportTest {
    private static final long STARTED = 1_795_746_443;

    /** In the words of Monit 5.33, whose event of a stop has the id 65536. */
    @ParameterizedTest(name = "{0} \"{1}\" {2} s after its start")
    @CsvSource({
        "65536, Monit 5.33.0 stopped, 10, true",
        "65536, Monit 5.33.0 stopped, 0, true",
        "65536, Monit stopped, 10, true",
        "65536, Monit 5.33.0 stopped, -1, false",
        "65536, Monit 5.33.0 started, 10, false",
        "65536, Monit reloaded, 10, false",
        "65536, Monit 5.33.0 stopped the service, 10, false",
        "65536, '', 10, false",
        "512, Monit 5.33.0 stopped, 10, false"
    })
    void itStopsIfItSaysSoOfThisRun(long id, String message, long seconds, boolean stops) {
        Instant at = Instant.ofEpochSecond(STARTED + seconds);
        HostReport report = report(new ReportedEvent("Monit", id, 2, at, message));
        assertThat(report.stops()).isEqualTo(stops);
    }

    @Test
    void whatWasPostedBecauseItWasTimeIsNoStop() {
        HostReport report = new HostReport(
                HostReport.SCHEMA,
                new ClusterName("orders"),
                new ClusterUid("uid-orders"),
                new HostName("r1"),
                Instant.ofEpochSecond(STARTED),
                "m1",
                STARTED,
                "5.33.0",
                30,
                List.of(),
                null);
        assertThat(report.stops()).isFalse();
    }

    private static HostReport report(ReportedEvent event) {
        return new HostReport(
                HostReport.SCHEMA,
                new ClusterName("orders"),
                new ClusterUid("uid-orders"),
                new HostName("r1"),
                Instant.ofEpochSecond(STARTED),
                "m1",
                STARTED,
                "5.33.0",
                30,
                List.of(),
                event);
    }
}
