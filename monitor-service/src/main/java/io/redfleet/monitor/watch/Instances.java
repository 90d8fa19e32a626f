package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.failover.Listener;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.PulseEvents;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.remedy.Patient.ProcessSeen;
import io.redfleet.monitor.topology.NodeView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What an answer of one instance, or its silence, changes. */
final class Instances {
    /** The host's facts say a moment after an operation that it has stopped something for good. */
    private static final Duration FACTS_FOLLOW = Duration.ofSeconds(5);

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
        if (before.monitored()) {
            turned(answered.instance(), pulse, next, context);
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

    /**
     * What an operation stops is seen and not raised, unless it stays away when the operation is over. What had failed
     * before was told then: only the step from one failure to the other is swallowed, and its end is told.
     */
    private void turned(InstanceId id, Pulse before, Pulse after, PulseEvents.Context context) {
        List<InstanceEvent> events = PulseEvents.between(before, after, context, step.now);
        InstanceWatch watch = watch(id);
        if (events.isEmpty()) {
            return;
        }
        if (after.failed() && step.surroundings.stopping(id).isPresent()) {
            if (!before.failed()) {
                step.instances.put(id, watch.untold(step.now));
            }
            return;
        }
        boolean closesWhatWasNotTold = watch.untold() != null;
        step.instances.put(id, watch.untold(null));
        events.stream()
                .filter(event -> !closesWhatWasNotTold
                        || !(event instanceof InstanceEvent.Up || event instanceof InstanceEvent.Responding))
                .forEach(event -> tell(id, after, event));
    }

    /** The operation is over and what it stopped is still away, and nobody says that it is meant to be. */
    void overdue() {
        for (InstanceWatch watch : List.copyOf(step.instances.values())) {
            InstanceId id = watch.view().id();
            Moment since = watch.untold();
            if (since == null) {
                continue;
            }
            if (step.surroundings.stopping(id).isPresent()) {
                step.instances.put(id, watch.untold(step.now));
            } else if (step.now.atLeast(FACTS_FOLLOW, since)
                    && step.surroundings.process(id, since) != ProcessSeen.STOPPED) {
                step.instances.put(id, watch.untold(null));
                Pulse pulse = watch.view().pulse();
                PulseEvents.Context context =
                        new PulseEvents.Context(watch.view().standing().role(), watch.runId(), -1);
                PulseEvents.begun(pulse, context, step.now).forEach(event -> tell(id, pulse, event));
            }
        }
    }

    /** The provisioner has done what it was asked for, well or not; a request that it withheld has no step. */
    void tried(OperationState operation) {
        boolean worked = operation.steps().stream().anyMatch(part -> part.status() != StepState.Status.WAITING);
        if (!operation.status().done()) {
            return;
        }
        for (InstanceWatch watch : List.copyOf(step.instances.values())) {
            InstanceWatch.Asked asked = watch.asked();
            if (asked != null && asked.operation().equals(operation.id())) {
                InstanceId id = watch.view().id();
                if (!worked) {
                    if (asked.stops()) {
                        Stops.withheld(step, id);
                    }
                    continue;
                }
                if (asked.stops()) {
                    Stops.tried(step, watch, operation);
                } else {
                    step.instances.put(id, watch.with(watch.check().tried()).asked(null));
                }
                step.tried.add(id);
            }
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
        new Tilts(step).figured(before, figures);
        step.instances.put(id, before.figured(runId, figures, step.now));
    }

    /** With those it depends on, or that depend on it: the first are watched first, the others end first. */
    void monitored(CommandId order, InstanceId one, boolean monitored, Actor actor) {
        if (monitored) {
            for (InstanceId parent : new Kin(step.roster).above(one)) {
                InstanceWatch before = step.instances.get(parent);
                if (before != null && !before.monitored()) {
                    monitored(order, parent, true, actor, ", on which " + one + " depends");
                }
            }
        } else if (!Ordered.told(step, order, one)) {
            Kin.unwatchBelow(step, one, order.value(), actor);
        }
        monitored(order, one, monitored, actor, "");
    }

    void monitored(CommandId order, List<InstanceId> meant, boolean monitored, Actor actor) {
        meant.forEach(id -> monitored(order, id, monitored, actor, ""));
    }

    private void monitored(CommandId order, InstanceId id, boolean monitored, Actor actor, String because) {
        InstanceWatch before = step.instances.get(id);
        // Somebody has looked.
        GivenUp.seen(step, id);
        if (before == null || (!before.monitored() && !monitored) || Ordered.told(step, order, id)) {
            return;
        }
        long number = step.count("monitoring " + id);
        WatchEvent event = monitored ? new WatchEvent.MonitoringStarted() : new WatchEvent.MonitoringStopped(false);
        String reason = actor.name() + (monitored ? " asked to watch " : " asked not to watch ") + id + because;
        step.tell(id, number, event, reason, order.value(), actor);
        step.closed(Cycle.CHECK + id);
        step.instances.put(id, (monitored ? anew(before) : before).monitored(monitored));
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
        String correlation =
                step.surroundings.stopping(id).map(OperationId::value).orElse("");
        step.tell(id, pulse.flips(), event, id + " " + pulse.reason(), correlation, null);
    }

    private void noteIfMaster(InstanceId id, Pulse pulse) {
        if (step.snapshot()
                .at(step.verdict.master())
                .map(NodeView::id)
                .filter(id::equals)
                .isPresent()) {
            String what = "the master " + id + " " + pulse.reason();
            step.chronicle = switch (pulse.liveness()) {
                case DOWN, HUNG, UNREACHABLE -> Listener.trouble(step.chronicle, what, step.now);
                case UP -> Listener.relief(step.chronicle, what, step.now);
                case LOADING, UNKNOWN -> Listener.note(step.chronicle, what, step.now);
            };
        }
    }

    private InstanceWatch watch(InstanceId id) {
        return Objects.requireNonNull(step.instances.get(id), id::value);
    }

    private boolean uptimeFell(InstanceWatch before, Figures figures) {
        Figures last = before.figures();
        Moment at = before.figuredAt();
        if (!figures.runId().isEmpty() || last == null || at == null || figures.uptimeSeconds() < 0) {
            return false;
        }
        long expected = last.uptimeSeconds() + step.now.since(at).toSeconds() - 2;
        return last.uptimeSeconds() >= 0 && figures.uptimeSeconds() < expected;
    }
}
