package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Topic;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bus that was set up by somebody else. */
class OtherTopicsTest {
    @TempDir
    Path home;

    @Test
    void aMonitorDoesNotStartBeforeEveryTopicHasThePartitionsThatItMustHave() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "admin", broker.admin()).common())) {
            admin.createTopics(List.of(new NewTopic(Topic.QUIET.fullName(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            try (Stage stage = Stage.empty(broker, home)) {
                assertThatThrownBy(stage::startMonitor)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the bus is not set up: topic redfleet.quiet.v1 has 3 partitions, not 12");

                admin.createPartitions(Map.of(Topic.QUIET.fullName(), NewPartitions.increaseTo(Topic.PARTITIONS)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
                stage.startMonitor();
                stage.awaitReady();
            }
        }
    }
}
