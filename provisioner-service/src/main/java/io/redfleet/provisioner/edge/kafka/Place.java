package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import java.util.Optional;

/**
 * What a record is about by its key alone, for one without a value or with one that cannot be read. A key can be anything.
 *
 * @param cluster empty for a key that begins with no name of a cluster
 * @param rest behind the cluster; empty for a record of the cluster itself
 */
record Place(Optional<ClusterName> cluster, String rest) {
    static Place of(BusRecord record) {
        String cluster = record.clusterKey();
        String rest = record.key()
                .substring(Math.min(cluster.length() + 1, record.key().length()));
        return new Place(ClusterName.allowed(cluster) ? Optional.of(new ClusterName(cluster)) : Optional.empty(), rest);
    }

    Optional<OperationId> operation() {
        try {
            return Optional.of(new OperationId(rest));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Optional<Purpose> purpose() {
        return Purpose.of(rest);
    }
}
