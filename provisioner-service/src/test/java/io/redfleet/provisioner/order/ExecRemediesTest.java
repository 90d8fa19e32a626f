package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.gate.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs of a host's allow-list that a rule wants to be run. */
class ExecRemediesTest extends DeskGround {
    private static final InstanceId MASTER = new InstanceId("r1/redis-server");
    private static final String PAGE = "/etc/redfleet/exec.d/page";
    private static final String DUMP = "/etc/redfleet/exec.d/dump";

    private final Remedies remedies = new Remedies(desk);

    @BeforeEach
    void aCluster() {
        accepted(apply("a"));
        runAll();
        done = 0;
    }

    @Test
    void aProgramIsRunAndItsFirstLineIsTold() {
        hosts.programsSay("said=paged ann\007, 2 kB\nexit=0\nchanged");
        take(exec("exec-1", MASTER, PAGE));
        runAll();

        assertThat(hosts.programs()).containsExactly(PAGE);
        assertThat(done).isEqualTo(1);
        assertThat(ledger.events(ExecEvent.class))
                .containsExactly(new ExecEvent.Performed("exec-1", PAGE, "paged ann , 2 kB", 0));
        OperationState last = ledger.last(OperationState.class);
        assertThat(last.kind()).isEqualTo("remedy-exec");
        assertThat(last.status()).isEqualTo(OperationState.Status.SUCCEEDED);
        assertThat(last.instance()).isEqualTo(MASTER);
        assertThat(last.expectsDown()).isEmpty();
        assertThat(ledger.all(OperationState.class))
                .allMatch(state -> state.expectsDown().isEmpty());
    }

    /** @param said of exec.sh; {@code \n} is a newline */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "said=no route\\nexit=3\\nchanged | 3 | no route | ended with status 3: no route",
                "said=\\nexit=126\\nchanged | 126 | '' | ended with status 126: no output",
                "said=slow\\nexit=late\\nchanged | -1 | '' | did not end within 15 s and was killed: slow",
                "said=exit=0\\nexit=1\\nchanged | 1 | exit=0 | ended with status 1: exit=0",
                "said=cut off | -1 | '' | said=cut off",
                "it is not run: root | -1 | '' | it is not run: root",
            })
    void whateverElseItDoesIsAFailure(String said, int status, String line, String error) {
        hosts.programsSay(said.replace("\\n", "\n"));
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        assertThat(ledger.events(ExecEvent.class)).singleElement().satisfies(event -> {
            assertThat(event).isInstanceOf(ExecEvent.Failed.class);
            ExecEvent.Failed failed = (ExecEvent.Failed) event;
            assertThat(failed.remediation()).isEqualTo("exec-1");
            assertThat(failed.program()).isEqualTo(PAGE);
            assertThat(failed.status()).isEqualTo(status);
            assertThat(failed.said()).isEqualTo(line);
            assertThat(failed.error()).contains("r3", error);
        });
        assertThat(ledger.last(OperationState.class).status()).isEqualTo(OperationState.Status.FAILED);
    }

    @Test
    void aFaultOfOursIsAFailureToo() {
        broken = script -> script.name().equals("exec");
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        assertThat(ledger.events(ExecEvent.Failed.class))
                .extracting(ExecEvent.Failed::status)
                .containsExactly(-1);
        assertThat(faults).hasSize(1);
    }

    /** Another monitor asks for the same at another time, and another provisioner reads it after the first. */
    @Test
    void oneThatWasDueOnceIsRunOnce() {
        Remediation asked = exec("exec-1", REPLICA, PAGE);
        take(asked);
        runAll();
        take(asked);
        now = now.plusSeconds(2);
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();
        now = now.plusSeconds(1);
        new Remedies(next).take(exec("exec-1", REPLICA, PAGE), () -> done++);
        runAll();

        assertThat(done).isEqualTo(4);
        assertThat(hosts.programs()).containsExactly(PAGE);
        assertThat(ledger.events(ExecEvent.class)).hasSize(1);
    }

    /** @param rule of the gate */
    @ParameterizedTest
    @CsvSource({
        "/bin/sh, program",
        "/etc/redfleet/exec.d/../../../bin/sh, program",
        "/etc/redfleet/exec.d/page -x, program",
        "'', program"
    })
    void whatNoSpecWouldNameIsNotRun(String program, String rule) {
        take(exec("exec-1", REPLICA, program));
        runAll();
        assertThat(hosts.programs()).isEmpty();
        assertThat(ledger.events(ExecEvent.class)).containsExactly(new ExecEvent.Withheld("exec-1", rule));
    }

    @Test
    void aRequestWithoutAProgramIsWithheld() {
        Remediation like = exec("exec-1", REPLICA, PAGE);
        take(new Remediation(
                like.id(),
                like.cluster(),
                like.uid(),
                like.instance(),
                like.action(),
                like.reason(),
                like.evidence(),
                like.askedAt(),
                like.notAfter()));
        runAll();
        assertThat(ledger.events(ExecEvent.class)).containsExactly(new ExecEvent.Withheld("exec-1", "program"));
    }

    @Test
    void nothingIsRunWhereNothingAutomaticIsAllowedOrTooLate() {
        brakes.disarm("too much at once");
        take(exec("exec-1", REPLICA, PAGE));
        brakes.disarm("");
        onCall = () -> held = LocalBrakes.everywhere("the file stands");
        take(exec("exec-2", REPLICA, PAGE));
        runAll();
        onCall = () -> {};
        held = LocalBrakes.NONE;
        take(exec("exec-3", REPLICA, PAGE));
        operations.removeFirst().run();
        now = now.plus(Duration.ofSeconds(61));
        runAll();
        take(exec("exec-4", REPLICA, PAGE));
        onCall = () -> now = now.plusSeconds(61);
        runAll();

        assertThat(ledger.events(ExecEvent.class))
                .containsExactly(
                        new ExecEvent.Withheld("exec-1", "disarmed"),
                        new ExecEvent.Withheld("exec-2", "disarmed"),
                        new ExecEvent.Withheld("exec-3", "late"),
                        new ExecEvent.Withheld("exec-4", "late"));
        assertThat(hosts.programs()).isEmpty();
        assertThat(faults).isEmpty();
    }

    @Test
    void programsWaitForOneAnotherInTheirOrder() {
        take(exec("exec-1", MASTER, PAGE));
        take(exec("exec-2", REPLICA, DUMP));
        take(exec("exec-3", REPLICA, PAGE));
        runAll();
        assertThat(hosts.programs()).containsExactly(PAGE, DUMP, PAGE);
        assertThat(ledger.events(ExecEvent.Performed.class))
                .extracting(ExecEvent.Performed::remediation)
                .containsExactly("exec-1", "exec-2", "exec-3");
        assertThat(done).isEqualTo(3);
    }

    @Test
    void whoIsToBeStartedWaitsForOneProgramAndNotForTheNext() {
        hosts.kill("/base/r3/orders/redis-server");
        take(exec("exec-1", MASTER, PAGE));
        operations.removeFirst().run();
        take(exec("exec-2", MASTER, DUMP));
        operations.removeLast().run();
        take(remediation("down-1"));
        operations.removeLast().run();
        assertThat(done).as("the two others wait").isEqualTo(1);
        runAll();

        assertThat(ledger.events(RestartEvent.Withheld.class)).isEmpty();
        assertThat(ledger.all(Fact.class))
                .extracting(Fact::event)
                .filteredOn(event -> event instanceof ExecEvent.Performed || event instanceof RestartEvent.Performed)
                .extracting(event -> event instanceof ExecEvent.Performed ran ? ran.remediation() : "down-1")
                .containsExactly("exec-1", "down-1", "exec-2");
        assertThat(done).isEqualTo(3);
    }

    @Test
    void oneThatHasWaitedForTooLongIsWithheldAndTheNextIsLookedAt() {
        take(exec("exec-1", MASTER, PAGE));
        operations.removeFirst().run();
        take(exec("exec-2", REPLICA, PAGE));
        operations.removeLast().run();
        now = now.plusSeconds(30);
        take(exec("exec-3", REPLICA, DUMP));
        operations.removeLast().run();
        now = now.plusSeconds(31);
        runAll();

        assertThat(ledger.events(ExecEvent.Withheld.class))
                .containsExactly(new ExecEvent.Withheld("exec-1", "late"), new ExecEvent.Withheld("exec-2", "late"));
        assertThat(hosts.programs()).containsExactly(DUMP);
        assertThat(done).isEqualTo(3);
    }

    @Test
    void aPersonsWorkIsWaitedForByNoProgram() {
        accepted(apply("b"));
        take(exec("exec-1", REPLICA, PAGE));
        operations.removeLast().run();
        assertThat(ledger.events(ExecEvent.class)).containsExactly(new ExecEvent.Withheld("exec-1", "busy"));
        runAll();
        assertThat(hosts.programs()).isEmpty();
    }

    @Test
    void aPersonsWorkWaitsForOneProgramAsForAnyOperation() {
        take(exec("exec-1", REPLICA, PAGE));
        operations.removeFirst().run();
        OperationId restart = asked(new Request.Run(REPLICA, Request.Verb.RESTART, ""));
        runAll();
        assertThat(hosts.programs()).containsExactly(PAGE);
        assertThat(operation(restart).status()).isEqualTo(OperationState.Status.SUCCEEDED);
    }

    @Test
    void programsTakeNoPlaceFromRestartsAndHaveTheirOwn() {
        assertThat(begun()).isEmpty();
        assertThat(begun()).isEmpty();
        assertThat(begun()).as("two restarts are under way").isPresent();
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        assertThat(hosts.programs()).hasSize(1);
        for (int i = 2; i <= 5; i++) {
            assertThat(beginExec(i)).isEmpty();
        }
        assertThat(beginExec(6)).map(Verdict.Withheld::reason).contains("4 programs of rules are under way");
        brakes.endExec();
        assertThat(beginExec(6)).isEmpty();
    }

    @Test
    void whatWasRunBeforeThisProcessCountsAmongTheSixty() {
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        brakes = new Brakes(() -> held, 10);
        for (int i = 0; i < 59; i++) {
            brakes.rememberExec(new OperationId("old-" + i), now, now);
        }
        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();
        new Remedies(next).take(exec("exec-2", REPLICA, PAGE), () -> done++);
        runAll();

        assertThat(hosts.programs()).hasSize(1);
        assertThat(ledger.events(ExecEvent.Withheld.class)).containsExactly(new ExecEvent.Withheld("exec-2", "brake"));
        assertThat(begun()).as("a restart").isEmpty();
        now = now.plus(Duration.ofMinutes(11));
        new Remedies(next).take(exec("exec-3", REPLICA, PAGE), () -> done++);
        runAll();
        assertThat(hosts.programs()).hasSize(2);
    }

    /** The owner is gone: what it did not come to write down is not done again, and not claimed. */
    @Test
    void whatAnOwnerLeftInTheMiddleIsNotRunAgain() {
        take(exec("exec-1", REPLICA, PAGE));
        runAll();
        List<OperationState> records = ledger.all(OperationState.class).stream()
                .filter(state -> state.kind().equals("remedy-exec"))
                .toList();
        List<String> ends = records.stream().map(this::endAfter).toList();

        assertThat(hosts.programs()).as("by none of the next owners").hasSize(1);
        assertThat(ends.getFirst()).isEqualTo("withheld");
        assertThat(ends).contains("failed: whether it was carried out is not known", "performed");
        assertThat(ends.getLast()).as("that is over").isEqualTo("nothing");
    }

    /** What the next owner tells of an operation of which this is the last record. */
    private String endAfter(OperationState last) {
        int before = ledger.events(ExecEvent.class).size();
        Desk next = desk(ledger);
        next.replayed(cluster());
        next.replayed(last);
        next.open();
        runAll();
        List<ExecEvent> told = ledger.events(ExecEvent.class);
        if (told.size() == before) {
            return "nothing";
        }
        return switch (told.getLast()) {
            case ExecEvent.Performed performed -> "performed";
            case ExecEvent.Withheld withheld -> "withheld";
            case ExecEvent.Failed failed ->
                "failed: "
                        + (failed.error().contains("whether it was carried out is not known")
                                ? "whether it was carried out is not known"
                                : failed.error());
        };
    }

    private Optional<Verdict.Withheld> beginExec(int number) {
        return brakes.beginExec(new OperationId("exec-op-" + number), Map.of(), now);
    }

    private void take(Remediation asked) {
        remedies.take(asked, () -> done++);
    }
}
