package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.BegunFailover;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Remediation.Action;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.check.Deed;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.check.Window;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A watch as the record that others read and the next owner goes on from. */
public final class HealthRecord {
    private static final Pattern OPEN_FAILOVER =
            Pattern.compile(Pattern.quote(Whole.OPEN) + "(\\S+):(\\d{1,5}) (\\S+):(\\d{1,5})");

    /**
     * Followed by the instance; its number is when a restart was asked for, in milliseconds of the epoch. There only while
     * that waits to be tried, so that a new owner does not ask a second time for the same outage.
     */
    private static final String ASKED = "asked ";

    /**
     * As {@link #ASKED}, of a stop by a rule. That stays until it was tried or asked for anew: what it stops goes down, and its end
     * is still to be heard.
     */
    private static final String ASKED_STOP = ASKED + "stop ";

    private HealthRecord() {}

    public static ClusterHealth of(ClusterWatch watch, Instant at, @Nullable Position lastEvent) {
        Map<InstanceId, InstanceHealth> instances = new HashMap<>();
        watch.instances().forEach((id, instance) -> instances.put(id, health(watch, instance)));
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
                counters(watch),
                lastEvent,
                Term.NONE,
                HostChecks.health(watch.hostChecks()),
                watch.chronicle().begun(watch.roster().uid().value()));
    }

    private static Map<String, Long> counters(ClusterWatch watch) {
        Map<String, Long> counters = new HashMap<>(watch.counters());
        counters.putAll(watch.surroundings().witnesses().counters());
        watch.instances().forEach((id, instance) -> {
            InstanceWatch.Asked asked = instance.asked();
            if (asked != null
                    && (asked.stops() || asked.flip() == instance.view().pulse().flips())) {
                Instant at = asked.until().wall().minus(InstanceWatch.ASKED_FOR);
                counters.put((asked.stops() ? ASKED_STOP : ASKED) + id, at.toEpochMilli());
            }
        });
        return counters;
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
            instances.put(
                    member.id(),
                    known == null
                            ? InstanceWatch.fresh(member, roster.rules(member.id()), now)
                            : waiting(
                                    restore(member, known, check(roster, health, known, member.id()), now),
                                    asked(health, member.id(), known, now)));
        }
        Map<String, Long> counters = new HashMap<>(health.counters());
        counters.keySet().removeIf(what -> what.startsWith(ASKED) || what.startsWith(Witnesses.KEY));
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
                HostChecks.restore(roster, health.hosts()),
                Map.of(),
                reopened(chronicle, health, now),
                new Conditions(seen),
                health.verdict(),
                counters,
                Surroundings.NONE.with(Witnesses.restored(roster.hosts(), health.counters(), now)));
    }

    private static InstanceWatch waiting(InstanceWatch instance, InstanceWatch.@Nullable Asked asked) {
        if (asked == null) {
            return instance;
        }
        Deed.Verb verb = asked.stops() ? Deed.Verb.STOP : Deed.Verb.RESTART;
        return instance.with(instance.check().asked(verb)).asked(asked);
    }

    private static InstanceWatch.@Nullable Asked asked(
            ClusterHealth health, InstanceId id, InstanceHealth known, Moment now) {
        Long stop = health.counters().get(ASKED_STOP + id);
        Long millis = stop == null ? health.counters().get(ASKED + id) : stop;
        if (millis == null) {
            return null;
        }
        Action action = stop == null ? Action.RESTART : Action.STOP;
        Instant at = Instant.ofEpochMilli(millis);
        long number = health.counters().getOrDefault(Cycle.kind(action) + " " + id, 0L);
        String remediation = Cycle.remediation(health.uid(), id, action, number);
        return new InstanceWatch.Asked(
                OperationId.of(at, remediation), now.at(at).plus(InstanceWatch.ASKED_FOR), known.flips(), action);
    }

    private static Chronicle reopened(Chronicle chronicle, ClusterHealth health, Moment now) {
        Chronicle next = chronicle;
        for (BegunFailover begun : health.failovers()) {
            next = next.begun(begun, now);
        }
        for (Map.Entry<String, Long> counter : health.counters().entrySet()) {
            Matcher open = OPEN_FAILOVER.matcher(counter.getKey());
            if (open.matches() && isPort(open.group(2)) && isPort(open.group(4))) {
                Endpoint from = new Endpoint(open.group(1), Integer.parseInt(open.group(2)));
                Endpoint to = new Endpoint(open.group(3), Integer.parseInt(open.group(4)));
                next = next.remembered(counter.getValue().intValue(), from, to, now);
            }
        }
        return next;
    }

    /** A counter that we did not write may say anything; then it counts for nothing. */
    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= 65_535;
    }

    private static InstanceHealth health(ClusterWatch watch, InstanceWatch instance) {
        Optional<String> held =
                Kin.holdsUp(instance.view().id(), watch.roster(), watch.instances(), watch.hostChecks());
        Pulse pulse = instance.view().pulse();
        return new InstanceHealth(
                pulse.liveness(),
                pulse.since().wall(),
                pulse.reason(),
                instance.view().standing().role(),
                instance.runId(),
                instance.monitored(),
                pulse.flips(),
                // One that slides is known by its attempts; as a window that tumbles its number would say something
                // else.
                instance.window().slides() ? 0 : instance.window().restarts(),
                instance.window().cycles(),
                instance.check().health(),
                instance.monitored() ? held.orElse("") : "",
                instance.window().attempts());
    }

    private static ServiceCheck check(Roster roster, ClusterHealth health, InstanceHealth known, InstanceId id) {
        ServiceCheck fresh = ServiceCheck.fresh(roster.rules(id), known.monitored());
        Window window = fresh.window().slides()
                ? Window.sliding(known.attempts())
                : new Window(known.restarts(), known.windowCycles());
        ServiceCheck check = fresh.with(window, known.check());
        // A record of a release that did not write down how its rules stand: its only one fails at a cycle, and that
        // may
        // have been still to come when the instance had failed already.
        boolean failed = health.counters().getOrDefault(Cycle.CHECK + id, 0L) % 2 == 1;
        return known.check() == null && failed
                ? check.told(ServiceRules.ARTICLE.names().getFirst(), true, known.since())
                : check;
    }

    private static InstanceWatch restore(Member member, InstanceHealth health, ServiceCheck check, Moment now) {
        Pulse pulse =
                new Pulse(health.liveness(), now.at(health.since()), health.reason(), null, 0, false, health.flips());
        ReplicationRole role = health.role();
        Standing standing = new Standing(role, -1, null, "", 0);
        return new InstanceWatch(
                new NodeView(member, pulse, standing, null, -1), health.runId(), null, null, check, null, -1, null);
    }
}
