package io.redfleet.monitor.edge.kafka;

import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.monitor.fleet.Unread;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Closed clusters of one partition to which the probes have no password, because its record cannot be read: they cannot be
 * watched. One whose password has merely not come yet is waited for. Who has an older password that opens is tried with it:
 * an instance that refuses it says so. For the reading thread alone.
 */
final class Locked {
    private final Map<String, ClusterUid> opened = new HashMap<>();
    private final Map<String, Unread> unread = new HashMap<>();
    /** By the cluster's name, for when the password comes. */
    private final Map<String, ClusterState> waiting = new HashMap<>();

    /** Why this cluster cannot be watched; empty for one that can, or that waits. */
    Optional<Unread> why(ClusterState state) {
        String name = state.name().value();
        if (!state.spec().security().guarded() || state.uid().equals(opened.get(name))) {
            waiting.remove(name);
            return Optional.empty();
        }
        waiting.put(name, state);
        return Optional.ofNullable(unread.get(name))
                .filter(record -> record.uid() == null || record.uid().equals(state.uid()))
                .map(record -> new Unread(record.at(), state.uid(), record.why(), record.ours()));
    }

    /** Answers the cluster that waits for it, of whose password nothing better will come. */
    Optional<ClusterState> unread(String cluster, Unread record) {
        unread.put(cluster, record);
        return Optional.ofNullable(waiting.get(cluster));
    }

    /** Answers the cluster that had to wait for it. */
    Optional<ClusterState> opens(SealedSecret secret) {
        String name = secret.cluster().value();
        opened.put(name, secret.uid());
        boolean missed = unread.remove(name) != null;
        return missed ? Optional.ofNullable(waiting.get(name)) : Optional.empty();
    }

    void gone(String cluster) {
        waiting.remove(cluster);
    }
}
