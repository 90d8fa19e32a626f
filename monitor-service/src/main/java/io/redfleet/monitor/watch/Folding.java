package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.BegunFailover;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.monitor.check.Deed;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.topology.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a former owner told after its last health record. Health is written after the events it includes and at most once a
 * second, so a crash may leave events that no health knows: were they not counted, the next ones would bear their ids and
 * be taken for repeats.
 */
public final class Folding {
    private final Step step;
    private final Fact fact;

    private Folding(Step step, Fact fact) {
        this.step = step;
        this.fact = fact;
    }

    /** Facts of another cluster, or of an earlier one of this name, change nothing. */
    public static ClusterWatch fold(ClusterWatch watch, List<Fact> later, Moment now) {
        Step step = new Step(watch, now);
        for (Fact fact : later) {
            if (fact.about().uid().equals(watch.roster().uid())) {
                new Folding(step, fact).fold();
            }
        }
        return step.turn().next();
    }

    private void fold() {
        Event event = fact.event();
        InstanceId id = fact.about().instance();
        switch (event) {
            case InstanceEvent told when id != null -> instance(id, told);
            case WatchEvent told
            when id == null -> {
                Reports.fold(step, told);
                new Silences(step).fold(told);
                new Certificates(step).fold(told);
                new Tilts(step).fold(told);
                new HostChecks(step).fold(told, number(), fact.at());
            }
            case WatchEvent told -> watch(id, told);
            case TopologyEvent told -> condition(told, id);
            case FailoverEvent told -> failover(told);
            default -> {
                // Counts nothing and changes nothing.
            }
        }
    }

    private void instance(InstanceId id, InstanceEvent event) {
        InstanceWatch before = step.instances.get(id);
        if (before == null) {
            return;
        }
        switch (event) {
            case InstanceEvent.Down down -> turned(before, down.liveness(), down.runId());
            case InstanceEvent.Up up -> ended(before, Liveness.UP, up.runId(), Liveness.HUNG);
            case InstanceEvent.Hung hung -> ended(before, Liveness.HUNG, hung.runId(), Liveness.DOWN);
            case InstanceEvent.Responding responding -> ended(before, Liveness.UP, responding.runId(), Liveness.DOWN);
            case InstanceEvent.Loading l -> ended(before, Liveness.LOADING, before.runId(), Liveness.DOWN);
            case InstanceEvent.Ready r -> ended(before, Liveness.UP, before.runId(), Liveness.DOWN);
            case InstanceEvent.Restarted restarted -> step.instances.put(id, before.ran(restarted.runIdAfter()));
            case InstanceEvent.RoleChanged changed -> {
                step.raise("roleChanged " + id, number());
                Standing standing = new Standing(changed.after(), -1, null, "", 0);
                step.instances.put(id, before.with(before.view().remembered(standing)));
            }
        }
    }

    /**
     * What one owner tells in a row fits together; of two, one may tell the end of what the other did not begin. It does not
     * close what is open here, so that its own opposite is still to be told; only its number is not given again.
     */
    private void ended(InstanceWatch before, Liveness liveness, String runId, Liveness notWhile) {
        Liveness present = before.view().pulse().liveness();
        boolean gone = present == Liveness.UNREACHABLE && notWhile == Liveness.DOWN;
        if (present == notWhile || gone) {
            step.instances.put(
                    before.view().id(),
                    before.with(before.view().with(before.view().pulse().numbered(number()))));
        } else {
            turned(before, liveness, runId);
        }
    }

    private void turned(InstanceWatch before, Liveness liveness, String runId) {
        Pulse pulse = before.view().pulse();
        Moment since = step.now.at(fact.at());
        long flips = Math.max(pulse.flips(), number());
        Pulse next = new Pulse(liveness, since, fact.about().reason(), null, 0, false, flips);
        step.instances.put(
                before.view().id(), before.with(before.view().with(next)).ran(runId));
    }

    private void watch(InstanceId id, WatchEvent event) {
        InstanceWatch before = step.instances.get(id);
        if (before == null) {
            return;
        }
        switch (event) {
            case WatchEvent.CheckFailed failed -> checked(before, failed.rule(), true);
            case WatchEvent.CheckSucceeded succeeded -> checked(before, succeeded.rule(), false);
            case WatchEvent.RestartRequested asked -> {
                step.raise("restart " + id, number());
                // The attempts before it had been tried; whether this one is, its operation will say.
                InstanceWatch.Asked waiting = new InstanceWatch.Asked(
                        OperationId.of(fact.at(), asked.remediation()),
                        step.now.at(fact.at()).plus(InstanceWatch.ASKED_FOR),
                        before.view().pulse().flips(),
                        Remediation.Action.RESTART);
                Window window = before.window().atLeast(asked.attempt() - 1);
                step.instances.put(
                        id,
                        before.with(before.check().withheld().with(window).asked())
                                .asked(waiting));
            }
            case WatchEvent.StopRequested asked -> {
                step.raise("stop " + id, number());
                InstanceWatch.Asked waiting = new InstanceWatch.Asked(
                        OperationId.of(fact.at(), asked.remediation()),
                        step.now.at(fact.at()).plus(InstanceWatch.ASKED_FOR),
                        before.view().pulse().flips(),
                        Remediation.Action.STOP);
                ServiceCheck settled = before.check().withheld();
                step.instances.put(
                        id, before.with(settled.asked(Deed.Verb.STOP)).asked(waiting));
            }
            case WatchEvent.LimitReached l -> {
                step.raise("monitoring " + id, number());
                GivenUp.told(step, id, fact.at());
            }
            case WatchEvent.MonitoringStopped stopped -> {
                monitored(before, false);
                if (!stopped.byLimit()) {
                    GivenUp.seen(step, id);
                }
            }
            case WatchEvent.MonitoringStarted s -> {
                monitored(before, true);
                GivenUp.seen(step, id);
            }
            case WatchEvent.ExecRequested e -> step.raise(Execs.DUE + id, number());
            case WatchEvent.WouldHave would
            when would.action().equals(Remediation.Action.EXEC.name()) -> step.raise(Execs.DUE + id, number());
            case WatchEvent.WouldHave w -> step.instances.put(id, before.toldWould());
            case WatchEvent.MonitStopped s -> nothing();
            case WatchEvent.MonitStarted s -> nothing();
        }
    }

    private void checked(InstanceWatch before, String rule, boolean failed) {
        InstanceId id = before.view().id();
        step.raise(Cycle.CHECK + id, number());
        step.instances.put(id, before.with(before.check().told(rule, failed, fact.at())));
    }

    private void monitored(InstanceWatch before, boolean monitored) {
        InstanceId id = before.view().id();
        step.closed(Cycle.CHECK + id);
        step.raise("monitoring " + id, number());
        Ordered.told(step, fact.about().correlation(), id, fact.at());
        step.instances.put(id, before.monitored(monitored));
    }

    private void condition(TopologyEvent event, @Nullable InstanceId id) {
        switch (event) {
            case TopologyEvent.SplitBrain s -> opened(Finding.SplitBrain.KEY, true);
            case TopologyEvent.Healed h -> opened(Finding.SplitBrain.KEY, false);
            case TopologyEvent.QuorumLost l -> opened(Finding.QuorumLost.KEY, true);
            case TopologyEvent.QuorumRestored r -> opened(Finding.QuorumLost.KEY, false);
            case TopologyEvent.SentinelsDisagree d -> opened(Finding.Disagree.KEY, true);
            case TopologyEvent.SentinelsAgree a -> opened(Finding.Disagree.KEY, false);
            case TopologyEvent.ReplicaBroken b -> opened(Finding.ReplicaBroken.PREFIX + id, true);
            case TopologyEvent.ReplicaRestored r -> opened(Finding.ReplicaBroken.PREFIX + id, false);
            case TopologyEvent.Conflict c -> opened(conflict(c.endpoint(), c.other()), true);
            case TopologyEvent.ConflictEnded c -> opened(conflict(c.endpoint(), c.other()), false);
        }
    }

    private static String conflict(Endpoint endpoint, ClusterName other) {
        return new Finding.Conflict(endpoint, other, List.of()).key();
    }

    private void opened(String key, boolean open) {
        step.raise(key, number());
        step.conditions = step.conditions.remembered(key, step.now.at(fact.at()), open);
    }

    private void failover(FailoverEvent event) {
        switch (event) {
            case FailoverEvent.Switched told ->
                step.chronicle = step.chronicle.remembered(told.epoch(), told.oldMaster(), told.newMaster(), step.now);
            case FailoverEvent.Completed told ->
                step.chronicle = step.chronicle.concluded(
                        told.report().epoch(), told.report().newMaster());
            case FailoverEvent.Started told ->
                step.chronicle = step.chronicle.begun(
                        new BegunFailover(fact.about().correlation(), told.epoch(), told.oldMaster(), null), step.now);
            case FailoverEvent.LeaderElected told -> step.chronicle = step.chronicle.led(told.epoch(), told.leader());
            case FailoverEvent.Aborted told -> step.chronicle = step.chronicle.aborted(told.epoch(), told.cause());
            case FailoverEvent.ReplicaSelected r -> nothing();
            case FailoverEvent.Promoted p -> nothing();
        }
    }

    /** About a host, or between a failover's beginning and its switch: told again with the same id if it is heard again. */
    private static void nothing() {}

    /** The digits at the end of the id's third part: {@code uid:subject:number:kind}. */
    private long number() {
        List<String> parts = List.of(fact.id().split(":", -1));
        String part = parts.size() < 4 ? "" : parts.get(parts.size() - 2);
        int digits = part.length();
        while (digits > 0 && Character.isDigit(part.charAt(digits - 1))) {
            digits--;
        }
        String number = part.substring(digits);
        return number.isEmpty() || number.length() > 18 ? 0 : Long.parseLong(number);
    }
}
