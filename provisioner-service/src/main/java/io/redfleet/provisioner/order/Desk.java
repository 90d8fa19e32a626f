package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The clusters of one partition, while this process owns it: one operation at a time for each, another may wait if it asks to.
 *
 * <p>The lock closes one race: an operation that ends while an order for the same cluster comes in. It is held while a
 * record is written, never while a host is worked on.
 */
public final class Desk {
    private final DeskParts parts;
    private final Answers answers = new Answers();
    private final Phases phases = new Phases(this);
    private final Parking parking = new Parking(this);
    private final Legacy legacy = new Legacy(this);
    private final Retention retention;
    private final Map<ClusterName, Line> lines = new HashMap<>();
    /** Until {@link #open}. One per record of the partition's hosts. */
    private final List<HostFacts> hosts = new ArrayList<>();

    private boolean closed;

    public Desk(DeskParts parts) {
        this.parts = parts;
        this.retention = new Retention(parts);
    }

    public synchronized void replayed(ClusterState state) {
        parking.lift(state.name());
        line(state.name()).stands(state);
    }

    public synchronized void replayedEnd(ClusterName cluster) {
        parking.lift(cluster);
        line(cluster).stands(null);
    }

    /** Replayed before or after its cluster; the newest record counts. */
    public synchronized void replayed(HostFacts facts) {
        hosts.add(facts);
    }

    public synchronized void replayed(OperationState state) {
        parking.replayedRead(state.cluster(), state.id());
        line(state.cluster()).remember(state);
        if (Remedies.isKind(state.kind())) {
            Remedies.remember(parts.brakes(), state, now());
        }
    }

    public synchronized void replayedEnd(ClusterName cluster, OperationId operation) {
        parking.replayedRead(cluster, operation);
        line(cluster).forget(operation);
    }

    /** Everything known has been replayed: what an earlier owner left unfinished is carried on. */
    public synchronized void open() {
        hosts.forEach(parts.roster()::known);
        hosts.clear();
        List<Line> readable = parking.opened(lines);
        readable.forEach(line -> line.cluster().ifPresent(parts.roster()::follow));
        readable.forEach(legacy::takeOver);
        retention.opened(lines);
    }

    /** No more work: what runs stops at its next step, what waits is left for the next owner. */
    public synchronized void close() {
        closed = true;
        parts.roster().close();
        lines.values()
                .forEach(line -> line.running().ifPresent(job -> job.cancelled().set(true)));
    }

    synchronized boolean closed() {
        return closed;
    }

    Instant now() {
        return parts.clock().instant();
    }

    /** Clusters whose record cannot be read. */
    public Parking parking() {
        return parking;
    }

    Legacy legacy() {
        return legacy;
    }

    DeskParts parts() {
        return parts;
    }

    synchronized Optional<ClusterState> cluster(ClusterName name) {
        return Optional.ofNullable(lines.get(name)).flatMap(Line::cluster);
    }

    /** All that stand here. */
    synchronized List<ClusterState> clusters() {
        return lines.values().stream().flatMap(line -> line.cluster().stream()).toList();
    }

    synchronized Line line(ClusterName name) {
        return lines.computeIfAbsent(name, key -> new Line());
    }

    /** Writes a cluster's record and remembers it. */
    synchronized Position stands(ClusterState state) {
        Position position = parts.ledger().cluster(state);
        line(state.name()).stands(state);
        parts.roster().follow(state);
        return position;
    }

    /**
     * Accepts an operation: journal, outcome, then work. The caller has made sure that the line is not full.
     *
     * @param before positions written for the same order
     */
    synchronized void accept(Order order, ClusterState cluster, Task task, List<Position> before) {
        OperationState state = Job.first(order, cluster, task, now());
        List<Position> positions = new ArrayList<>(before);
        positions.add(parts.ledger().operation(state));
        line(cluster.name()).remember(state);
        answer(order, new Outcome.Accepted(state.id()), positions);
        enqueue(new Job(state, task, order.mayWait()));
    }

    synchronized void enqueue(Job job) {
        if (line(job.accepted().cluster()).join(job)) {
            start(job);
        }
    }

    /** What the same command was told before; empty for a new one. */
    synchronized Optional<Outcome.Result> answered(Order order) {
        return line(order.cluster())
                .of(order.id())
                .<Outcome.Result>map(Outcome.Accepted::new)
                .or(() -> answers.to(order));
    }

    void answer(Order order, Outcome.Result result, List<Position> positions) {
        answers.remember(order, result);
        parts.ledger().outcome(new Outcome(order.id(), order.cluster(), now(), result, positions));
    }

    void refuse(Order order, Problem problem) {
        answer(order, new Outcome.Refused(problem), List.of());
    }

    void tell(ClusterState cluster, String what, String reason, Event event) {
        About about = new About(cluster.name(), cluster.uid(), null, reason, "", null);
        parts.ledger().tell(new Fact(Fact.id(cluster.uid(), what), now(), about, event));
    }

    /** Cancels what waits at once, and what runs at its next step; empty when there is no such work. */
    synchronized Optional<OperationState> cancel(ClusterName name, String operation) {
        Line line = line(name);
        Optional<Job> running = line.running().filter(job -> job.id().value().equals(operation));
        running.ifPresent(job -> job.cancelled().set(true));
        Optional<Job> waiting = line.waiting().filter(job -> job.id().value().equals(operation));
        waiting.ifPresent(job -> {
            line.dropWaiting();
            finish(line, job, new Ending(Status.CANCELLED, "cancelled before it began"));
        });
        return running.or(() -> waiting).map(Job::accepted);
    }

    /** The end of an operation that does not run here. */
    void finish(Line line, Job job, Ending ending) {
        Journal journal = journal(job);
        finish(job, journal, ending);
        line.remember(journal.state());
    }

    private static void finish(Job job, Journal journal, Ending ending) {
        journal.decide(ending.status(), ending.reason());
        RestartEnd.tell(job.task(), journal);
        journal.finish(ending.status(), ending.reason());
    }

    /** The cluster's phase is written in the same step as it is read: a revision accepted later stays the latest. */
    private synchronized void start(Job job) {
        if (closed) {
            Remedies.giveBack(parts.brakes(), job.task());
            return;
        }
        Line line = line(job.accepted().cluster());
        Optional<String> parked = parking.why(job.accepted().cluster());
        Optional<ClusterState> standing = line.cluster()
                .filter(cluster -> cluster.uid().equals(job.accepted().uid()));
        if (standing.isEmpty() || parked.isPresent()) {
            Remedies.giveBack(parts.brakes(), job.task());
            last(line, job, journal(job), Ending.failed(parked.orElse("the cluster is gone")));
            return;
        }
        ClusterState cluster = standing.get();
        try {
            phases.begun(job, cluster);
        } catch (RuntimeException thrown) {
            last(line, job, journal(job), Ending.failed(fault("the beginning of operation " + job.id(), thrown)));
            return;
        }
        parts.operations().execute(() -> work(job, cluster));
    }

    private void work(Job job, ClusterState cluster) {
        try {
            if (!closed()) {
                carryOut(job, cluster);
            }
        } catch (Ledger.Lost lost) {
            // Another process carries on from the journal; nothing of ours may be written any more.
        } finally {
            Remedies.giveBack(parts.brakes(), job.task());
        }
    }

    private void carryOut(Job job, ClusterState cluster) {
        Journal journal = journal(job);
        Ending ending;
        try {
            ending = parts.carryOut(
                    job, cluster, journal, () -> cluster(cluster.name()).orElse(cluster));
        } catch (RuntimeException thrown) {
            ending = Ending.failed(fault("operation " + job.id(), thrown));
        }
        ended(job, cluster, journal, ending);
    }

    /**
     * Writes a fault down and answers one sentence on it: only what it happened in suffers.
     *
     * @throws Ledger.Lost if that was thrown
     */
    String fault(String during, RuntimeException thrown) {
        Throwable fault = Faults.unwrapped(thrown);
        parts.faults().found(during, fault);
        return Faults.said(fault);
    }

    private synchronized void ended(Job job, ClusterState cluster, Journal journal, Ending ending) {
        if (closed && ending.status() == Status.CANCELLED) {
            // Not a person's cancel: the next owner carries on.
            return;
        }
        Line line = line(cluster.name());
        Ending last = ending;
        try {
            phases.ended(job, cluster, line, ending);
        } catch (RuntimeException thrown) {
            last = Ending.failed(fault("the end of operation " + job.id(), thrown));
        }
        last(line, job, journal, last);
    }

    private void last(Line line, Job job, Journal journal, Ending ending) {
        try {
            finish(job, journal, ending);
        } catch (RuntimeException thrown) {
            // The line goes on all the same: it must not be blocked for ever.
            fault("the last record of operation " + job.id(), thrown);
        }
        line.remember(journal.state());
        line.next().ifPresent(this::start);
        line.nextRemedy().ifPresent(Runnable::run);
        retention.ended(job.accepted().cluster(), line);
    }

    private Journal journal(Job job) {
        return new Journal(parts.ledger(), parts.clock(), job.accepted(), job.waits());
    }
}
