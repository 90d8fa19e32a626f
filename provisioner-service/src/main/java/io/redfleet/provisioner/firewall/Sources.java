package io.redfleet.provisioner.firewall;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.reach.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who may begin a connection to a cluster's ports: its members, by their addresses and those that they announce, and whom its
 * spec names.
 */
public final class Sources {
    private Sources() {}

    /**
     * In the order of the spec, none within another.
     *
     * @throws IllegalArgumentException if one is neither an address nor a network
     */
    public static List<Range> of(ClusterSpec spec) {
        Stream<String> members = spec.hosts().stream().flatMap(Sources::addresses);
        Stream<String> named = Stream.concat(spec.firewall().monitors().stream(), spec.firewall().clients().stream());
        return apart(Stream.concat(members, named).map(Sources::range).toList());
    }

    /** The same addresses, by networks of which none is within another. */
    static List<Range> apart(List<Range> ranges) {
        List<Range> apart = new ArrayList<>();
        for (Range range : ranges) {
            if (apart.stream().noneMatch(other -> other.covers(range))) {
                apart.removeIf(range::covers);
                apart.add(range);
            }
        }
        return List.copyOf(apart);
    }

    private static Stream<String> addresses(HostSpec host) {
        return Stream.concat(
                Stream.of(host.address()),
                host.instances().stream().map(instance -> instance.announce().host()));
    }

    private static Range range(String text) {
        return Range.of(text).orElseThrow(() -> new IllegalArgumentException("not an address or a network: " + text));
    }
}
