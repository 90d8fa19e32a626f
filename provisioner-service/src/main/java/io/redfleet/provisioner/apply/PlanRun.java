package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Standing;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.TreeAction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Carries the stages of a plan out. A stage that has begun is finished on every host before anything is given up; stages that are
 * local to a host are one, in which no host waits for another ({@link Stretch}).
 */
public final class PlanRun {
    private final Hands hands;
    private final Executor workers;
    private final InstantSource clock;
    private final Runnable pause;

    /** One that asks a silent build host again at once. */
    public PlanRun(Hands hands, Executor workers, InstantSource clock) {
        this(hands, workers, clock, () -> {});
    }

    /** @param pause some seconds, before a build host that was silent is asked again */
    public PlanRun(Hands hands, Executor workers, InstantSource clock, Runnable pause) {
        this.hands = hands;
        this.workers = workers;
        this.clock = clock;
        this.pause = pause;
    }

    /** How it ended. */
    public sealed interface End {}

    public record Finished() implements End {}

    public record Cancelled() implements End {}

    /**
     * @param reason the failures of the stage, each with host, command and cause
     * @param overtaken whether nothing has failed: what was waited for will not come, for the hosts are not what was planned by
     */
    public record Stopped(String reason, boolean overtaken) implements End {
        public Stopped(String reason) {
            this(reason, false);
        }
    }

    /**
     * As far as the plan goes before the hosts are to be looked at anew.
     *
     * @param grant leases on the hosts of all steps
     */
    public End run(Plan plan, Journal journal, Grant grant, BooleanSupplier cancelled) {
        journal.planned(plan);
        for (Stretch stretch : Stretch.of(plan.due())) {
            if (cancelled.getAsBoolean()) {
                return new Cancelled();
            }
            Ended ended = stretch(stretch, journal, grant, cancelled);
            if (!ended.failures().isEmpty()) {
                return new Stopped(String.join("; ", ended.failures()));
            }
            if (!ended.left().isEmpty()) {
                return cancelled.getAsBoolean() ? new Cancelled() : new Stopped(String.join("; ", ended.left()), true);
            }
        }
        return new Finished();
    }

    /**
     * What a plan has built first, on no host of the cluster, so that no lease is asked for it. A build that is cancelled ends;
     * one of work that is another's by now goes on.
     *
     * @param step of that plan ({@link io.redfleet.provisioner.plan.BuildPlan#due})
     */
    End build(Plan plan, Step step, Journal journal, BooleanSupplier cancelled) {
        if (!(step.action() instanceof TreeAction.Build build)) {
            throw new IllegalArgumentException(step.id() + " builds nothing");
        }
        journal.standing().certain();
        journal.planned(plan);
        journal.begun(step);
        Instant begun = clock.instant();
        Standing standing = journal.standing();
        StepResult result = hands.building(pause).perform(build, cancelled, standing::lost);
        journal.ended(step, result, Duration.between(begun, clock.instant()));
        if (!(result instanceof StepResult.Failed failed)) {
            return new Finished();
        }
        return cancelled.getAsBoolean() ? new Cancelled() : new Stopped("step " + step.id() + ": " + failed.detail());
    }

    /**
     * How a part of the plan ended.
     *
     * @param left why what was waited for is waited for no longer, without having come
     */
    private record Ended(List<String> failures, List<String> left) {
        static final Ended WELL = new Ended(List.of(), List.of());

        boolean well() {
            return failures.isEmpty() && left.isEmpty();
        }
    }

    private Ended stretch(Stretch stretch, Journal journal, Grant grant, BooleanSupplier cancelled) {
        List<CompletableFuture<Ended>> running = new ArrayList<>();
        for (List<List<Step>> lane : stretch.lanes()) {
            running.add(CompletableFuture.supplyAsync(() -> lane(lane, journal, grant, cancelled), workers));
        }
        // Whatever one of them throws: none is left running behind.
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .handle((all, thrown) -> running)
                .join();
        List<Ended> ended = running.stream().map(PlanRun::ended).toList();
        return new Ended(
                ended.stream().flatMap(lane -> lane.failures().stream()).toList(),
                ended.stream().flatMap(lane -> lane.left().stream()).toList());
    }

    /** To its end, or to the first batch that did not end well: nothing comes after that. */
    private Ended lane(List<List<Step>> batches, Journal journal, Grant grant, BooleanSupplier cancelled) {
        for (List<Step> batch : batches) {
            Ended ended = batch(batch, journal, grant, cancelled);
            if (!ended.well()) {
                return ended;
            }
        }
        return Ended.WELL;
    }

    private Ended batch(List<Step> batch, Journal journal, Grant grant, BooleanSupplier cancelled) {
        journal.begun(batch);
        Instant begun = clock.instant();
        List<StepResult> results = batch.size() == 1
                ? List.of(hands.perform(batch.getFirst().action(), grant, cancelled))
                : hands.together(batch.stream().map(Step::action).toList(), grant);
        journal.ended(batch, results, Duration.between(begun, clock.instant()));
        // What was cut off in one go is one failure.
        Map<String, String> failures = new LinkedHashMap<>();
        List<String> left = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            String step = "step " + batch.get(i).id() + ": ";
            switch (results.get(i)) {
                case StepResult.Failed failed -> failures.putIfAbsent(failed.detail(), step + failed.detail());
                case StepResult.Left gone -> left.add(step + gone.detail());
                case StepResult.Changed changed -> {}
                case StepResult.Unchanged unchanged -> {}
            }
        }
        return new Ended(List.copyOf(failures.values()), left);
    }

    private static Ended ended(CompletableFuture<Ended> running) {
        try {
            return running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Ledger.Lost lost) {
                throw lost;
            }
            throw e;
        }
    }
}
