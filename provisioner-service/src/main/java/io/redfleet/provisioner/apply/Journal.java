package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.lease.Standing;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.verify.Judged;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The record of one operation while it runs. Every change is on the ledger before the call returns, so what was done
 * stays known whatever happens next.
 *
 * <p>A fact is told before the record after which nobody would tell it again. The end has a record on either side of it: a
 * status that is an end without {@code finishedAt} is decided and may not have been told; whoever finds it so tells it and
 * decides nothing anew, so no operation has two different ends.
 *
 * <p>The lock closes one race: two steps that end at once would each write a record without the other's end.
 */
public final class Journal {
    private final Ledger ledger;
    private final InstantSource clock;
    private final boolean waits;
    private final Set<String> told = new HashSet<>();
    private OperationState state;
    private @Nullable Verification verification;
    private int rounds;

    /** Of an operation that waits for hosts. */
    public Journal(Ledger ledger, InstantSource clock, OperationState state) {
        this(ledger, clock, state, true);
    }

    /** @param waits whether the operation waits for a host that another holds; in no record, for who resumes one always waits */
    public Journal(Ledger ledger, InstantSource clock, OperationState state, boolean waits) {
        this.ledger = ledger;
        this.clock = clock;
        this.waits = waits;
        this.state = state;
        this.verification = state.verification();
        this.rounds = StepIds.before(state.steps());
    }

    public synchronized OperationState state() {
        return state;
    }

    /** Whether this operation is still this process's to work on. */
    Standing standing() {
        return ledger;
    }

    /** Whether it waits for a host that an operation of another cluster holds, else it ends. */
    boolean mayWait() {
        return waits;
    }

    /** What keeps the operation from going on, for whoever looks meanwhile. */
    synchronized void waits(String reason) {
        write(state.status(), reason, state.steps(), state.expectsDown(), null);
    }

    /**
     * Tells that the operation has begun, unless the record says so already; later rounds add their steps. Of an earlier
     * owner's plan stays what it had begun and this plan does not begin again.
     */
    public synchronized void planned(Plan plan) {
        rounds++;
        // What an earlier owner found is not what will be.
        verification = null;
        Set<String> again = plan.steps().stream().map(this::id).collect(Collectors.toSet());
        List<StepState> steps = new ArrayList<>(state.steps());
        steps.removeIf(
                step -> again.contains(step.id()) || (step.status() == StepState.Status.WAITING && !again.isEmpty()));
        for (Step step : plan.steps()) {
            steps.add(new StepState(id(step), step.host(), step.title(), StepState.Status.WAITING, "", 0));
        }
        if (state.status() == Status.WAITING) {
            String reason = state.kind() + " of " + state.cluster() + " with "
                    + plan.steps().size() + " step(s)";
            tell(
                    "started",
                    state.instance(),
                    reason,
                    new OperationEvent.Started(state.kind(), plan.steps().size()));
        }
        write(Status.RUNNING, state.reason(), steps, state.expectsDown(), null);
    }

    synchronized void begun(Step step) {
        begun(List.of(step));
    }

    /** Of steps that go in one: all have begun before any is sent. */
    synchronized void begun(List<Step> sent) {
        Set<InstanceId> down = new HashSet<>(state.expectsDown());
        List<StepState> steps = new ArrayList<>(state.steps());
        for (Step step : sent) {
            if (step.action() instanceof Action.Stop) {
                down.add(step.action().place().id());
            }
            replace(steps, step, StepState.Status.RUNNING, "", 0);
        }
        write(state.status(), state.reason(), steps, down, null);
    }

    synchronized void ended(Step step, StepResult result, Duration took) {
        ended(List.of(step), List.of(result), took);
    }

    /**
     * Of steps that went in one.
     *
     * @param results of those that were run, the first of them; the others are as if they had not begun
     * @param took all of them, and so each
     */
    synchronized void ended(List<Step> sent, List<StepResult> results, Duration took) {
        Set<InstanceId> down = new HashSet<>(state.expectsDown());
        List<StepState> steps = new ArrayList<>(state.steps());
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Step step = sent.get(i);
            if (i >= results.size()) {
                replace(steps, step, StepState.Status.WAITING, "", 0);
                continue;
            }
            StepResult result = results.get(i);
            if (!(result instanceof StepResult.Left)) {
                facts.add(fact(step, result));
            }
            if (step.waits() && StepEnds.isBack(result)) {
                // From now on its death is one.
                down.remove(step.action().place().id());
            }
            replace(steps, step, StepEnds.status(result), result.detail(), took.toMillis());
        }
        ledger.tell(facts);
        write(state.status(), state.reason(), steps, down, null);
    }

    private Fact fact(Step step, StepResult result) {
        InstanceId instance = step.action().place().id();
        if (result instanceof StepResult.Failed failed) {
            Event event = new OperationEvent.StepFailed(id(step), step.host(), step.title(), failed.detail());
            return fact("step:" + id(step), instance, step.title() + ": " + failed.detail(), event);
        }
        boolean changed = result instanceof StepResult.Changed;
        Event event = new OperationEvent.StepDone(id(step), step.host(), step.title(), changed);
        return fact("step:" + id(step), instance, step.title() + (changed ? "" : " (unchanged)"), event);
    }

    /**
     * Writes down what was found at the end, then tells it. Each look is a fact of its own: an owner that dies here is followed by
     * one that looks again, and may see something else.
     */
    synchronized void verified(Judged judged) {
        verification = judged.report();
        write(state.status(), state.reason(), state.steps(), state.expectsDown(), null);
        tell("verified:" + judged.report().at(), state.instance(), judged.summary(), judged.event());
    }

    /**
     * From here on the operation ends like this, whoever comes to tell it. Decided before what follows from it is told: a
     * later owner that looked again might see something else.
     */
    public synchronized void decide(Status status, String reason) {
        if (state.status() == status && state.reason().equals(reason)) {
            return;
        }
        if (status == Status.SUCCEEDED) {
            in(StepState.Status.RUNNING).forEach(this::foundDone);
        }
        List<StepState> steps = state.steps().stream()
                .map(step -> StepEnds.over(step, status, reason))
                .toList();
        write(status, reason, steps, Set.of(), null);
    }

    /** The last word; afterwards the journal is not used. */
    public synchronized void finish(Status status, String reason) {
        decide(status, reason);
        Instant now = clock.instant();
        long took = Duration.between(state.acceptedAt(), now).toMillis();
        Event event = switch (status) {
            case SUCCEEDED ->
                new OperationEvent.Succeeded(
                        state.kind(), took, in(StepState.Status.DONE).size());
            case CANCELLED -> new OperationEvent.Cancelled(state.kind());
            case WAITING, RUNNING, FAILED -> new OperationEvent.Failed(state.kind(), took, reason);
        };
        tell("ended", state.instance(), reason, event);
        write(status, reason, state.steps(), Set.of(), now);
    }

    /** Tells an event that belongs to this operation. {@code what} makes its id, and is the same for a repeat. */
    public synchronized void tell(String what, @Nullable InstanceId instance, String reason, Event event) {
        ledger.tell(fact(what, instance, reason, event));
        told.add(what);
    }

    private Fact fact(String what, @Nullable InstanceId instance, String reason, Event event) {
        About about = new About(
                state.cluster(),
                state.uid(),
                instance,
                reason,
                state.id().value(),
                state.actor().tokenId().isEmpty() ? null : state.actor());
        return new Fact(Fact.id(state.uid(), state.id(), what), clock.instant(), about, event);
    }

    /** Whether that was told here; an earlier owner may have told it all the same. */
    public synchronized boolean hasTold(String what) {
        return told.contains(what);
    }

    /** The dead owner may have told the same, with what it knew. */
    private void foundDone(StepState step) {
        Event event = new OperationEvent.StepDone(step.id(), step.host(), step.title(), false);
        tell("step:" + step.id(), instance(step.id()), step.title() + " (found done)", event);
    }

    /** Of {@code host/instance/what}; null for a step of no instance, which has a slash less. */
    private static @Nullable InstanceId instance(String step) {
        int last = step.lastIndexOf('/');
        return step.indexOf('/') == last ? null : new InstanceId(step.substring(0, last));
    }

    private List<StepState> in(StepState.Status status) {
        return state.steps().stream().filter(step -> step.status() == status).toList();
    }

    private void replace(List<StepState> steps, Step step, StepState.Status status, String detail, long took) {
        String id = id(step);
        steps.replaceAll(known ->
                known.id().equals(id) ? new StepState(id, step.host(), step.title(), status, detail, took) : known);
    }

    private void write(
            Status status, String reason, List<StepState> steps, Set<InstanceId> down, @Nullable Instant finished) {
        state = new OperationState(
                state.schema(),
                state.id(),
                state.cluster(),
                state.uid(),
                state.kind(),
                state.instance(),
                state.actor(),
                status,
                reason,
                state.acceptedAt(),
                finished,
                steps,
                down,
                state.plan(),
                verification,
                state.rolling(),
                state.untilMaster());
        ledger.operation(state);
    }

    private String id(Step step) {
        return StepIds.id(step, rounds);
    }
}
