package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.monitor.topology.Claims;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every cluster of the fleet by its newest spec, other monitors' clusters too. A spec that cannot be read leaves the one before.
 * Not thread-safe: every call comes from the fleet's thread.
 */
public final class Claimants {
    private final Map<ClusterName, Spec> specs = new TreeMap<>(Comparator.comparing(ClusterName::value));
    private boolean known;
    private boolean changed;
    private Claims current = Claims.UNKNOWN;

    /**
     * What of a spec counts here.
     *
     * @param stood as {@link Claims.Claim} has it
     * @param addresses of data nodes
     */
    public record Spec(ClusterName cluster, boolean stood, Set<Endpoint> addresses) {
        public Spec {
            addresses = Set.copyOf(addresses);
        }

        /** Of a cluster's record. */
        public static Spec of(ClusterState state) {
            Set<Endpoint> addresses = state.spec().members(InstanceRole.REDIS).stream()
                    .flatMap(member -> Stream.of(member.endpoint(), member.announce()))
                    .collect(Collectors.toSet());
            return new Spec(state.name(), state.stood(), addresses);
        }
    }

    /** The newest of its cluster. */
    public void claimed(Spec next) {
        Spec before = specs.put(next.cluster(), next);
        changed |= before == null || !before.equals(next);
    }

    /** The cluster is gone for good. */
    public void gone(ClusterName cluster) {
        changed |= specs.remove(cluster) != null;
    }

    /** Every spec that lay on the bus was read. */
    public void caughtUp() {
        known = true;
        changed = true;
    }

    /** The same object until something has changed. */
    public Claims current() {
        if (known && changed) {
            Map<Endpoint, List<Claims.Claim>> at = new HashMap<>();
            specs.forEach((cluster, spec) -> spec.addresses()
                    .forEach(endpoint -> at.computeIfAbsent(endpoint, nobody -> new ArrayList<>())
                            .add(new Claims.Claim(cluster, spec.stood()))));
            at.replaceAll((endpoint, claims) -> List.copyOf(claims));
            current = new Claims(true, at);
            changed = false;
        }
        return current;
    }
}
