package io.redfleet.bus.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends a record to the partition of its cluster: murmur2 of the key up to the first {@code /}.
 *
 * <p>For a key without a slash this is what Kafka's own partitioner does, so a producer in any language that writes under
 * the bare cluster name agrees with it.
 */
public final class ClusterPartitioner implements Partitioner {

    /** From 0 to {@link Topic#PARTITIONS} - 1. */
    public static int partition(String key) {
        int slash = key.indexOf('/');
        String cluster = slash < 0 ? key : key.substring(0, slash);
        return Utils.toPositive(Utils.murmur2(cluster.getBytes(UTF_8))) % Topic.PARTITIONS;
    }

    @Override
    public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
        if (keyBytes == null) {
            throw new IllegalStateException("a record without a key has no place on " + topic);
        }
        return partition(new String(keyBytes, UTF_8));
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
