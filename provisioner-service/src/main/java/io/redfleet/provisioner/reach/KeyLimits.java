package io.redfleet.provisioner.reach;

import io.redfleet.contracts.cluster.ClusterName;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an admin has said about a key. */
public sealed interface KeyLimits {
    /** Nothing: it reaches every host, for every cluster. */
    record None() implements KeyLimits {}

    /**
     * Something.
     *
     * @param addresses where it may be used; empty: anywhere
     * @param clusters by name, for whom it may be used
     * @param labels a cluster that carries all of these may use it too; with neither names nor labels every cluster may
     * @param hostWide whether what belongs to the whole machine may be changed with it
     */
    record Limited(List<Range> addresses, Set<ClusterName> clusters, Map<String, String> labels, boolean hostWide)
            implements KeyLimits {
        public Limited {
            addresses = List.copyOf(addresses);
            clusters = Set.copyOf(clusters);
            labels = Map.copyOf(labels);
        }

        boolean mayServe(ClusterName cluster, Map<String, String> carried) {
            boolean anybody = clusters.isEmpty() && labels.isEmpty();
            boolean byLabels = !labels.isEmpty() && carried.entrySet().containsAll(labels.entrySet());
            return anybody || byLabels || clusters.contains(cluster);
        }
    }

    /** There is something, and it cannot be understood: the key is not used until that is mended. */
    record Unusable(String reason) implements KeyLimits {}

    /** Why the key is not to be used at this address; empty if it may. */
    default Optional<String> forbids(String key, InetAddress address) {
        Optional<String> never = Addresses.never(address);
        if (never.isPresent()) {
            return never;
        }
        return switch (this) {
            case None none -> Optional.empty();
            case Unusable unusable -> Optional.of(unusable.reason());
            case Limited limited ->
                limited.addresses().isEmpty() || limited.addresses().stream().anyMatch(range -> range.contains(address))
                        ? Optional.empty()
                        : Optional.of("is outside of what key " + key + " reaches: "
                                + limited.addresses().stream()
                                        .map(Range::toString)
                                        .collect(Collectors.joining(", ")));
        };
    }

    /** Where limits are found. Asked anew each time: what an admin writes holds from then on. */
    interface Source {
        KeyLimits of(String key);
    }
}
