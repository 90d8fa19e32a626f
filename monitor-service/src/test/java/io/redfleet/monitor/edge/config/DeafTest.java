package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.monitor.MonitReport;
import io.redfleet.monitor.Orders;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host reports, and then Kafka is away for longer than its Monit may be silent: that is nobody's silence. */
@Tag("long")
@Timeout(480)
class DeafTest {
    private static final String SILENT = "r1 monit: no report for 1 minute";
    private static final Duration AWAY = Duration.ofSeconds(90);

    /** A minute, what may be on its way, and a broker that reads its log again. */
    private static final Duration TOLD_WITHIN = Duration.ofMinutes(3);

    enum Outage {
        DEAD,
        /** It holds its connections and says nothing. */
        FROZEN;

        void begins(TestBroker broker) {
            switch (this) {
                case DEAD -> broker.kill9();
                case FROZEN -> broker.freeze();
            }
        }

        void ends(TestBroker broker) {
            switch (this) {
                case DEAD -> broker.restart();
                case FROZEN -> broker.thaw();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void silenceIsCountedFromWhenTheBusIsThereAgain(Outage outage, @TempDir Path directory) {
        try (TestBroker broker = TestBroker.start();
                Stage stage = Stage.on(broker, directory.resolve("home"), "monitor-0")) {
            stage.awaitReady();
            ClusterState cluster = Orders.state();
            stage.put(cluster);
            report(stage);
            stage.awaitHealth(cluster.name(), health -> health.counters().containsKey("reports of r1"));

            outage.begins(broker);
            long died = System.nanoTime();
            Await.until(
                    "the broker has been away for long enough",
                    AWAY.plusSeconds(10),
                    () -> System.nanoTime() - died >= AWAY.toNanos());
            Instant back = Instant.now();
            outage.ends(broker);

            Fact silence = Await.value(
                    "the silence of r1",
                    TOLD_WITHIN,
                    () -> stage.facts(cluster.name())
                            .filter(fact -> fact.event() instanceof WatchEvent.CheckFailed failed
                                    && failed.rule().equals(SILENT))
                            .findFirst());
            assertThat(silence.at()).isAfter(back.plusSeconds(60));
        }
    }

    private static void report(Stage stage) {
        long now = Duration.between(Orders.at(0).wall(), Instant.now()).toMillis();
        HostReport report = MonitReport.of("r1", now).poll(2).report();
        stage.send(Topic.REPORTS, report.key(), new String(Codec.bytes(report), StandardCharsets.UTF_8));
    }
}
