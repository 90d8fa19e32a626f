package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.remedy.Patient;
import io.redfleet.monitor.remedy.Ward;
import io.redfleet.monitor.topology.Assessment;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.Snapshot;
import java.time.Duration;

/** What speaks for and against doing something about an instance, as it is seen in one cycle. */
final class Circumstances {
    private final Step step;
    private final Snapshot snapshot;
    private final String brake;
    private final boolean failingOver;

    Circumstances(Step step, Snapshot snapshot, String brake) {
        this.step = step;
        this.snapshot = snapshot;
        this.brake = brake;
        this.failingOver =
                step.chronicle.failingOver(step.now, step.roster.sentinel().failoverTimeout());
    }

    Patient patient(InstanceWatch instance) {
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

    Ward ward(InstanceWatch instance) {
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
}
