package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Remediation.Action;
import io.redfleet.contracts.health.Remediation.Evidence;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.check.Deed;
import io.redfleet.monitor.check.EventKind;
import io.redfleet.monitor.check.Seen;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.Told;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.remedy.Decision;
import io.redfleet.monitor.remedy.Patient;
import io.redfleet.monitor.remedy.Remedy;
import io.redfleet.monitor.remedy.Ward;
import io.redfleet.monitor.topology.Snapshot;
import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Tolerance;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One cycle of one cluster: the rules of every instance and host are judged, and what they ask for is weighed. */
final class Cycle {
    /** Followed by the instance: how often its rule has failed and succeeded. */
    static final String CHECK = "check ";

    private final Step step;
    private final Snapshot snapshot;
    private final Circumstances circumstances;
    private Brakes brakes = Brakes.OFF;

    Cycle(Step step, String brake) {
        this.step = step;
        this.snapshot = step.snapshot();
        this.circumstances = new Circumstances(step, snapshot, brake);
    }

    Brakes judge(Brakes before) {
        brakes = before;
        new HostChecks(step).judge();
        for (InstanceId id : Kin.order(step.roster, step.instances)) {
            InstanceWatch instance = Objects.requireNonNull(step.instances.get(id), id::value);
            if (!instance.view().pulse().failed()) {
                brakes = brakes.landed(target(instance.view().id()));
            }
            if (instance.monitored()) {
                judge(instance);
            } else {
                GivenUp.remind(step, instance);
            }
        }
        step.surroundings = step.surroundings.read();
        return brakes;
    }

    private void judge(InstanceWatch instance) {
        // What was asked for in another outage, or too long ago, is tried by nobody any more.
        ServiceCheck check =
                instance.waits(step.now) ? instance.check() : instance.check().withheld();
        Seen seen = new Eyes(instance, step.surroundings, step.roster.watch().compat(), step.now).seen();
        boolean held = Kin.holdsUp(instance.view().id(), step.roster, step.instances, step.hostChecks)
                .isPresent();
        ServiceCheck.Judged judged = check.judge(seen, held, step.now.wall());
        InstanceWatch next = instance.with(judged.next());
        for (Told told : judged.told()) {
            tell(instance.view().id(), told, check);
        }
        for (Deed exec : judged.execs()) {
            Patient patient = circumstances.patient(next);
            Evidence evidence = evidence(next, patient.sentinelsSeeingDown());
            Execs.weigh(step, exec, patient, circumstances.ward(next), evidence);
        }
        if (!judged.next().isWatched()) {
            if (judged.told().stream().anyMatch(told -> told.kind() == EventKind.TIMEOUT)) {
                GivenUp.told(step, instance.view().id(), step.now.wall());
            } else {
                step.count("monitoring " + instance.view().id());
            }
            stopped(next, judged.told());
        } else if (judged.deed().isPresent()) {
            weigh(next, judged.deed().get());
        } else {
            put(next);
        }
    }

    private void tell(InstanceId id, Told told, ServiceCheck check) {
        if (!told.alert()) {
            return;
        }
        if (told.kind() == EventKind.TIMEOUT && told.change() == Told.Change.FAILED) {
            Window window = check.window().judged();
            RestartLimit limit = check.limit(told.action());
            int restarts = window.restartsWithin(limit.cycles());
            int cycles = window.cyclesOf(limit.cycles());
            String reason = id + " was restarted " + restarts + " times within " + cycles + " cycles";
            step.tell(id, step.count("monitoring " + id), new WatchEvent.LimitReached(restarts, cycles), reason);
        } else if (told.rule() >= 0) {
            String name = check.rules().names().get(told.rule());
            Tolerance needed = check.rules().service().rules().get(told.rule()).failed();
            boolean succeeded = told.change() == Told.Change.SUCCEEDED;
            WatchEvent event = succeeded
                    ? new WatchEvent.CheckSucceeded(name)
                    : new WatchEvent.CheckFailed(name, needed.count(), needed.cycles());
            step.tell(id, step.count(CHECK + id), event, id + " " + told.text());
        }
    }

    private void stopped(InstanceWatch instance, List<Told> told) {
        InstanceId id = instance.view().id();
        String why = told.isEmpty() ? "a rule" : told.getLast().text();
        Kin.unwatchBelow(step, id, "", null);
        step.tell(
                id,
                step.counted("monitoring " + id),
                new WatchEvent.MonitoringStopped(true),
                id + ": " + why + ": it is no longer watched");
        step.closed(CHECK + id);
        put(instance.monitored(false));
    }

    /** Its rule asks for it, and counts a restart until it is held back here. */
    private void weigh(InstanceWatch instance, Deed deed) {
        InstanceId id = instance.view().id();
        InstanceWatch held = instance.with(instance.check().withheld());
        Patient patient = circumstances.patient(instance);
        Ward ward = circumstances.ward(instance);
        boolean stops = deed.verb() == Deed.Verb.STOP;
        Decision decision = stops ? Remedy.stop(patient, ward, deed.text()) : Remedy.decide(patient, ward);
        switch (decision) {
            case Decision.Hold hold -> put(held);
            case Decision.Would would -> would(held, would);
            case Decision.Ask ask -> {
                boolean tooMany = !brakes.refusal(target(id), step.now).isEmpty();
                if (tooMany || (stops && Stops.cameToNothingLately(step, id))) {
                    put(held);
                } else {
                    ask(instance, ask, patient.sentinelsSeeingDown());
                }
            }
        }
    }

    private void would(InstanceWatch instance, Decision.Would would) {
        long flip = instance.view().pulse().flips();
        if (instance.wouldTold() == flip) {
            put(instance);
            return;
        }
        InstanceId id = instance.view().id();
        String action = would.action().name();
        step.tell(
                id,
                flip,
                new WatchEvent.WouldHave(action, would.because()),
                "would have asked for " + action + " of " + id + ", but " + would.because());
        put(instance.toldWould());
    }

    private void ask(InstanceWatch instance, Decision.Ask ask, int sentinelsSeeingDown) {
        InstanceId id = instance.view().id();
        boolean stops = ask.action() == Action.STOP;
        long number = step.count(kind(ask.action()) + " " + id);
        String remediation = remediation(step.roster.uid(), id, ask.action(), number);
        step.asks.add(new Remediation(
                remediation,
                step.roster.cluster(),
                step.roster.uid(),
                id,
                ask.action(),
                ask.reason(),
                evidence(instance, sentinelsSeeingDown),
                step.now.wall(),
                step.now.wall().plus(InstanceWatch.ASKED_FOR)));
        step.tell(
                id,
                number,
                stops
                        ? new WatchEvent.StopRequested(remediation)
                        : new WatchEvent.RestartRequested(
                                remediation, instance.window().restarts() + 1),
                ask.action() + " asked for: " + ask.reason(),
                remediation,
                null);
        Moment until = step.now.plus(InstanceWatch.ASKED_FOR);
        put(instance.asked(new InstanceWatch.Asked(
                OperationId.of(step.now.wall(), remediation),
                until,
                instance.view().pulse().flips(),
                ask.action())));
        if (!stops) {
            // A stop that the gate refuses for as long as its rule fails must not take a place from those who need a
            // restart.
            brakes = brakes.asked(target(id), step.now, until);
        }
    }

    private Evidence evidence(InstanceWatch instance, int sentinelsSeeingDown) {
        Optional<Snapshot.Named> named = snapshot.named();
        Endpoint master = named.filter(n -> n.votes() >= step.roster.majority())
                .map(Snapshot.Named::master)
                .orElse(null);
        Optional<ProcessFacts> process = step.surroundings.facts(instance.view().id());
        return new Evidence(
                instance.view().pulse().liveness(),
                instance.runId(),
                instance.view().standing().role(),
                named.map(Snapshot.Named::epoch).orElse(step.verdict.configEpoch()),
                master,
                sentinelsSeeingDown,
                process.map(ProcessFacts::pid).orElse(null),
                process.map(ProcessFacts::startTicks).orElse(null));
    }

    static String remediation(ClusterUid uid, InstanceId id, Action action, long number) {
        return Fact.id(uid, id, kind(action), number);
    }

    /** Followed by the instance: how often it has been asked for. */
    static String kind(Action action) {
        return switch (action) {
            case START, RESTART -> "restart";
            case STOP -> "stop";
            case EXEC -> "exec";
        };
    }

    private String target(InstanceId id) {
        return step.roster.cluster() + "/" + id;
    }

    private void put(InstanceWatch instance) {
        step.instances.put(instance.view().id(), instance);
    }
}
