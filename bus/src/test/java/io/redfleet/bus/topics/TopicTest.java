package io.redfleet.bus.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TopicTest {
    @Test
    void whatBelongsToAClusterLiesInItsPartition() {
        int orders = ClusterPartitioner.partition("orders");

        assertThat(ClusterPartitioner.partition("orders/op-1")).isEqualTo(orders);
        assertThat(ClusterPartitioner.partition("orders/r1/redis-server")).isEqualTo(orders);
    }

    @Test
    void aBareClusterNameLiesWhereKafkasOwnPartitionerPutsIt() {
        for (int i = 0; i < 1_000; i++) {
            String name = "cluster-" + i;
            assertThat(ClusterPartitioner.partition(name))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(name.getBytes(UTF_8), Topic.PARTITIONS));
        }
    }

    @Test
    void theOnlyCopyOfTheTruthIsFlushedPerRecordOnASingleBroker() {
        assertThat(Topic.CLUSTERS.settings(1)).containsEntry("flush.messages", "1");
        assertThat(Topic.CLUSTERS.settings(3))
                .doesNotContainKey("flush.messages")
                .containsEntry("min.insync.replicas", "2");
        assertThat(Topic.EVENTS.settings(1))
                .doesNotContainKey("flush.messages")
                .containsEntry("retention.ms", String.valueOf(400L * 24 * 3600 * 1000));
    }
}
