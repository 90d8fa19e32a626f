package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.gate.RemedyGate;
import io.redfleet.provisioner.gate.StartGate;
import io.redfleet.provisioner.gate.StopGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.StepMaker;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Starts, stops and restarts one instance: a fresh survey, the gate, the steps, and a second survey for the evidence (pid
 * before and after, and a PING).
 */
final class InstanceWork {
    /** A person's stop waits for the last save; {@code TimeoutStopSec} of a careful unit. */
    private static final Duration STOP = Duration.ofMinutes(5);
    /** A hung process gets half of this for TERM, then KILL where its data is discarded anyway. */
    private static final Duration STOP_HUNG = Duration.ofSeconds(10);

    private final Surveyor surveyor;
    private final PlanRun run;
    private final InstantSource clock;

    InstanceWork(Surveyor surveyor, PlanRun run, InstantSource clock) {
        this.surveyor = surveyor;
        this.run = run;
        this.clock = clock;
    }

    Verdict ask(ClusterState cluster, Task.Run task) {
        return judge(cluster, surveyor.survey(cluster.spec()), task);
    }

    Verdict ask(ClusterState cluster, Task.Remedy task) {
        return RemedyGate.judge(cluster, surveyor.survey(cluster.spec()), task.asked(), clock.instant());
    }

    Ending carryOut(ClusterState cluster, Task.Run task, Journal journal, BooleanSupplier cancelled) {
        ClusterSurvey survey = surveyor.survey(cluster.spec());
        return switch (judge(cluster, survey, task)) {
            case Verdict.Needless needless -> {
                journal.planned(nothing());
                yield Ending.succeeded(needless.reason());
            }
            case Verdict.Withheld withheld -> {
                journal.planned(nothing());
                yield Ending.failed(withheld.reason());
            }
            case Verdict.Go go -> {
                List<Step> steps = steps(cluster.spec(), survey, task, go);
                Work work = new Work(cluster, task.instance(), "", task.verb() != Request.Verb.STOP);
                yield carryOut(work, steps, survey, journal, cancelled);
            }
        };
    }

    Ending carryOut(ClusterState cluster, Task.Remedy task, Journal journal, BooleanSupplier cancelled) {
        // It may have waited for its turn: what is too old by now is not worth a look. Judged again after the look.
        Optional<Verdict.Withheld> late = RemedyGate.early(cluster, task.asked(), clock.instant());
        if (late.isPresent()) {
            return withheld(task, late.get().rule(), late.get().reason(), journal);
        }
        ClusterSurvey survey = surveyor.survey(cluster.spec());
        InstanceId id = task.asked().instance();
        return switch (RemedyGate.judge(cluster, survey, task.asked(), clock.instant())) {
            case Verdict.Needless needless -> withheld(task, "evidence", needless.reason(), journal);
            case Verdict.Withheld withheld -> withheld(task, withheld.rule(), withheld.reason(), journal);
            case Verdict.Go go -> {
                List<Step> steps = remedySteps(cluster.spec(), survey, id, go);
                yield carryOut(new Work(cluster, id, task.asked().id(), true), steps, survey, journal, cancelled);
            }
        };
    }

    /** @param starts whether the instance is to live afterwards */
    private record Work(ClusterState cluster, InstanceId instance, String remediation, boolean starts) {}

    private static Ending withheld(Task.Remedy task, String rule, String reason, Journal journal) {
        journal.planned(nothing());
        RestartEvent.Withheld event = new RestartEvent.Withheld(task.asked().id(), rule);
        journal.tell("withheld", task.asked().instance(), reason, event);
        return Ending.failed("withheld (" + rule + "): " + reason);
    }

    private Ending carryOut(
            Work work, List<Step> steps, ClusterSurvey before, Journal journal, BooleanSupplier cancelled) {
        Instant begun = clock.instant();
        Plan plan = new Plan(steps.stream().map(List::of).toList(), List.of(), List.of(), false);
        PlanRun.End end = run.run(plan, journal, cancelled);
        if (end instanceof PlanRun.Cancelled) {
            return Ending.cancelled();
        }
        if (end instanceof PlanRun.Stopped stopped) {
            if (work.starts()) {
                RestartEvent.Failed event = new RestartEvent.Failed(work.remediation(), stopped.reason());
                journal.tell("restart", work.instance(), stopped.reason(), event);
            }
            return Ending.failed(stopped.reason());
        }
        return evidence(work, pid(before, work.instance()), journal, begun);
    }

    private Ending evidence(Work work, long pidBefore, Journal journal, Instant begun) {
        ClusterSurvey after = surveyor.survey(work.cluster().spec());
        long pidAfter = pid(after, work.instance());
        if (!work.starts()) {
            return pidAfter == 0
                    ? Ending.succeeded("stopped; it was process " + pidBefore)
                    : Ending.failed(work.instance() + " lives again as process " + pidAfter);
        }
        String ping = after.instance(work.instance()).map(InstanceSurvey::ping).orElse("");
        String evidence =
                work.instance() + ": process " + pidBefore + " before, " + pidAfter + " after, PING answers " + ping;
        if (pidAfter == 0 || ping.isEmpty()) {
            journal.tell("restart", work.instance(), evidence, new RestartEvent.Failed(work.remediation(), evidence));
            return Ending.failed(evidence);
        }
        long took = Duration.between(begun, clock.instant()).toMillis();
        RestartEvent event = new RestartEvent.Performed(work.remediation(), pidBefore, pidAfter, took);
        journal.tell("restart", work.instance(), evidence, event);
        return Ending.succeeded(evidence);
    }

    private static Verdict judge(ClusterState cluster, ClusterSurvey survey, Task.Run task) {
        return switch (task.verb()) {
            case START -> StartGate.judge(cluster.spec(), survey, task.instance(), task.word());
            case STOP -> StopGate.judge(cluster.spec(), survey, task.instance(), task.word());
            case RESTART -> restart(cluster, survey, task);
        };
    }

    /** Both must agree: that it may go, and how it may come back. */
    private static Verdict restart(ClusterState cluster, ClusterSurvey survey, Task.Run task) {
        Verdict stop = StopGate.judge(cluster.spec(), survey, task.instance(), task.word());
        return stop instanceof Verdict.Go
                ? StartGate.comeback(cluster.spec(), survey, task.instance(), task.word())
                : stop;
    }

    private static List<Step> steps(ClusterSpec spec, ClusterSurvey survey, Task.Run task, Verdict.Go go) {
        StepMaker make = new StepMaker(spec, survey);
        Member member = spec.member(task.instance()).orElseThrow();
        List<Step> steps = new ArrayList<>();
        if (task.verb() != Request.Verb.START) {
            steps.add(make.stop(member, task.verb() == Request.Verb.STOP, false, STOP));
        }
        if (task.verb() != Request.Verb.STOP) {
            start(steps, make, member, go);
        }
        return steps;
    }

    private static List<Step> remedySteps(ClusterSpec spec, ClusterSurvey survey, InstanceId id, Verdict.Go go) {
        StepMaker make = new StepMaker(spec, survey);
        Member member = spec.member(id).orElseThrow();
        List<Step> steps = new ArrayList<>();
        if (survey.instance(id).map(InstanceSurvey::present).orElse(false)) {
            // A node that will follow another master throws its data set away; a Sentinel keeps nothing but its file.
            boolean discards = go.follow().isPresent() || member.role() == InstanceRole.SENTINEL;
            steps.add(make.stop(member, false, discards, STOP_HUNG));
        }
        start(steps, make, member, go);
        return steps;
    }

    private static void start(List<Step> steps, StepMaker make, Member member, Verdict.Go go) {
        if (member.role() == InstanceRole.REDIS) {
            steps.add(make.follow(member, go.follow()));
        }
        steps.add(make.start(member));
    }

    private static long pid(ClusterSurvey survey, InstanceId id) {
        return survey.instance(id).map(InstanceSurvey::pid).orElse(0L);
    }

    private static Plan nothing() {
        return new Plan(List.of(), List.of(), List.of(), false);
    }

    static Optional<String> refusal(Verdict verdict) {
        return verdict instanceof Verdict.Withheld withheld ? Optional.of(withheld.reason()) : Optional.empty();
    }
}
