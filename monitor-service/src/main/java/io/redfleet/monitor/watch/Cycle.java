package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.check.EventKind;
import io.redfleet.monitor.check.Seen;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.Told;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.remedy.Decision;
import io.redfleet.monitor.remedy.Patient;
import io.redfleet.monitor.remedy.Remedy;
import io.redfleet.monitor.remedy.Ward;
import io.redfleet.monitor.topology.Assessment;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.Snapshot;
import io.redfleet.monitrc.Tolerance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One cycle of one cluster: the rules of every instance and host are judged, and what they ask for is weighed. */
final class Cycle {
    /** Followed by the instance: how often its rule has failed and succeeded. */
    static final String CHECK = "check ";

    private final Step step;
    private final String brake;
    private final Snapshot snapshot;
    private final boolean failingOver;
    private Brakes brakes = Brakes.OFF;

    Cycle(Step step, String brake) {
        this.step = step;
        this.brake = brake;
        this.snapshot = step.snapshot();
        this.failingOver =
                step.chronicle.failingOver(step.now, step.roster.sentinel().failoverTimeout());
    }

    Brakes judge(Brakes before) {
        brakes = before;
        for (InstanceWatch instance : List.copyOf(step.instances.values())) {
            if (!instance.view().pulse().failed()) {
                brakes = brakes.landed(target(instance.view().id()));
            }
            if (instance.monitored()) {
                judge(instance);
            } else {
                GivenUp.remind(step, instance);
            }
        }
        new HostChecks(step).judge();
        step.surroundings = step.surroundings.read();
        return brakes;
    }

    private void judge(InstanceWatch instance) {
        // What was asked for in another outage, or too long ago, is tried by nobody any more.
        ServiceCheck check =
                instance.waits(step.now) ? instance.check() : instance.check().withheld();
        Seen seen = new Eyes(instance, step.surroundings, step.roster.watch().compat(), step.now).seen();
        ServiceCheck.Judged judged = check.judge(seen, step.now.wall());
        InstanceWatch next = instance.with(judged.next());
        for (Told told : judged.told()) {
            tell(instance.view().id(), told, check);
        }
        if (!judged.next().isWatched()) {
            if (judged.told().stream().anyMatch(told -> told.kind() == EventKind.TIMEOUT)) {
                GivenUp.told(step, instance.view().id(), step.now.wall());
            } else {
                step.count("monitoring " + instance.view().id());
            }
            stopped(next, judged.told());
        } else if (judged.restart().isPresent()) {
            restart(next);
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
            String reason = id + " was restarted " + window.restarts() + " times within " + window.cycles() + " cycles";
            long number = step.count("monitoring " + id);
            step.tell(id, number, new WatchEvent.LimitReached(window.restarts(), window.cycles()), reason);
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
        step.tell(
                id,
                step.counted("monitoring " + id),
                new WatchEvent.MonitoringStopped(true),
                id + ": " + why + ": it is no longer watched");
        step.closed(CHECK + id);
        put(instance.monitored(false));
    }

    /** Its rule asks for it, and counts it until it is held back here. */
    private void restart(InstanceWatch instance) {
        InstanceId id = instance.view().id();
        InstanceWatch held = instance.with(instance.check().withheld());
        Patient patient = patient(instance);
        switch (Remedy.decide(patient, ward(instance))) {
            case Decision.Hold hold -> put(held);
            case Decision.Would would -> would(held, would);
            case Decision.Ask ask -> {
                if (brakes.refusal(target(id), step.now).isEmpty()) {
                    ask(instance, ask, patient.sentinelsSeeingDown());
                } else {
                    put(held);
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
        Optional<Snapshot.Named> named = snapshot.named();
        Endpoint master = named.filter(n -> n.votes() >= step.roster.majority())
                .map(Snapshot.Named::master)
                .orElse(null);
        Optional<ProcessFacts> process = step.surroundings.facts(id);
        Remediation.Evidence evidence = new Remediation.Evidence(
                instance.view().pulse().liveness(),
                instance.runId(),
                instance.view().standing().role(),
                named.map(Snapshot.Named::epoch).orElse(step.verdict.configEpoch()),
                master,
                sentinelsSeeingDown,
                process.map(ProcessFacts::pid).orElse(null),
                process.map(ProcessFacts::startTicks).orElse(null));
        long number = step.count("restart " + id);
        String remediation = remediation(step.roster.uid(), id, number);
        step.asks.add(new Remediation(
                remediation,
                step.roster.cluster(),
                step.roster.uid(),
                id,
                ask.action(),
                ask.reason(),
                evidence,
                step.now.wall(),
                step.now.wall().plus(InstanceWatch.ASKED_FOR)));
        step.tell(
                id,
                number,
                new WatchEvent.RestartRequested(remediation, instance.window().restarts() + 1),
                ask.action() + " asked for: " + ask.reason(),
                remediation,
                null);
        Moment until = step.now.plus(InstanceWatch.ASKED_FOR);
        put(instance.asked(new InstanceWatch.Asked(
                OperationId.of(step.now.wall(), remediation),
                until,
                instance.view().pulse().flips())));
        brakes = brakes.asked(target(id), step.now, until);
    }

    static String remediation(ClusterUid uid, InstanceId id, long number) {
        return Fact.id(uid, id, "restart", number);
    }

    private Patient patient(InstanceWatch instance) {
        NodeView view = instance.view();
        Pulse pulse = view.pulse();
        Figures figures = instance.figures();
        // Whatever is missing while an operation works on the cluster is that operation's to start.
        String operation = step.surroundings.working().map(OperationId::value).orElse("");
        boolean stateful = figures != null && (figures.saving() || figures.number("loading", 0) == 1);
        return new Patient(
                view.id(),
                view.member().role(),
                pulse.liveness(),
                pulse.busy(),
                stateful,
                isMaster(view),
                step.surroundings.process(view.id(), pulse.since()),
                operation,
                snapshot.seenDownBy(view.id()));
    }

    private Ward ward(InstanceWatch instance) {
        boolean candidate = snapshot.nodes()
                .anyMatch(node -> !node.id().equals(instance.view().id()) && node.actsAsReplica() && promotable(node));
        Duration proven = step.roster.sentinel().downAfter().plusSeconds(5);
        return new Ward(
                step.roster.watch().mode(),
                step.roster.majority(),
                Assessment.of(snapshot, failingOver).votesSuffice(),
                candidate,
                futile(instance.view()),
                failingOver,
                snapshot.named()
                        .filter(n -> n.votes() >= step.roster.majority())
                        .isPresent(),
                step.now.millisSince(instance.view().pulse().since()),
                proven.toMillis(),
                brake);
    }

    /** By the priority that it said itself, which somebody may have set since the spec; by the spec's until then. */
    private boolean promotable(NodeView node) {
        InstanceWatch watch = step.instances.get(node.id());
        Figures figures = watch == null ? null : watch.figures();
        long bySpec = step.roster.promotable().contains(node.id()) ? 100 : 0;
        return (figures == null ? bySpec : figures.number("slave_priority", bySpec)) > 0;
    }

    private boolean futile(NodeView master) {
        Moment heard = master.pulse().heard();
        Moment since = heard == null ? master.pulse().since() : heard;
        return step.chronicle.futile(master.member().announce(), since)
                || step.chronicle.futile(master.member().endpoint(), since);
    }

    /** Whom the Sentinels name, or, while nobody answers, whom they named last. */
    private boolean isMaster(NodeView view) {
        Endpoint settled = step.chronicle.settledMaster();
        Endpoint named = snapshot.named().map(Snapshot.Named::master).orElse(settled);
        return snapshot.at(named).filter(view::equals).isPresent();
    }

    private String target(InstanceId id) {
        return step.roster.cluster() + "/" + id;
    }

    private void put(InstanceWatch instance) {
        step.instances.put(instance.view().id(), instance);
    }
}
