package io.redfleet.alert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Topic;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bus that was set up by somebody else. */
@Tag("peer")
class OtherTopicsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void nothingIsReadBeforeEveryTopicHasThePartitionsThatItMustHave() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "admin", broker.admin()).common())) {
            admin.createTopics(List.of(new NewTopic(Topic.QUIET.fullName(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            try (Rig rig = new Rig(broker, TestPostgres.shared().database(), Map.of())) {
                rig.engine().start();
                String fault = "reader: the bus is not set up: topic redfleet.quiet.v1 has 3 partitions, not 12";
                Await.until("what is wrong", LONG, () -> rig.engine().troubles().contains(fault));
                assertThat(rig.column("select topic from reader_offset")).isEmpty();

                admin.createPartitions(Map.of(Topic.QUIET.fullName(), NewPartitions.increaseTo(Topic.PARTITIONS)))
                        .all()
                        .get(20, TimeUnit.SECONDS);

                Await.until("all is well", LONG, () -> rig.engine().troubles().isEmpty());
            }
        }
    }
}
