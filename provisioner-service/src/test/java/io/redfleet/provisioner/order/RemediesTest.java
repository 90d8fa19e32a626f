package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.gate.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may happen between a remediation's first look and its work. */
class RemediesTest extends DeskGround {

    @BeforeEach
    void aClusterWithADeadReplica() {
        accepted(apply("a"));
        runAll();
        hosts.kill("/base/r3/orders/redis-server");
    }

    @Test
    void aDeadReplicaIsRestarted() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    @Test
    void aMachineThatIsDisarmedDuringTheFirstLookRestartsNothing() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        onCall = () -> held = LocalBrakes.everywhere("the file stands");
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "disarmed"));
        held = LocalBrakes.NONE;
        new Remedies(desk).take(remediation("down-2"), () -> done++);
        onCall = () -> {};
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    /** It has its place at the brakes and waits for its host: whoever disarmed has been answered by then. */
    @Test
    void whatWaitsForItsHostWhileItIsDisarmedRestartsNothing() {
        leased = (access, request) -> {
            brakes.disarm("a person said so");
            return hosts.ask(access, request);
        };
        Desk other = desk(ledger);
        other.replayed(cluster());
        other.open();
        new Remedies(other).take(remediation("down-1"), () -> done++);
        runAll();

        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "disarmed"));
        assertThat(ledger.events(RestartEvent.Performed.class)).isEmpty();
    }

    /** The cluster bears {@code team=a}. */
    @Test
    void whereItsLabelIsDisarmedNothingIsRestartedAndTheReasonSaysByWhomAndSinceWhen() {
        brakes.disarm("", labelled("team=a"));
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        runAll();

        assertThat(ledger.all(Fact.class))
                .filteredOn(fact -> fact.event() instanceof RestartEvent.Withheld)
                .singleElement()
                .satisfies(fact -> {
                    assertThat(fact.event()).isEqualTo(new RestartEvent.Withheld("down-1", "disarmed"));
                    assertThat(fact.about().reason())
                            .isEqualTo("the label team=a is disarmed by ann since 1970-01-01T00:00:00Z: rack 4");
                });
        brakes.disarm("", labelled("team=b"));
        new Remedies(desk).take(remediation("down-2"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    @Test
    void aLabelThatIsDisarmedDuringTheFirstLookRestartsNothing() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        onCall = () -> brakes.disarm("", labelled("team=a"));
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "disarmed"));
    }

    @Test
    void aLabelOfAFileOnThisMachineHoldsToo() {
        held = new LocalBrakes("", List.of(new Label("team=a")));
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "disarmed"));
        held = new LocalBrakes("", List.of(new Label("team=b")));
        new Remedies(desk).take(remediation("down-2"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    @Test
    void aClusterComesUnderABrakeAndLeavesItWithItsLabels() {
        brakes.disarm("", labelled("team=b"));
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        onCall = () -> {
            onCall = () -> {};
            desk.stands(moved("b"));
        };
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .as("moved under it during the first look")
                .containsExactly(new RestartEvent.Withheld("down-1", "disarmed"));

        desk.stands(moved("a"));
        new Remedies(desk).take(remediation("down-2"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    private ClusterState moved(String team) {
        ClusterState before = cluster();
        ClusterSpec spec = before.spec();
        ClusterSpec next = new ClusterSpec(
                spec.name(),
                Map.of("team", team),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                spec.security());
        return new ClusterState(
                before.schema(),
                before.uid(),
                before.revision() + 1,
                before.phase(),
                before.reason(),
                before.since(),
                next,
                before.applied());
    }

    private static LabelBrakes labelled(String label) {
        LabelBrake brake = new LabelBrake(new Label(label), "rack 4", new Actor("ann", "t1"), Instant.EPOCH);
        return new LabelBrakes(1, List.of(brake));
    }

    @Test
    void aRemediationThatWaitedTooLongIsNotLookedAtASecondTime() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        operations.removeFirst().run();
        assertThat(operations).hasSize(1);
        now = now.plus(Duration.ofSeconds(61));
        AtomicInteger calls = new AtomicInteger();
        onCall = calls::incrementAndGet;
        runAll();
        assertThat(calls).hasValue(0);
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "late"));
        assertThat(begun()).isEmpty();
        assertThat(begun()).isEmpty();
    }

    @Test
    void aStepThatComesAfterItsTimeIsRefusedByTheHostWhateverWasJudgedBefore() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        int before = hosts.changes().size();
        // The process stands still between the judgment and the step; its own clock has not been asked since.
        broken = script -> {
            if (script.name().equals("follow")) {
                hosts.later(Duration.ofSeconds(61));
            }
            return false;
        };
        runAll();
        assertThat(hosts.changes()).hasSize(before);
        assertThat(hosts.refused()).containsExactly("follow");
        assertThat(ledger.events(RestartEvent.Performed.class)).isEmpty();
        assertThat(ledger.events(RestartEvent.Failed.class)).hasSize(1);
    }

    @Test
    void aFaultDuringTheWorkIsToldAsARestartThatFailed() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        broken = script -> script.name().equals("start");
        runAll();
        assertThat(faults).hasSize(1);
        assertThat(ledger.events(RestartEvent.Failed.class))
                .extracting(RestartEvent.Failed::remediation)
                .containsExactly("down-1");
        assertThat(ledger.events(RestartEvent.Withheld.class)).isEmpty();
    }

    @Test
    void aFaultBeforeAnythingWasDoneIsToldAsWithheld() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        operations.removeFirst().run();
        broken = script -> script.name().equals("survey");
        runAll();
        assertThat(ledger.events(RestartEvent.Failed.class)).isEmpty();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "interrupted"));
    }

    @Test
    void whatHasBegunInTimeIsFinished() {
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        broken = script -> {
            if (script.name().equals("start")) {
                hosts.later(Duration.ofSeconds(61));
            }
            return false;
        };
        runAll();
        assertThat(hosts.refused()).isEmpty();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    @Test
    void aHostThatAnotherWorksOnIsWaitedForUntilTheRemediationIsTooOld() {
        leased = new Elsewhere("r3");
        Desk other = desk(ledger);
        other.replayed(cluster());
        other.open();
        int before = hosts.changes().size();
        new Remedies(other).take(remediation("down-1"), () -> done++);
        runAll();
        assertThat(hosts.changes()).hasSize(before);
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "busy"));
        assertThat(begun()).isEmpty();
        assertThat(begun()).isEmpty();
    }

    @Test
    void whatWasRestartedBeforeThisProcessCountsForTheFleetsBrake() {
        for (int i = 0; i < 10; i++) {
            new Remedies(desk).take(remediation("down-" + i), () -> done++);
            runAll();
            hosts.kill("/base/r3/orders/redis-server");
        }
        int performed = ledger.events(RestartEvent.Performed.class).size();
        assertThat(performed).isEqualTo(10);
        brakes = new Brakes(() -> held, 10);
        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();

        new Remedies(next).take(remediation("down-10"), () -> done++);
        runAll();

        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(performed);
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-10", "brake"));
    }

    @Test
    void aRuleStopsAReplicaAndThatIsToldAsAStop() {
        theReplicaIsBack();
        new Remedies(desk).take(stop("stop-1", REPLICA), () -> done++);
        runAll();
        assertThat(done).isEqualTo(3);
        assertThat(ledger.events(StopEvent.Performed.class)).singleElement().satisfies(performed -> {
            assertThat(performed.remediation()).isEqualTo("stop-1");
            assertThat(performed.pidBefore()).isNotZero();
        });
        assertThat(hosts.changes().getLast()).startsWith("stop ");
        OperationState last = ledger.last(OperationState.class);
        assertThat(last.kind()).isEqualTo("remedy-stop");
        assertThat(last.status()).isEqualTo(OperationState.Status.SUCCEEDED);
        assertThat(last.instance()).isEqualTo(REPLICA);
        assertThat(ledger.events(StopEvent.Failed.class)).isEmpty();
        assertThat(ledger.events(StopEvent.Withheld.class)).isEmpty();
        assertThat(ledger.events(RestartEvent.Performed.class))
                .as("of the start before")
                .hasSize(1);
    }

    @Test
    void aMasterIsStoppedByNoRule() {
        int before = hosts.changes().size();
        new Remedies(desk).take(stop("stop-1", new InstanceId("r1/redis-server")), () -> done++);
        runAll();
        assertThat(hosts.changes()).hasSize(before);
        assertThat(ledger.events(StopEvent.Withheld.class)).containsExactly(new StopEvent.Withheld("stop-1", "master"));
        assertThat(ledger.all(Fact.class))
                .filteredOn(fact -> fact.event() instanceof StopEvent)
                .singleElement()
                .satisfies(fact -> assertThat(fact.about().reason()).contains("switch over first"));
        assertThat(ledger.events(RestartEvent.class)).isEmpty();
    }

    @Test
    void aStopWaitsForNoOtherOperationAndComesNotTooLate() {
        theReplicaIsBack();
        brakes.disarm("too much at once");
        new Remedies(desk).take(stop("stop-1", REPLICA), () -> done++);
        brakes.disarm("");
        new Remedies(desk).take(stop("stop-2", REPLICA), () -> done++);
        operations.removeFirst().run();
        new Remedies(desk).take(stop("stop-3", REPLICA), () -> done++);
        operations.removeLast().run();
        now = now.plus(Duration.ofSeconds(61));
        runAll();
        assertThat(ledger.events(StopEvent.Withheld.class))
                .containsExactly(
                        new StopEvent.Withheld("stop-1", "disarmed"),
                        new StopEvent.Withheld("stop-3", "busy"),
                        new StopEvent.Withheld("stop-2", "late"));
        assertThat(ledger.events(StopEvent.Performed.class)).isEmpty();
        assertThat(begun()).isEmpty();
        assertThat(begun()).isEmpty();
    }

    /** It may take minutes. */
    @Test
    void aStopTakesNoPlaceFromThoseWhoNeedARestart() {
        theReplicaIsBack();
        new Remedies(desk).take(stop("stop-1", REPLICA), () -> done++);
        operations.removeFirst().run();
        assertThat(begun()).isEmpty();
        assertThat(begun()).isEmpty();
        runAll();
        assertThat(ledger.events(StopEvent.Performed.class)).hasSize(1);
        assertThat(begun()).as("and gives none back").isPresent();
    }

    @Test
    void aFaultDuringAStopIsToldAsAStopThatFailed() {
        theReplicaIsBack();
        new Remedies(desk).take(stop("stop-1", REPLICA), () -> done++);
        broken = script -> script.name().equals("stop");
        runAll();
        assertThat(ledger.events(StopEvent.Failed.class))
                .extracting(StopEvent.Failed::remediation)
                .containsExactly("stop-1");
        assertThat(ledger.events(StopEvent.Withheld.class)).isEmpty();
    }

    @Test
    void whatWasStoppedBeforeThisProcessCountsForTheFleetsBrake() {
        theReplicaIsBack();
        new Remedies(desk).take(stop("stop-1", REPLICA), () -> done++);
        runAll();
        brakes = new Brakes(() -> held, 1);
        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).stream()
                .filter(state -> state.kind().equals("remedy-stop"))
                .forEach(next::replayed);
        next.open();
        assertThat(brakes.begin(new OperationId("another"), Map.of(), now))
                .map(Verdict.Withheld::rule)
                .contains("brake");
    }

    private void theReplicaIsBack() {
        new Remedies(desk).take(remediation("up"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);
    }

    @Test
    void aMonitorThatAnotherHasSucceededIsNotHeeded() {
        brakes.heard(cluster().name(), new ClusterUid("of-an-earlier-one"), new Term(9, "monitor-9"));
        brakes.heard(cluster().name(), cluster().uid(), new Term(3, "monitor-1"));
        brakes.heard(cluster().name(), cluster().uid(), new Term(2, "monitor-0"));
        new Remedies(desk).take(remediation("down-1").in(new Term(2, "monitor-0")), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "term"));

        new Remedies(desk).take(remediation("down-2").in(new Term(3, "monitor-1")), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Performed.class)).hasSize(1);

        brakes.gone(cluster().name());
        assertThat(brakes.succeeded(remediation("down-3").in(new Term(1, "monitor-0"))))
                .as("of a cluster that is gone nothing is remembered")
                .isEmpty();
    }
}
