package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.failover.Chronicle;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.Claims;
import io.redfleet.monitor.topology.Conditions;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.topology.Snapshot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one cluster. Immutable: an observation and a moment make the next one, with what is to be
 * told.
 *
 * @param hostChecks how the checks of its hosts stand, every one at every host
 * @param counters how often things have happened that have no number of their own; part of event ids, never reset
 */
public record ClusterWatch(
        Roster roster,
        Map<InstanceId, InstanceWatch> instances,
        Map<HostChecks.Place, HostCheck> hostChecks,
        Map<InstanceId, SentinelView> views,
        Chronicle chronicle,
        Conditions conditions,
        Verdict verdict,
        Map<String, Long> counters,
        Surroundings surroundings) {
    public ClusterWatch {
        instances = Collections.unmodifiableMap(new LinkedHashMap<>(instances));
        hostChecks = Collections.unmodifiableMap(new LinkedHashMap<>(hostChecks));
        views = Map.copyOf(views);
        counters = Map.copyOf(counters);
    }

    /** A cluster that nobody has watched before. */
    public static ClusterWatch fresh(Roster roster, Moment now) {
        Map<InstanceId, InstanceWatch> instances = new LinkedHashMap<>();
        roster.members()
                .values()
                .forEach(member ->
                        instances.put(member.id(), InstanceWatch.fresh(member, roster.rules(member.id()), now)));
        Verdict verdict = new Verdict(Verdict.Diagnosis.UNKNOWN, "nothing has been seen yet", now.wall(), null, 0);
        return new ClusterWatch(
                roster,
                instances,
                HostChecks.fresh(roster),
                Map.of(),
                Chronicle.empty(),
                Conditions.NONE,
                verdict,
                Map.of(),
                Surroundings.NONE);
    }

    public Turn after(Observation observation, Moment now) {
        ClusterWatch same = asBefore(observation, now);
        if (same != null) {
            return new Turn(same, List.of(), List.of(), List.of());
        }
        Step step = new Step(this, now);
        switch (observation) {
            case Observation.Answered answered -> new Instances(step).answered(answered);
            case Observation.Stood stood -> new Instances(step).stood(stood.instance(), stood.standing());
            case Observation.Figured figured -> new Instances(step).figured(figured.instance(), figured.figures());
            case Observation.Certified certified ->
                new Certificates(step).shown(certified.instance(), certified.ends());
            case Observation.Viewed viewed -> {
                SentinelView before = step.views.put(viewed.view().sentinel(), viewed.view());
                if (!settled() || before == null || !viewed.view().saysAs(before)) {
                    new Whole(step).look();
                }
            }
            case Observation.Published published -> new Whole(step).published(published);
            case Observation.Looked l -> {
                new Whole(step).look();
                new Silences(step).look();
            }
            case Observation.Operated operated -> {
                step.surroundings = surroundings.with(operated.operation());
                new Instances(step).tried(operated.operation());
            }
            case Observation.OperationUnread unread -> step.surroundings = surroundings.without(unread.operation());
            case Observation.HostSeen seen -> step.surroundings = surroundings.with(seen.facts());
            case Observation.Reported reported -> new Reports(step).take(reported.report());
            case Observation.Deaf d ->
                step.surroundings = surroundings.with(surroundings.witnesses().deaf(now));
            case Observation.Reassigned reassigned -> {
                step.reassign(reassigned.roster());
                new Reports(step).close();
            }
        }
        return step.turn();
    }

    /** Nearly every answer says what the one before it said; then only its time is new. Null where more is. */
    private @Nullable ClusterWatch asBefore(Observation observation, Moment now) {
        return switch (observation) {
            case Observation.Answered answered -> {
                InstanceWatch before = instances.get(answered.instance());
                yield before != null && before.heardAgain(answered)
                        ? with(before.with(
                                before.view().with(before.view().pulse().after(answered.reply(), now))))
                        : null;
            }
            case Observation.Stood stood -> {
                InstanceWatch before = instances.get(stood.instance());
                yield before != null
                                && before.view().standing().role()
                                        == stood.standing().role()
                        ? with(before.with(before.view().with(stood.standing(), now)))
                        : null;
            }
            default -> null;
        };
    }

    private ClusterWatch with(InstanceWatch instance) {
        Map<InstanceId, InstanceWatch> next = new LinkedHashMap<>(instances);
        next.put(instance.view().id(), instance);
        return new ClusterWatch(
                roster, next, hostChecks, views, chronicle, conditions, verdict, counters, surroundings);
    }

    /** What other clusters there are, for the next look. */
    public ClusterWatch beside(Claims claims) {
        return surroundings.claims().equals(claims)
                ? this
                : new ClusterWatch(
                        roster,
                        instances,
                        hostChecks,
                        views,
                        chronicle,
                        conditions,
                        verdict,
                        counters,
                        surroundings.with(claims));
    }

    /**
     * Judges the rules once.
     *
     * @param brake why nothing automatic may be asked for in this cluster; empty when it may
     */
    public Turn.OfCycle cycle(Brakes brakes, String brake, Moment now) {
        Step step = new Step(this, now);
        Brakes left = new Cycle(step, brake).judge(brakes);
        return new Turn.OfCycle(step.turn(), left);
    }

    /**
     * Judging begins or ends by an order. What of the same order was told before is not done again. With an instance what it
     * depends on is judged too, and without it what depends on it is not.
     *
     * @param only null for the whole cluster
     */
    public Turn monitored(CommandId order, @Nullable InstanceId only, boolean monitored, Actor actor, Moment now) {
        Step step = new Step(this, now);
        Kin kin = new Kin(roster);
        if (only == null) {
            List<InstanceId> all = monitored ? kin.parentsFirst() : kin.childrenFirst();
            new Instances(step).monitored(order, all, monitored, actor);
        } else {
            new Instances(step).monitored(order, only, monitored, actor);
        }
        Ordered.done(step, order);
        return step.turn();
    }

    /** Whether this order has been carried out here, by us or by an earlier owner. */
    public boolean includes(CommandId order) {
        return Ordered.done(counters, order);
    }

    /** Whether probes should come five times as often: while a master is being changed. */
    public boolean brisk(Moment now) {
        return chronicle.failingOver(now, roster.sentinel().failoverTimeout());
    }

    /** Whether an operation is at work on it, so that what goes wrong is no sign of a wider trouble. */
    public boolean disturbed() {
        return roster.phase() == Phase.PROVISIONING || !surroundings.expected().isEmpty();
    }

    /** Whether any of its instances has ever been seen in any state. */
    public boolean everHeard() {
        return instances.values().stream()
                .anyMatch(instance ->
                        !instance.runId().isEmpty() || instance.view().pulse().liveness() != Liveness.UNKNOWN);
    }

    /** Whether all that is known of the cluster is well. */
    public boolean well() {
        return verdict.diagnosis() == Verdict.Diagnosis.HEALTHY;
    }

    /** Whether it is well and nothing has begun that would not be told yet: only time can change that, and it takes seconds. */
    public boolean settled() {
        return well() && conditions.seen().isEmpty();
    }

    public Snapshot snapshot(Moment now) {
        Map<InstanceId, NodeView> seen = new LinkedHashMap<>();
        instances.forEach((id, instance) -> seen.put(id, instance.view()));
        return new Snapshot(roster, seen, views, now);
    }
}
