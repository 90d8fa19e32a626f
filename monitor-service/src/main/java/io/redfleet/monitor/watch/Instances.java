package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.monitor.failover.Listener;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.PulseEvents;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.topology.NodeView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an answer of one instance, or its silence, changes. */
final class Instances {
    private final Step step;

    Instances(Step step) {
        this.step = step;
    }

    void answered(Observation.Answered answered) {
        InstanceWatch before = step.instances.get(answered.instance());
        if (before == null || notBegun(before, answered)) {
            return;
        }
        Figures greeting = answered.greeting();
        String runId = greeting == null || greeting.runId().isEmpty() ? before.runId() : greeting.runId();
        long eta = greeting == null ? -1 : greeting.loadingEtaSeconds();
        Pulse pulse = before.view().pulse();
        Pulse next = pulse.after(answered.reply(), step.now);
        step.instances.put(answered.instance(), before.with(before.view().with(next)));
        PulseEvents.Context context =
                new PulseEvents.Context(before.view().standing().role(), runId, eta);
        List<InstanceEvent> events = PulseEvents.between(pulse, next, context, step.now);
        if (before.monitored()) {
            events.forEach(event -> tell(answered.instance(), next, event));
        }
        if (next.liveness() != pulse.liveness()) {
            noteIfMaster(answered.instance(), next);
        }
        if (greeting != null) {
            figured(answered.instance(), greeting);
        }
        if (next.liveness() != pulse.liveness()) {
            new Whole(step).look();
        }
    }

    void stood(InstanceId id, Standing standing) {
        InstanceWatch before = step.instances.get(id);
        if (before == null) {
            return;
        }
        ReplicationRole was = before.view().standing().role();
        step.instances.put(id, before.with(before.view().with(standing, step.now)));
        if (was == ReplicationRole.UNKNOWN || was == standing.role() || standing.role() == ReplicationRole.UNKNOWN) {
            return;
        }
        step.chronicle = Listener.note(step.chronicle, id + " calls itself " + standing.role(), step.now);
        if (before.monitored()) {
            step.tell(
                    id,
                    step.count("roleChanged " + id),
                    new InstanceEvent.RoleChanged(was, standing.role()),
                    id + " calls itself " + standing.role() + " and no longer " + was);
        }
        new Whole(step).look();
    }

    /** Another run id is another run; where none can be read, an uptime that fell says so. */
    void figured(InstanceId id, Figures figures) {
        InstanceWatch before = step.instances.get(id);
        if (before == null) {
            return;
        }
        String runId = figures.runId().isEmpty() ? before.runId() : figures.runId();
        boolean otherRun = !before.runId().isEmpty() && !runId.equals(before.runId());
        if ((otherRun || uptimeFell(before, figures)) && before.monitored()) {
            step.tell(
                    id,
                    otherRun ? runId : "uptime-" + step.count("restarted " + id),
                    new InstanceEvent.Restarted(before.runId(), runId, figures.uptimeSeconds()),
                    id + " runs anew since " + figures.uptimeSeconds() + " s",
                    step.surroundings.stopping(id).map(OperationId::value).orElse(""),
                    null);
        }
        step.instances.put(id, before.figured(runId, figures, step.now));
    }

    void monitored(List<InstanceId> meant, boolean monitored, Actor actor) {
        for (InstanceId id : meant) {
            InstanceWatch before = step.instances.get(id);
            if (before == null || (!before.monitored() && !monitored)) {
                continue;
            }
            long number = step.count("monitoring " + id);
            WatchEvent event = monitored ? new WatchEvent.MonitoringStarted() : new WatchEvent.MonitoringStopped(false);
            String reason = actor.name() + (monitored ? " asked to watch " : " asked not to watch ") + id;
            step.tell(id, number, event, reason, "", actor);
            step.instances.put(id, (monitored ? anew(before) : before).monitored(monitored));
        }
    }

    /** Watched again: what became of it meanwhile was not told, so the next probe tells what is. */
    private InstanceWatch anew(InstanceWatch before) {
        if (before.monitored()) {
            return before;
        }
        Pulse pulse = before.view().pulse();
        Pulse unknown =
                new Pulse(Liveness.UNKNOWN, step.now, "watched again", pulse.heard(), 0, false, pulse.flips() + 1);
        return before.with(before.view().with(unknown));
    }

    /** What never ran is not missing while it is still being set up. */
    private boolean notBegun(InstanceWatch before, Observation.Answered answered) {
        return step.roster.phase() != Phase.READY
                && before.view().pulse().liveness() == Liveness.UNKNOWN
                && before.runId().isEmpty()
                && !answered.reply().answered();
    }

    private void tell(InstanceId id, Pulse pulse, InstanceEvent event) {
        Optional<OperationId> stopping = step.surroundings.stopping(id);
        String why = stopping.filter(o -> pulse.failed())
                .map(operation -> ": operation " + operation + " has stopped it")
                .orElse("");
        String correlation = stopping.map(OperationId::value).orElse("");
        step.tell(id, pulse.flips(), event, id + " " + pulse.reason() + why, correlation, null);
    }

    private void noteIfMaster(InstanceId id, Pulse pulse) {
        if (step.snapshot()
                .at(step.verdict.master())
                .map(NodeView::id)
                .filter(id::equals)
                .isPresent()) {
            step.chronicle = Listener.note(step.chronicle, "the master " + id + " " + pulse.reason(), step.now);
        }
    }

    private boolean uptimeFell(InstanceWatch before, Figures figures) {
        Figures last = before.figures();
        io.redfleet.monitor.clock.@Nullable Moment at = before.figuredAt();
        if (!figures.runId().isEmpty() || last == null || at == null || figures.uptimeSeconds() < 0) {
            return false;
        }
        long expected = last.uptimeSeconds() + step.now.since(at).toSeconds() - 2;
        return last.uptimeSeconds() >= 0 && figures.uptimeSeconds() < expected;
    }
}
