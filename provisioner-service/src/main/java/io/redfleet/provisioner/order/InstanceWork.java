package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.gate.OrderGate;
import io.redfleet.provisioner.gate.RemedyGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Grant;
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
import java.util.function.Supplier;

/**
 * Starts, stops and restarts one instance: a fresh survey and the gate, both again once the host is leased, the steps, and a
 * last survey for the evidence (pid before and after, and a PING).
 */
final class InstanceWork {
    /** A person's stop waits for the last save; {@link StepMaker#stop} longer for one that took long before. */
    private static final Duration STOP = Duration.ofMinutes(5);
    /** A hung process gets half of this for TERM, then KILL where its data is discarded anyway. */
    private static final Duration STOP_HUNG = Duration.ofSeconds(10);

    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;
    private final InstantSource clock;

    InstanceWork(Surveyor surveyor, PlanRun run, Leases leases, InstantSource clock) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
        this.clock = clock;
    }

    Verdict ask(ClusterState cluster, Task.Run task) {
        return OrderGate.judge(cluster, surveyor.survey(cluster), task.instance(), task.verb(), task.word());
    }

    Verdict ask(ClusterState cluster, Task.Remedy task) {
        return RemedyGate.judge(cluster, surveyor.survey(cluster), task.asked(), clock.instant());
    }

    Ending carryOut(ClusterState cluster, Task.Run task, Journal journal, BooleanSupplier cancelled) {
        Verdict first = ask(cluster, task);
        if (!(first instanceof Verdict.Go)) {
            return untouched(first, journal);
        }
        Leases.Ask ask = leases.ask(cluster.spec(), host(cluster, task.instance()), journal, cancelled);
        return leases.during(ask, "", grant -> {
            ClusterSurvey survey = surveyor.survey(cluster);
            Verdict verdict = OrderGate.judge(cluster, survey, task.instance(), task.verb(), task.word());
            if (!(verdict instanceof Verdict.Go go)) {
                return untouched(verdict, journal);
            }
            List<Step> steps = steps(cluster.spec(), survey, task, go);
            Work work = new Work(cluster, task.instance(), "", task.verb() != Request.Verb.STOP, grant);
            return carryOut(work, steps, survey, journal, cancelled);
        });
    }

    private static Ending untouched(Verdict verdict, Journal journal) {
        journal.planned(Plan.NOTHING);
        return switch (verdict) {
            case Verdict.Needless needless -> Ending.succeeded(needless.reason());
            case Verdict.Withheld withheld -> Ending.failed(withheld.reason());
            case Verdict.Go go -> throw new IllegalStateException("allowed, and yet not done");
        };
    }

    /** @param brake what forbids automatic action there by now: whoever waited for a host may have been disarmed meanwhile */
    Ending carryOut(
            ClusterState cluster,
            Task.Remedy task,
            Journal journal,
            BooleanSupplier cancelled,
            Supplier<Optional<Verdict.Withheld>> brake) {
        // It may have waited for its turn: what is too old by now is not worth a look. Judged again after each look.
        Optional<Verdict.Withheld> late = RemedyGate.early(cluster, task.asked(), clock.instant());
        if (late.isPresent()) {
            return withheld(task, late.get(), journal);
        }
        Verdict first = ask(cluster, task);
        if (!(first instanceof Verdict.Go)) {
            return withheld(task, first, journal);
        }
        Duration left = Duration.between(clock.instant(), task.asked().notAfter());
        List<HostSpec> on = host(cluster, task.asked().instance());
        return switch (leases.take(new Leases.Ask(cluster.spec(), on, journal, cancelled, left))) {
            case Claim.Cancelled stop -> Ending.cancelled();
            case Claim.Refused refused -> withheld(task, new Verdict.Withheld("busy", refused.reason()), journal);
            case Claim.Granted granted -> {
                try (Grant grant = granted.grant()) {
                    yield underLease(cluster, task, journal, grant, cancelled, brake);
                }
            }
        };
    }

    private Ending underLease(
            ClusterState cluster,
            Task.Remedy task,
            Journal journal,
            Grant grant,
            BooleanSupplier cancelled,
            Supplier<Optional<Verdict.Withheld>> brake) {
        // The host itself refuses the first step after that, whenever it comes.
        grant.beginBefore(task.asked().notAfter());
        ClusterSurvey survey = surveyor.survey(cluster);
        InstanceId id = task.asked().instance();
        Verdict verdict = brake.get()
                .map(Verdict.class::cast)
                .orElseGet(() -> RemedyGate.judge(cluster, survey, task.asked(), clock.instant()));
        if (!(verdict instanceof Verdict.Go go)) {
            return withheld(task, verdict, journal);
        }
        if (task.execs()) {
            Plan plan = ExecEnd.plan(cluster.spec(), survey, task.asked());
            return ExecEnd.ran(run.run(plan, journal, grant, cancelled), journal);
        }
        List<Step> steps =
                task.stops() ? stopSteps(cluster.spec(), survey, id) : remedySteps(cluster.spec(), survey, id, go);
        Work work = new Work(cluster, id, task.asked().id(), task.starts(), grant);
        return carryOut(work, steps, survey, journal, cancelled);
    }

    private static List<HostSpec> host(ClusterState cluster, InstanceId instance) {
        return List.of(cluster.spec().host(instance.host()).orElseThrow());
    }

    /**
     * @param remediation empty: a person asks
     * @param starts whether the instance is to live afterwards
     * @param grant the lease on the instance's host
     */
    private record Work(ClusterState cluster, InstanceId instance, String remediation, boolean starts, Grant grant) {}

    private static Ending withheld(Task.Remedy task, Verdict verdict, Journal journal) {
        return switch (verdict) {
            case Verdict.Needless needless -> withheld(task, "evidence", needless.reason(), journal);
            case Verdict.Withheld withheld -> withheld(task, withheld.rule(), withheld.reason(), journal);
            case Verdict.Go go -> throw new IllegalStateException("allowed, and yet withheld");
        };
    }

    private static Ending withheld(Task.Remedy task, String rule, String reason, Journal journal) {
        journal.planned(Plan.NOTHING);
        Event event = RestartEnd.withheld(task.kind(), task.asked().id(), rule);
        Ending ending = Ending.failed("withheld (" + rule + "): " + reason);
        journal.decide(ending.status(), ending.reason());
        journal.tell(RestartEnd.WITHHELD, task.asked().instance(), reason, event);
        return ending;
    }

    private Ending carryOut(
            Work work, List<Step> steps, ClusterSurvey before, Journal journal, BooleanSupplier cancelled) {
        Instant begun = clock.instant();
        Plan plan = new Plan(steps.stream().map(List::of).toList(), List.of(), List.of(), false);
        PlanRun.End end = run.run(plan, journal, work.grant(), cancelled);
        if (end instanceof PlanRun.Cancelled) {
            return Ending.cancelled();
        }
        if (end instanceof PlanRun.Stopped stopped) {
            return failed(work, stopped.reason(), journal);
        }
        return evidence(work, pid(before, work.instance()), journal, begun);
    }

    private Ending evidence(Work work, long pidBefore, Journal journal, Instant begun) {
        ClusterSurvey after = surveyor.survey(work.cluster());
        long pidAfter = pid(after, work.instance());
        Duration took = Duration.between(begun, clock.instant());
        if (!work.starts()) {
            return pidAfter == 0
                    ? stopped(work, pidBefore, took, journal)
                    : failed(work, work.instance() + " lives again as process " + pidAfter, journal);
        }
        String ping = after.instance(work.instance()).map(InstanceSurvey::ping).orElse("");
        String evidence =
                work.instance() + ": process " + pidBefore + " before, " + pidAfter + " after, PING answers " + ping;
        if (pidAfter == 0 || ping.isEmpty()) {
            return failed(work, evidence, journal);
        }
        RestartEvent event = new RestartEvent.Performed(work.remediation(), pidBefore, pidAfter, took.toMillis());
        Ending ending = Ending.succeeded(evidence);
        journal.decide(ending.status(), ending.reason());
        journal.tell(RestartEnd.RESTART, work.instance(), evidence, event);
        return ending;
    }

    private static Ending stopped(Work work, long pidBefore, Duration took, Journal journal) {
        Ending ending = Ending.succeeded("stopped; it was process " + pidBefore);
        if (!work.remediation().isEmpty()) {
            journal.decide(ending.status(), ending.reason());
            StopEvent event = new StopEvent.Performed(work.remediation(), pidBefore, took.toMillis());
            journal.tell(RestartEnd.STOP, work.instance(), work.instance() + " " + ending.reason(), event);
        }
        return ending;
    }

    private static Ending failed(Work work, String reason, Journal journal) {
        Ending ending = Ending.failed(reason);
        journal.decide(ending.status(), ending.reason());
        if (work.starts()) {
            RestartEvent.Failed event = new RestartEvent.Failed(work.remediation(), reason);
            journal.tell(RestartEnd.RESTART, work.instance(), reason, event);
        } else if (!work.remediation().isEmpty()) {
            StopEvent.Failed event = new StopEvent.Failed(work.remediation(), reason);
            journal.tell(RestartEnd.STOP, work.instance(), reason, event);
        }
        return ending;
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

    /** As a person's: it is marked as stopped, and nothing that saves is killed. */
    private static List<Step> stopSteps(ClusterSpec spec, ClusterSurvey survey, InstanceId id) {
        return List.of(new StepMaker(spec, survey).stop(spec.member(id).orElseThrow(), true, false, STOP));
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

    static Optional<String> refusal(Verdict verdict) {
        return verdict instanceof Verdict.Withheld withheld ? Optional.of(withheld.reason()) : Optional.empty();
    }
}
