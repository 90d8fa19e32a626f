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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** Carries the stages of a plan out. A stage that has begun is finished on every host before anything is given up. */
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

    /** @param reason the failures of the stage, each with host, command and cause */
    public record Stopped(String reason) implements End {}

    /**
     * As far as the plan goes before the hosts are to be looked at anew.
     *
     * @param grant leases on the hosts of all steps
     */
    public End run(Plan plan, Journal journal, Grant grant, BooleanSupplier cancelled) {
        journal.planned(plan);
        for (List<Step> stage : plan.due()) {
            if (cancelled.getAsBoolean()) {
                return new Cancelled();
            }
            List<String> failures = stage(stage, journal, grant);
            if (!failures.isEmpty()) {
                return new Stopped(String.join("; ", failures));
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

    private List<String> stage(List<Step> stage, Journal journal, Grant grant) {
        List<CompletableFuture<StepResult>> running = new ArrayList<>();
        for (Step step : stage) {
            running.add(CompletableFuture.supplyAsync(() -> step(step, journal, grant), workers));
        }
        // Whatever one of them throws: none is left running behind.
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .handle((all, thrown) -> running)
                .join();
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < stage.size(); i++) {
            if (ended(running.get(i)) instanceof StepResult.Failed failed) {
                failures.add("step " + stage.get(i).id() + ": " + failed.detail());
            }
        }
        return failures;
    }

    private StepResult step(Step step, Journal journal, Grant grant) {
        journal.begun(step);
        Instant begun = clock.instant();
        StepResult result = hands.perform(step.action(), grant);
        journal.ended(step, result, Duration.between(begun, clock.instant()));
        return result;
    }

    private static StepResult ended(CompletableFuture<StepResult> running) {
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
