package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.roster.Roster;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Addresses that belong to two clusters. Sentinels that take another group's Redis into their own (its address was used again)
 * make it a replica of their master: its data are gone, or it is promoted with data that are not theirs.
 *
 * <p>What a Sentinel said last counts until it says something else, however long ago that was: one that is down will go on from it.
 */
public final class Conflicts {
    /** At once, of one cluster: a Sentinel that lists a whole fleet is one trouble and no thousand. */
    static final int MOST = 16;

    private final Snapshot snapshot;
    private final Roster roster;
    private final Claims claims;

    public Conflicts(Snapshot snapshot, Claims claims) {
        this.snapshot = snapshot;
        this.roster = snapshot.roster();
        this.claims = claims;
    }

    /**
     * An assessment with what is found here.
     *
     * @param conditions those that have begun; of a conflict among them nothing is said while it cannot be known
     */
    public Assessment beside(Assessment bare, Conditions conditions) {
        if (!claims.known()) {
            return with(bare, Map.of(), begun(conditions));
        }
        Map<String, Finding> found = new TreeMap<>();
        Stream.concat(twice().stream(), listed().stream())
                .sorted(Comparator.comparing(Finding.Conflict::key))
                .limit(MOST)
                .forEach(conflict -> found.put(conflict.key(), conflict));
        boolean allHeard = roster.sentinels().stream()
                .allMatch(sentinel -> snapshot.views().containsKey(sentinel.id()));
        return with(bare, found, allHeard ? Set.of() : begun(conditions));
    }

    private static Set<String> begun(Conditions conditions) {
        Set<String> keys = new HashSet<>(conditions.seen().keySet());
        keys.removeIf(key -> !key.startsWith(Finding.Conflict.PREFIX));
        return keys;
    }

    private static Assessment with(Assessment bare, Map<String, Finding> found, Set<String> unknown) {
        if (found.isEmpty() && unknown.isEmpty()) {
            return bare;
        }
        Map<String, Finding> present = new HashMap<>(bare.present());
        present.putAll(found);
        Set<String> undecided = new HashSet<>(bare.undecided());
        undecided.addAll(unknown);
        return new Assessment(present, undecided, bare.usable());
    }

    /** Two specs have it. Of the two the first by name tells it, so that it is told once, whoever watches either. */
    private List<Finding.Conflict> twice() {
        if (!roster.stood()) {
            return List.of();
        }
        return roster.nodes().stream()
                .flatMap(Conflicts::addresses)
                .flatMap(endpoint -> claims.ofOthers(roster.cluster(), endpoint).stream()
                        .filter(claim -> claim.stood() && isFirst(claim.cluster()))
                        .map(claim -> new Finding.Conflict(endpoint, claim.cluster(), List.of())))
                .toList();
    }

    private static Stream<Endpoint> addresses(Member member) {
        return Stream.of(member.endpoint(), member.announce()).distinct();
    }

    private boolean isFirst(ClusterName other) {
        return roster.cluster().value().compareTo(other.value()) < 0;
    }

    /** Our Sentinels have it, and another's spec: it is ours to tell, whether that cluster stands yet or not. */
    private List<Finding.Conflict> listed() {
        Map<Endpoint, List<InstanceId>> strangers = new HashMap<>();
        for (Member sentinel : roster.sentinels()) {
            SentinelView view = snapshot.views().get(sentinel.id());
            if (view != null) {
                view.knows()
                        .filter(endpoint -> roster.at(endpoint).isEmpty())
                        .forEach(endpoint -> strangers.merge(
                                endpoint,
                                List.of(sentinel.id()),
                                (some, more) -> Stream.concat(some.stream(), more.stream())
                                        .toList()));
            }
        }
        return strangers.entrySet().stream()
                .flatMap(entry -> claims.ofOthers(roster.cluster(), entry.getKey()).stream()
                        .map(claim -> new Finding.Conflict(entry.getKey(), claim.cluster(), entry.getValue())))
                .toList();
    }
}
