package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.gate.RemedyGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.reach.Reach;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes what the monitor asks for to the gate, and carries it out or withholds it, each with an event. A remediation is
 * never carried out twice: its operation's id follows from its own.
 */
public final class Remedies {
    /** Of the operation that starts or restarts something. */
    static final String KIND = "remedy";

    /** Of the operation that stops something. A release that does not know it ends it as one of which nothing is known. */
    static final String STOP_KIND = "remedy-stop";

    /** Of the operation that runs a program of a host's allow-list. As above. */
    static final String EXEC_KIND = "remedy-exec";

    /** The monitor repeats itself within minutes, if at all. */
    private static final int REMEMBERED = 1_000;

    private final Desk desk;
    /** Desk thread only. */
    private final Set<String> taken = new LinkedHashSet<>();

    public Remedies(Desk desk) {
        this.desk = desk;
    }

    /** Whether an operation of this kind was asked for by the monitor. */
    static boolean isKind(String kind) {
        return kind.equals(KIND) || kind.equals(STOP_KIND) || kind.equals(EXEC_KIND);
    }

    /** What the journal knows of counts for the brakes. */
    static void remember(Brakes brakes, OperationState state, Instant now) {
        if (state.kind().equals(EXEC_KIND)) {
            brakes.rememberExec(state.id(), state.acceptedAt(), now);
        } else {
            brakes.remember(state.id(), state.acceptedAt(), now);
        }
    }

    /** The place at the brakes that a remedy took when it was accepted; nothing else took one. */
    static void giveBack(Brakes brakes, Task task) {
        if (task instanceof Task.Remedy remedy && remedy.execs()) {
            brakes.endExec();
        } else if (task instanceof Task.Remedy remedy && !remedy.stops()) {
            brakes.end();
        }
    }

    /** @param done called once the remediation has been dealt with, or stands in the journal */
    public void take(Remediation asked, Runnable done) {
        Optional<Verdict.Withheld> parked = desk.parking().withheld(asked.cluster());
        if (parked.isPresent()) {
            withhold(asked, parked.get());
            done.run();
            return;
        }
        Optional<ClusterState> cluster = desk.cluster(asked.cluster());
        if (!firstTime(asked.id()) || cluster.isEmpty() || known(asked)) {
            done.run();
            return;
        }
        Optional<Verdict.Withheld> early = RemedyGate.early(cluster.get(), asked, desk.now())
                .or(() -> Reach.refusal(cluster.get().spec(), desk.parts().keys())
                        .map(reason -> new Verdict.Withheld("authority", reason)))
                .or(() -> desk.parts().brakes().forbidden(cluster.get().spec().labels()))
                .or(() -> desk.parts().brakes().succeeded(asked));
        if (early.isPresent()) {
            withhold(asked, early.get());
            done.run();
            return;
        }
        desk.parts().operations().execute(() -> dealWith(asked, cluster.get(), done));
    }

    private void dealWith(Remediation asked, ClusterState cluster, Runnable done) {
        try {
            if (isDealtWith(asked, cluster, done)) {
                done.run();
            }
        } catch (Ledger.Lost lost) {
            // Not done: the next owner reads it again, and finds it too old if it is.
            return;
        }
    }

    /** False for what waits in the line: it is dealt with later, and {@code done} is called then. */
    private boolean isDealtWith(Remediation asked, ClusterState cluster, Runnable done) {
        try {
            return look(asked, cluster, done);
        } catch (RuntimeException thrown) {
            String said = desk.fault("remediation " + asked.id(), thrown);
            return withhold(asked, new Verdict.Withheld("fault", said));
        }
    }

    /** Looked at anew. Where it is not begun nothing else would let the next one go. */
    private void again(Remediation asked, ClusterState before, Runnable done) {
        dealWith(asked, desk.cluster(asked.cluster()).orElse(before), done);
        desk.line(asked.cluster()).nextRemedy().ifPresent(Runnable::run);
    }

    /** A program is run once for each time that it was due, also where that was asked for by two monitors at two times. */
    private boolean known(Remediation asked) {
        Line line = desk.line(asked.cluster());
        return line.operation(id(asked)).isPresent()
                || (asked.action() == Remediation.Action.EXEC
                        && line.causedBy(asked.id()).isPresent());
    }

    private boolean firstTime(String id) {
        if (taken.size() >= REMEMBERED) {
            taken.remove(taken.iterator().next());
        }
        return taken.add(id);
    }

    private boolean look(Remediation asked, ClusterState cluster, Runnable done) {
        Task.Remedy task = new Task.Remedy(asked);
        Verdict verdict = desk.parts().crew().ask(cluster, task);
        return switch (verdict) {
            case Verdict.Withheld withheld -> withhold(asked, withheld);
            case Verdict.Needless needless -> withhold(asked, new Verdict.Withheld("evidence", needless.reason()));
            case Verdict.Go go -> begin(asked, cluster, task, done);
        };
    }

    private boolean begin(Remediation asked, ClusterState cluster, Task.Remedy task, Runnable done) {
        synchronized (desk) {
            Line line = desk.line(cluster.name());
            Runnable later = () -> desk.parts().operations().execute(() -> again(asked, cluster, done));
            if (line.later(task, later)) {
                return false;
            }
            if (!line.idle()) {
                String reason = "operation " + line.running().map(Job::id).orElseThrow() + " works on the cluster";
                return withhold(asked, new Verdict.Withheld("busy", reason));
            }
            // By the labels of now: a spec may have moved the cluster under a brake during the first look.
            Map<String, String> labels = line.cluster().orElse(cluster).spec().labels();
            Brakes brakes = desk.parts().brakes();
            Optional<Verdict.Withheld> brake = begun(task, labels);
            if (brake.isPresent()) {
                return withhold(asked, brake.get());
            }
            OperationState state = operation(asked, cluster, task.kind());
            try {
                desk.parts().ledger().operation(state);
            } catch (RuntimeException thrown) {
                // Nobody will work on it, so nobody else gives the place back.
                giveBack(brakes, task);
                throw thrown;
            }
            line.remember(state);
            desk.enqueue(new Job(state, task));
            return true;
        }
    }

    /** Takes its place, or says why there is none; a stop takes none. */
    private Optional<Verdict.Withheld> begun(Task.Remedy task, Map<String, String> labels) {
        Brakes brakes = desk.parts().brakes();
        OperationId operation = id(task.asked());
        if (task.execs()) {
            return brakes.beginExec(operation, labels, desk.now());
        }
        return task.stops()
                ? brakes.beginStop(operation, labels, desk.now())
                : brakes.begin(operation, labels, desk.now());
    }

    /** Always true: it is dealt with. */
    private boolean withhold(Remediation asked, Verdict.Withheld withheld) {
        About about = new About(asked.cluster(), asked.uid(), asked.instance(), withheld.reason(), asked.id(), null);
        Event event = RestartEnd.withheld(new Task.Remedy(asked).kind(), asked.id(), withheld.rule());
        Fact fact = new Fact(Fact.id(asked.uid(), asked.id(), "withheld"), desk.now(), about, event);
        desk.parts().ledger().tell(fact);
        return true;
    }

    private OperationState operation(Remediation asked, ClusterState cluster, String kind) {
        return new OperationState(
                OperationState.SCHEMA,
                id(asked),
                cluster.name(),
                cluster.uid(),
                kind,
                asked.instance(),
                Actor.self(ServiceName.PROVISIONER),
                OperationState.Status.WAITING,
                asked.reason(),
                desk.now(),
                null,
                List.of(),
                Set.of());
    }

    private static OperationId id(Remediation asked) {
        return OperationIds.of(asked.askedAt(), asked.id());
    }
}
