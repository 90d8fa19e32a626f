package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Exec;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.StepMaker;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.List;
import java.util.Objects;

/**
 * A program of a host's allow-list: its one step, and how that ended. What is told of the end follows from the record of the
 * decided operation alone, as with {@link RestartEnd}.
 */
final class ExecEnd {
    private ExecEnd() {}

    /** @param asked with a program: the gate has seen to that */
    static Plan plan(ClusterSpec spec, ClusterSurvey survey, Remediation asked) {
        Member member = spec.member(asked.instance()).orElseThrow();
        Remediation.Exec what = Objects.requireNonNull(asked.exec(), asked::id);
        Step step = new StepMaker(spec, survey).exec(member, what, asked.askedAt());
        return new Plan(List.of(List.of(step)), List.of(), List.of(), false);
    }

    static Ending ran(PlanRun.End end, Journal journal) {
        return switch (end) {
            case PlanRun.Finished finished ->
                Ending.succeeded(journal.state().steps().getLast().detail());
            case PlanRun.Cancelled cancelled -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
        };
    }

    /**
     * Where the owner that ran it is gone. What a program has done cannot be seen on its host, and it is not run again.
     *
     * @param last the one step, begun
     */
    static Ending interrupted(StepState last) {
        return switch (last.status()) {
            case DONE, UNCHANGED -> Ending.succeeded(last.detail());
            case FAILED -> Ending.failed(last.detail());
            case RUNNING, WAITING, SKIPPED -> Inquest.unknown(last.title());
        };
    }

    /** @param state of an operation that has begun its step */
    static ExecEvent of(String remediation, OperationState state) {
        StepState last = state.steps().getLast();
        String program = StepMaker.program(last.id());
        Exec.Said said = Exec.said(last.detail());
        return state.status() == Status.SUCCEEDED
                ? new ExecEvent.Performed(remediation, program, said.line(), last.tookMillis())
                : new ExecEvent.Failed(remediation, program, said.status(), said.line(), state.reason());
    }
}
