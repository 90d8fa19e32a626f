package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.check.ArticleRule.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.failover.Chronicle;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.Conditions;
import io.redfleet.monitor.topology.NodeView;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A watch as the record that others read and the next owner goes on from. */
public final class HealthRecord {
    private static final Pattern OPEN_FAILOVER =
            Pattern.compile(Pattern.quote(Whole.OPEN) + "(\\S+):(\\d{1,5}) (\\S+):(\\d{1,5})");

    private HealthRecord() {}

    public static ClusterHealth of(ClusterWatch watch, Instant at, @Nullable Position lastEvent) {
        Map<InstanceId, InstanceHealth> instances = new HashMap<>();
        watch.instances().forEach((id, instance) -> instances.put(id, health(instance)));
        Map<String, Instant> conditions = new HashMap<>();
        watch.conditions().seen().forEach((key, seen) -> {
            if (seen.told()) {
                conditions.put(key, seen.since().wall());
            }
        });
        return new ClusterHealth(
                ClusterHealth.SCHEMA,
                watch.roster().cluster(),
                watch.roster().uid(),
                at,
                watch.verdict(),
                instances,
                conditions,
                watch.counters(),
                lastEvent);
    }

    /** What the record does not hold begins anew; a record of an earlier cluster of the same name counts for nothing. */
    public static ClusterWatch restore(Roster roster, @Nullable ClusterHealth health, Moment now) {
        ClusterWatch fresh = ClusterWatch.fresh(roster, now);
        if (health == null || !health.uid().equals(roster.uid())) {
            return fresh;
        }
        Map<InstanceId, InstanceWatch> instances = new LinkedHashMap<>();
        for (Member member : roster.members().values()) {
            InstanceHealth known = health.instances().get(member.id());
            instances.put(member.id(), known == null ? InstanceWatch.fresh(member, now) : restore(member, known, now));
        }
        Map<String, Conditions.Seen> seen = new HashMap<>();
        health.conditions().forEach((key, since) -> seen.put(key, new Conditions.Seen(now.at(since), true)));
        Long completed = health.counters().get(Whole.COMPLETED);
        Long switched = health.counters().get(Whole.SWITCHED);
        Chronicle chronicle = completed == null || switched == null
                ? Chronicle.empty()
                : Chronicle.restored(
                        completed.intValue(),
                        switched.intValue(),
                        health.verdict().master());
        return new ClusterWatch(
                roster,
                instances,
                Map.of(),
                reopened(chronicle, health, now),
                new Conditions(seen),
                health.verdict(),
                health.counters(),
                Surroundings.NONE);
    }

    private static Chronicle reopened(Chronicle chronicle, ClusterHealth health, Moment now) {
        Chronicle next = chronicle;
        for (Map.Entry<String, Long> counter : health.counters().entrySet()) {
            Matcher open = OPEN_FAILOVER.matcher(counter.getKey());
            if (open.matches()) {
                Endpoint from = new Endpoint(open.group(1), Integer.parseInt(open.group(2)));
                Endpoint to = new Endpoint(open.group(3), Integer.parseInt(open.group(4)));
                next = next.remembered(counter.getValue().intValue(), from, to, now);
            }
        }
        return next;
    }

    private static InstanceHealth health(InstanceWatch instance) {
        Pulse pulse = instance.view().pulse();
        return new InstanceHealth(
                pulse.liveness(),
                pulse.since().wall(),
                pulse.reason(),
                instance.view().standing().role(),
                instance.runId(),
                instance.monitored(),
                pulse.flips(),
                instance.window().restarts(),
                instance.window().cycles());
    }

    private static InstanceWatch restore(Member member, InstanceHealth health, Moment now) {
        Pulse pulse =
                new Pulse(health.liveness(), now.at(health.since()), health.reason(), null, 0, false, health.flips());
        ReplicationRole role = health.role();
        Standing standing = new Standing(role, -1, null, "", 0);
        boolean failed = pulse.failed();
        return new InstanceWatch(
                new NodeView(member, pulse, standing, null, -1),
                health.runId(),
                null,
                null,
                health.monitored(),
                new Window(health.restarts(), health.windowCycles(), failed),
                null,
                -1,
                null);
    }
}
