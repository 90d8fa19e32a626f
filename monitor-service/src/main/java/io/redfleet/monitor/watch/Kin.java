package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.monitor.roster.Roster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which instance depends on which, by the rules of the cluster: always on one of its own host, or on a check of that host. What a
 * host has no instance of holds up nobody there.
 *
 * <p>What depends on an instance is not judged while that has errors, and not watched without it. It is neither stopped nor
 * started for it: a Sentinel that stops whenever the node beside it is restarted would take its vote with it.
 */
final class Kin {
    private final Roster roster;

    Kin(Roster roster) {
        this.roster = roster;
    }

    /** All of them, in the order of the spec, but nobody before whom he depends on. */
    List<InstanceId> parentsFirst() {
        Set<InstanceId> ordered = new LinkedHashSet<>();
        for (InstanceId id : roster.members().keySet()) {
            climb(id, ordered);
            ordered.add(id);
        }
        return List.copyOf(ordered);
    }

    /** All of them, in the order of the spec, but nobody before those that depend on him. */
    List<InstanceId> childrenFirst() {
        Set<InstanceId> ordered = new LinkedHashSet<>();
        for (InstanceId id : roster.members().keySet()) {
            ordered.addAll(below(id));
            ordered.add(id);
        }
        return List.copyOf(ordered);
    }

    /** Whatever it depends on, however far; of two the one that the other depends on comes first. */
    List<InstanceId> above(InstanceId id) {
        Set<InstanceId> found = new LinkedHashSet<>();
        climb(id, found);
        return List.copyOf(found);
    }

    /** Whatever depends on it, however far; of two the one that depends on the other comes first. */
    List<InstanceId> below(InstanceId id) {
        List<InstanceId> below = new ArrayList<>();
        for (InstanceId other : parentsFirst()) {
            if (other.host().equals(id.host()) && above(other).contains(id)) {
                below.addFirst(other);
            }
        }
        return below;
    }

    /** No circle ends here: rules with one are not read. */
    private void climb(InstanceId id, Set<InstanceId> found) {
        for (String name : roster.rules(id).parents()) {
            InstanceId parent = InstanceId.of(id.host(), name);
            if (roster.members().containsKey(parent) && !found.contains(parent)) {
                climb(parent, found);
                found.add(parent);
            }
        }
    }

    /**
     * Why nothing is judged of an instance at present, in Monit's words; empty: nothing keeps it from being judged. A Sentinel
     * waits for nobody while a majority is missing: without its vote the node that it would wait for may not be started.
     */
    static Optional<String> holdsUp(
            InstanceId id,
            Roster roster,
            Map<InstanceId, InstanceWatch> instances,
            Map<HostChecks.Place, HostCheck> hostChecks) {
        if (isSentinel(roster, id) && majorityMissing(roster, instances)) {
            return Optional.empty();
        }
        for (String name : roster.rules(id).parents()) {
            InstanceWatch parent = instances.get(InstanceId.of(id.host(), name));
            HostCheck host = hostChecks.get(new HostChecks.Place(id.host(), name));
            Optional<String> why = parent != null
                    ? parent.check().holdsUp()
                    : host != null ? host.check().holdsUp() : Optional.empty();
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    /**
     * In which order they are judged: parents first, and while a majority is missing Sentinels before all, so that the few
     * restarts that may be under way at once are theirs.
     */
    static List<InstanceId> order(Roster roster, Map<InstanceId, InstanceWatch> instances) {
        List<InstanceId> order = new ArrayList<>(new Kin(roster).parentsFirst());
        if (majorityMissing(roster, instances)) {
            order.sort(Comparator.comparing(id -> !isSentinel(roster, id)));
        }
        return order;
    }

    private static boolean isSentinel(Roster roster, InstanceId id) {
        Member member = roster.members().get(id);
        return member != null && member.role() == InstanceRole.SENTINEL;
    }

    private static boolean majorityMissing(Roster roster, Map<InstanceId, InstanceWatch> instances) {
        long voting = roster.sentinels().stream()
                .map(sentinel -> instances.get(sentinel.id()))
                .filter(watch -> watch != null && !watch.view().pulse().failed())
                .count();
        return voting < roster.majority();
    }

    /**
     * Nobody watches it any more, and so nobody watches what depends on it; told before its own end is.
     *
     * @param correlation what that belongs to; empty: to nothing
     */
    static void unwatchBelow(Step step, InstanceId id, String correlation, @Nullable Actor actor) {
        for (InstanceId child : new Kin(step.roster).below(id)) {
            InstanceWatch before = step.instances.get(child);
            if (before == null || !before.monitored()) {
                continue;
            }
            String reason = child + " depends on " + id + ", and is no longer watched as that is not";
            long number = step.count("monitoring " + child);
            step.tell(child, number, new WatchEvent.MonitoringStopped(false), reason, correlation, actor);
            step.closed(Cycle.CHECK + child);
            step.instances.put(child, before.monitored(false));
        }
    }
}
