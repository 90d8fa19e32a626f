package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import io.redfleet.testkit.SmallDisk;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A monitor whose home lies on a disk with nothing left. */
@Tag("long")
@Timeout(240)
class FullDiskTest {
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

    @Test
    void aFailoverIsToldFromAFullDiskAndTheMonitorDoesNotTellOfItselfForEver(@TempDir Path directory) {
        assumeTrue(SmallDisk.possible(), "mounting a small disk needs root");
        try (SmallDisk disk = SmallDisk.mounted(directory, 1_024);
                TestBroker broker = TestBroker.start();
                RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                Stage stage = Stage.on(broker, disk.path(), "monitor-full")) {
            ClusterName cluster = new ClusterName("full-disk");
            stage.awaitReady();
            stage.put(Accepted.stateOf(cluster.value(), trio, DOWN_AFTER));
            stage.awaitHealth(cluster, Watchmen::healthy);
            disk.fill();

            RedisNode master = trio.nodes().getFirst();
            String run = Objects.requireNonNull(master.info("server").get("run_id"));
            master.kill9();
            stage.await(cluster, FailoverEvent.Completed.class, fact -> true);
            master.restart();
            Await.until("a whole account", Watchmen.WITHIN, () -> {
                Account account = Account.of(stage, cluster);
                return account.faults().isEmpty() && account.tellsTheEndOf(Watchmen.node(1), run);
            });
            stage.awaitHealth(cluster, Watchmen::healthy);

            Account account = Account.of(stage, cluster);
            long gaps = stage.facts(ClusterName.FLEET)
                    .filter(fact -> fact.event() instanceof FleetEvent.BusGap)
                    .count();
            System.out.printf(
                    "full disk: 1 outage in, out %d records, %d repeats, 0 lost; %d gaps told%n",
                    account.records(), account.repeats(), gaps);
            assertThat(account.repeats()).isZero();
            assertThat(gaps).as("records said to be given up, though none was").isZero();
        }
    }
}
