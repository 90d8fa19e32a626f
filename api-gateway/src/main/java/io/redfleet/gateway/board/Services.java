package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterState;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What Monit calls services: the instances of clusters, and the checks of their hosts.
 *
 * @param items the instances
 * @param hosts the checks of hosts; empty where no cluster's rules have any
 * @param drifts the clusters whose hosts are known to differ from their specs; of whole clusters only
 * @param next always null: the lists are whole
 * @param stale whether the bus is away, so that this may be old
 */
public record Services(
        List<StatusLine> items,
        List<HostLine> hosts,
        List<Drifted> drifts,
        @Nullable String next,
        boolean stale) {
    public Services {
        items = List.copyOf(items);
        hosts = List.copyOf(hosts);
        drifts = List.copyOf(drifts);
    }

    /** Of the clusters that pass. */
    public static Services of(Board board, Rules rules, Predicate<ClusterState> wanted, Instant now) {
        return new Services(
                StatusLine.list(board, rules, wanted),
                HostLine.list(board, rules, wanted, now),
                Drifted.list(board, wanted, now),
                null,
                board.stale());
    }

    /** Those of both that pass, and of no cluster as a whole. */
    public Services only(Predicate<StatusLine> instances, Predicate<HostLine> checks) {
        return new Services(
                items.stream().filter(instances).toList(),
                hosts.stream().filter(checks).toList(),
                List.of(),
                next,
                stale);
    }

    public boolean nothing() {
        return items.isEmpty() && hosts.isEmpty();
    }
}
