package io.redfleet.provisioner.facts;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.order.Roster;
import io.redfleet.provisioner.survey.HostFeed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows every host of the clusters of one partition. {@link #tick} is called again and again by one thread, writes what
 * changed and may block while the bus is away; everything else returns at once.
 *
 * <p>The lock closes one race: a cluster that comes or goes while a tick walks over the hosts.
 */
public final class HostWatch implements Roster {

    /**
     * How hosts are followed.
     *
     * @param period how often a host says how it is
     * @param atLeast facts that say nothing new are written no more often than this, except for rules about figures
     * @param connects a thread for each connection that is being made
     */
    public record Terms(HostFeed feed, Executor connects, Duration period, Duration atLeast) {}

    private final Ledger ledger;
    private final Terms terms;
    private final Map<Place, FollowedHost> followed = new HashMap<>();
    private final Map<Place, Introduction> introduced = new HashMap<>();
    private final Map<Place, HostFacts> replayed = new HashMap<>();
    private final List<Place> gone = new ArrayList<>();

    private record Place(ClusterName cluster, HostName host) {}

    public HostWatch(Ledger ledger, Terms terms) {
        this.ledger = ledger;
        this.terms = terms;
    }

    @Override
    public synchronized void known(HostFacts facts) {
        replayed.put(new Place(facts.cluster(), facts.host()), facts);
    }

    @Override
    public synchronized void follow(ClusterState cluster) {
        if (cluster.spec().observed()) {
            // No host of it is logged in to.
            leave(cluster.name());
            return;
        }
        leave(cluster.name(), place -> cluster.spec().host(place.host()).isEmpty());
        Duration pace = Pace.of(cluster.spec().watch(), terms.period(), terms.atLeast());
        for (HostSpec host : cluster.spec().hosts()) {
            Place place = new Place(cluster.name(), host.name());
            FollowedHost standing = followed.get(place);
            if (standing != null && standing.isFor(cluster.uid(), host)) {
                standing.pace(pace);
                continue;
            }
            if (standing != null) {
                standing.cancel();
            }
            FollowedHost begun = new FollowedHost(cluster, host, terms, replayed.remove(place));
            begun.pace(pace);
            followed.put(place, begun);
            introduced.put(place, new Introduction(cluster, host, terms.feed()));
        }
    }

    @Override
    public synchronized void leave(ClusterName cluster) {
        leave(cluster, followed::containsKey);
    }

    private void leave(ClusterName cluster, Predicate<Place> which) {
        Set<Place> left = Stream.concat(followed.keySet().stream(), replayed.keySet().stream())
                .filter(place -> place.cluster().equals(cluster))
                .filter(which)
                .collect(Collectors.toSet());
        for (Place place : left) {
            FollowedHost host = followed.remove(place);
            if (host != null) {
                host.cancel();
            }
            introduced.remove(place);
            replayed.remove(place);
            gone.add(place);
        }
    }

    @Override
    public synchronized void close() {
        followed.values().forEach(FollowedHost::cancel);
        followed.clear();
        introduced.clear();
    }

    /** Writes what is new, and connects where that is due. */
    public void tick(Instant now) {
        List<FollowedHost> hosts;
        List<Introduction> introductions;
        List<Place> ended;
        synchronized (this) {
            hosts = List.copyOf(followed.values());
            introductions = List.copyOf(introduced.values());
            ended = List.copyOf(gone);
            gone.clear();
        }
        for (Place place : ended) {
            ledger.forgetHost(place.cluster(), place.host());
        }
        for (FollowedHost host : hosts) {
            host.tick(now, ledger);
        }
        for (Introduction introduction : introductions) {
            introduction.tick(ledger);
        }
    }
}
