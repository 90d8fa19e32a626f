package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes in one session, what each script is told there, and what becomes of steps whose session does not come to its end. */
class TogetherTest {
    private static final String R1 = "r1/redis-server";
    private static final String S1 = "r1/redis-sentinel";
    private static final Reply CHANGED = new Reply.Done(0, "changed\n", "");
    private static final Reply REFUSED = new Reply.Done(1, "", "no\n");
    private static final Reply LOST = new Reply.Failed(Trouble.DROPPED, "r1: the connection was lost");

    private final RecordingLedger ledger = new RecordingLedger();
    /** Each session, as what its scripts are told beside the lease. */
    private final List<List<String>> sessions = new ArrayList<>();
    /** What is answered in the next session, and then in those after it. */
    private final List<List<Reply>> answers = new ArrayList<>();

    @Test
    void systemdIsToldByTheLastUnitOfAHost() {
        answers.add(List.of(CHANGED, CHANGED, CHANGED));
        PlanRun.End end = run(List.of(Steps.guard(R1)), List.of(Steps.unit(R1, true), Steps.unit(S1, false)));
        assertThat(end).isEqualTo(new PlanRun.Finished());
        String first = Steps.path(R1, "service");
        assertThat(sessions)
                .containsExactly(List.of(
                        "unit-guard lease 7 " + Steps.path(R1, "guard") + " mark",
                        "unit lease 0 " + first + " mark yes later",
                        "unit lease 0 " + Steps.path(S1, "service") + " mark no " + first + " yes"));
        assertThat(statuses()).containsOnly(StepState.Status.DONE);
    }

    @Test
    void aPartOfAMachineThatIsNotSetIsToldByItsNameAndThoseBehindItHaveNotBegun() {
        answers.add(List.of(CHANGED, REFUSED));
        PlanRun.End end = run(
                List.of(Steps.tune(R1, TuningPart.SYSCTL)),
                List.of(Steps.tune(R1, TuningPart.THP)),
                List.of(Steps.tune(R1, TuningPart.LIMITS)));
        assertThat(end)
                .isInstanceOfSatisfying(
                        PlanRun.Stopped.class,
                        stopped -> assertThat(stopped.reason())
                                .startsWith("step r1/tuning/thp: ")
                                .contains(": tune thp: "));
        assertThat(sessions)
                .singleElement()
                .satisfies(
                        session -> assertThat(session).hasSize(3).allMatch(words -> words.startsWith("tune lease ")));
        assertThat(statuses())
                .containsExactly(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.WAITING);
    }

    @Test
    void aUnitThatIsRefusedLeavesNoneThatIsWrittenUntold() {
        answers.add(List.of(CHANGED, REFUSED));
        answers.add(List.of(CHANGED));
        PlanRun.End end = run(List.of(Steps.unit(R1, true), Steps.unit(S1, true)));
        assertThat(end)
                .isInstanceOfSatisfying(
                        PlanRun.Stopped.class,
                        stopped -> assertThat(stopped.reason())
                                .startsWith("step r1/redis-sentinel/unit: ")
                                .doesNotContain("step r1/redis-server"));
        assertThat(sessions).hasSize(2);
        assertThat(sessions.getLast()).containsExactly("unit lease 0 " + Steps.path(R1, "service") + " mark yes");
        assertThat(statuses()).containsExactly(StepState.Status.DONE, StepState.Status.FAILED);
    }

    @Test
    void whereSystemdCannotBeToldNoUnitOfTheHostIsDone() {
        answers.add(List.of(CHANGED, REFUSED));
        answers.add(List.of(REFUSED));
        run(List.of(Steps.unit(R1, true), Steps.unit(S1, true)));
        assertThat(statuses()).containsExactly(StepState.Status.FAILED, StepState.Status.FAILED);
    }

    @Test
    void whereTheWayIsLostItIsNotKnownWhetherSystemdWasTold() {
        answers.add(List.of(CHANGED, CHANGED, LOST));
        run(List.of(Steps.guard(R1)), List.of(Steps.unit(R1, true), Steps.unit(S1, true)));
        assertThat(sessions).hasSize(1);
        assertThat(statuses()).containsExactly(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.FAILED);
    }

    @Test
    void whatComesAfterAFailureHasNotBegun() {
        answers.add(List.of(CHANGED, REFUSED));
        PlanRun.End end = run(List.of(Steps.prepare(R1), Steps.prepare(S1)), List.of(Steps.note(R1), Steps.note(S1)));
        assertThat(end)
                .isInstanceOfSatisfying(
                        PlanRun.Stopped.class,
                        stopped -> assertThat(stopped.reason())
                                .startsWith("step r1/redis-sentinel/prepare: ")
                                .endsWith(": no"));
        assertThat(statuses())
                .containsExactly(
                        StepState.Status.DONE,
                        StepState.Status.FAILED,
                        StepState.Status.WAITING,
                        StepState.Status.WAITING);
        assertThat(sessions).hasSize(1);
    }

    @Test
    void whereNobodyKnowsHowFarTheyCameAllHaveFailedAndItIsSaidOnce() {
        answers.add(Collections.nCopies(3, LOST));
        PlanRun.End end = run(List.of(Steps.note(R1), Steps.note(S1), Steps.file(R1)), List.of(Steps.unit(R1, true)));
        assertThat(end).isEqualTo(new PlanRun.Stopped("step r1/redis-server/revision: r1: the connection was lost"));
        assertThat(statuses())
                .containsExactly(
                        StepState.Status.FAILED,
                        StepState.Status.FAILED,
                        StepState.Status.FAILED,
                        StepState.Status.WAITING);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private PlanRun.End run(List<Step>... stages) {
        Journal journal = ScriptedWork.journal(Steps.CLUSTER, ledger);
        Plan plan = new Plan(List.of(stages), List.of(), List.of(), false);
        try (Grant grant = new Grant("lease", ledger)) {
            Steps.CLUSTER.spec().hosts().forEach(host -> grant.add(host, new Held()));
            grant.beginBefore(Instant.EPOCH);
            return new PlanRun(new Hands(new Answering()), Runnable::run, ScriptedWork.CLOCK)
                    .run(plan, journal, grant, () -> false);
        }
    }

    private List<StepState.Status> statuses() {
        return ledger.last(OperationState.class).steps().stream()
                .map(StepState::status)
                .toList();
    }

    /** A lease that is held; every time of ours is the 7th hundredth of a second there. */
    private record Held() implements HostLease {
        @Override
        public LeaseState state() {
            return new LeaseState.Held();
        }

        @Override
        public LeaseState await(Duration most) {
            return state();
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 7;
        }

        @Override
        public void close() {}
    }

    private final class Answering implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            return runAll(access, List.of(script)).getFirst();
        }

        @Override
        public List<Reply> runAll(HostAccess access, List<Script> scripts) {
            sessions.add(scripts.stream().map(TogetherTest::told).toList());
            return answers.removeFirst();
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new IllegalStateException("nothing is uploaded");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    }

    /** Without the base of the lease. */
    private static String told(Script script) {
        return script.name() + " "
                + String.join(
                        " ", script.arguments().subList(1, script.arguments().size()));
    }
}
