package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.failover.Chronicle;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.Conditions;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.topology.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The working copy of a watch while one observation is folded in. Lives for one call and never leaves it. */
final class Step {
    final Moment now;
    final Map<InstanceId, InstanceWatch> instances;
    final Map<HostChecks.Place, HostCheck> hostChecks;
    final Map<InstanceId, SentinelView> views;
    final List<Remediation> asks = new ArrayList<>();
    final List<InstanceId> tried = new ArrayList<>();
    Roster roster;
    Chronicle chronicle;
    Conditions conditions;
    Verdict verdict;
    Surroundings surroundings;
    private final Map<String, Long> counters;
    private final List<Fact> facts = new ArrayList<>();

    Step(ClusterWatch watch, Moment now) {
        this.now = now;
        this.roster = watch.roster();
        this.instances = new LinkedHashMap<>(watch.instances());
        this.hostChecks = new LinkedHashMap<>(watch.hostChecks());
        this.views = new HashMap<>(watch.views());
        this.chronicle = watch.chronicle();
        this.conditions = watch.conditions();
        this.verdict = watch.verdict();
        this.surroundings = watch.surroundings();
        this.counters = new HashMap<>(watch.counters());
    }

    Turn turn() {
        ClusterWatch next = new ClusterWatch(
                roster, instances, hostChecks, views, chronicle, conditions, verdict, counters, surroundings);
        // Only one at a time is carried out in a cluster, and who is to be started does not wait for a program.
        asks.sort(Comparator.comparing(ask -> ask.action() == Remediation.Action.EXEC));
        return new Turn(next, facts, asks, tried);
    }

    Snapshot snapshot() {
        Map<InstanceId, NodeView> seen = new LinkedHashMap<>();
        instances.forEach((id, instance) -> seen.put(id, instance.view()));
        return new Snapshot(roster, seen, views, now);
    }

    /** The next number of a thing that happens again and again. */
    long count(String what) {
        return counters.merge(what, 1L, Long::sum);
    }

    long counted(String what) {
        return counters.getOrDefault(what, 0L);
    }

    /** Whether of a thing whose beginnings and ends take turns, each with a number, the last was a beginning. */
    boolean open(String what) {
        return counted(what) % 2 == 1;
    }

    /** Those of which {@link #open} holds, in the order of their names. */
    List<String> openOnes(Predicate<String> what) {
        return counters.keySet().stream()
                .filter(what)
                .filter(this::open)
                .sorted()
                .toList();
    }

    /** What was told to have begun is over without that being told: its end has no number, and the next begins anew. */
    void closed(String what) {
        if (open(what)) {
            count(what);
        }
    }

    void number(String what, long value) {
        counters.put(what, value);
    }

    /** A number that was given by a former owner is not given again. */
    void raise(String what, long atLeast) {
        counters.merge(what, atLeast, Math::max);
    }

    void forget(String what) {
        counters.remove(what);
    }

    /** Of those whose names begin so: the highest, as many as {@code most}, and none below {@code atLeast}. */
    void keepNewest(String beginning, long atLeast, int most) {
        List<String> old = counters.entrySet().stream()
                .filter(counter -> counter.getKey().startsWith(beginning))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .skip(most)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(counters::remove);
        counters.entrySet().removeIf(counter -> counter.getKey().startsWith(beginning) && counter.getValue() < atLeast);
    }

    void reassign(Roster next) {
        Map<InstanceId, InstanceWatch> kept = new LinkedHashMap<>();
        for (Member member : next.members().values()) {
            InstanceWatch known = instances.get(member.id());
            ServiceRules rules = next.rules(member.id());
            if (known == null || !isSame(known.view().member(), member)) {
                kept.put(member.id(), InstanceWatch.fresh(member, rules, now));
            } else {
                ended(member.id(), known.check().failedBeside(rules));
                kept.put(
                        member.id(),
                        known.with(known.view().of(member)).with(known.check().under(rules)));
            }
        }
        instances.clear();
        instances.putAll(kept);
        views.keySet().retainAll(kept.keySet());
        new HostChecks(this).reassign(next);
        roster = next;
    }

    /** Whether it is the same instance in the same place; what else a spec says of it changes nothing that was seen. */
    private static boolean isSame(Member known, Member member) {
        return known.role() == member.role()
                && known.endpoint().equals(member.endpoint())
                && known.announce().equals(member.announce());
    }

    /** Of a rule that is none any more, nothing would ever be told again. */
    private void ended(InstanceId id, List<String> rules) {
        for (String name : rules) {
            String reason = "no rule of " + id + " any more: " + name;
            tell(id, count(Cycle.CHECK + id), new WatchEvent.CheckSucceeded(name), reason);
        }
    }

    /** @param number what tells this happening of its kind from the others of its subject */
    void tell(@Nullable InstanceId instance, Object number, Event event, String reason) {
        tell(instance, number, event, reason, "", null);
    }

    void tell(
            @Nullable InstanceId instance,
            Object number,
            Event event,
            String reason,
            String correlation,
            @Nullable Actor actor) {
        String subject = instance == null ? roster.cluster().value() : instance.value();
        String id = Fact.id(roster.uid(), subject, number, EventTypes.shortName(event.getClass()));
        About about = new About(roster.cluster(), roster.uid(), instance, reason, correlation, actor);
        facts.add(new Fact(id, now.wall(), about, event));
    }
}
