package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.monitor.fleet.Claimants;
import java.util.List;
import java.util.concurrent.Executor;

/** Reads every cluster's spec, of all partitions: whose an address is does not depend on who watches him. */
public final class ClaimReader {
    private ClaimReader() {}

    /** @param fleet the fleet's own thread, on which the claims are kept */
    public static Follower follow(BusSettings settings, Claimants claimants, Executor fleet) {
        Follower reader = Follower.of(
                settings, List.of(Topic.CLUSTERS), new Start.Beginning(), record -> read(record, claimants, fleet));
        // One that ends before it has read all leaves the claims unknown.
        reader.caughtUp().thenRun(() -> fleet.execute(claimants::caughtUp));
        return reader;
    }

    /** The owner of its partition says of a record that it cannot be read; here the one before stands. */
    static void read(BusRecord record, Claimants claimants, Executor fleet) {
        if (!ClusterName.allowed(record.key())) {
            return;
        }
        if (record.isTombstone()) {
            fleet.execute(() -> claimants.gone(new ClusterName(record.key())));
            return;
        }
        try {
            Claimants.Spec spec = Claimants.Spec.of(record.as(ClusterState.class));
            fleet.execute(() -> claimants.claimed(spec));
        } catch (Unreadable e) {
            // Said by whoever owns the partition, and the cluster is parked there.
        }
    }
}
