package io.redfleet.alert.incident;

import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.event.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing stays open on an instance that is well. */
class MendingTest {
    private static final String R2 = "r2/redis-server";
    private static final String R3 = "r3/redis-server";
    private static final String PROGRAM = "/etc/redfleet/exec.d/page";

    private final Story orders = Story.of("orders");
    private final Fold fold = new Fold();

    @Test
    void aHungInstanceThatThawsAfterAFailedRemedyIsMended() {
        fold.take(orders.tell(R2, new InstanceEvent.Hung(REPLICA, "run-1", 3000)))
                .take(orders.tell(R2, restartFailed("rem-1")))
                .take(orders.tell(null, failed("remedy")));
        assertThat(fold.openCauses()).containsExactly("instanceDown " + R2);

        fold.take(orders.tell(R2, new InstanceEvent.Responding("run-1", 9000)));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void anInstanceThatHasLoadedAfterAFailedRemedyIsMended() {
        fold.take(orders.tell(R2, restartFailed("rem-1"))).take(orders.tell(R2, new InstanceEvent.Ready(9000)));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void aFailedRestartOfALivingInstanceIsOneIncidentThatItsNextGoodCheckMends() {
        fold.take(orders.tell(R2, restartFailed(""))).take(orders.tell(null, failed("restart")));
        assertThat(fold.openCauses()).containsExactly("restartFailed " + R2);

        fold.take(orders.tell(R3, new WatchEvent.CheckSucceeded("connection")));
        assertThat(fold.only().resolved()).isFalse();
        fold.take(orders.tell(R2, new WatchEvent.CheckSucceeded("connection")));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void aProvisionThatSucceedsMendsWhateverOperationFailedBefore() {
        fold.take(orders.tell(R2, restartFailed("")))
                .take(orders.tell(null, failed("provision")))
                .take(orders.tell(null, failed("decommission")))
                .take(orders.down(R3, REPLICA));
        assertThat(fold.open()).hasSize(4);

        fold.take(orders.tell(null, succeeded("provision")));
        assertThat(fold.openCauses()).containsExactly("instanceDown " + R3);
    }

    @Test
    void aRestartThatSucceedsSaysNothingOfAProvision() {
        fold.take(orders.tell(null, failed("provision"))).take(orders.tell(null, succeeded("restart")));
        assertThat(fold.openCauses()).containsExactly("operationFailed provision");
    }

    @Test
    void watchingAgainMendsAFailedRestart() {
        fold.take(orders.tell(R2, restartFailed(""))).take(orders.tell(R2, new WatchEvent.MonitoringStarted()));
        assertThat(fold.only().resolved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart", "remedy", "remedy-stop", "remedy-exec"})
    void anOperationOnAnUnnamedInstanceIsNoIncident(String kind) {
        fold.take(orders.tell(null, failed(kind)));
        assertThat(fold.all()).isEmpty();
    }

    /** As one that was cancelled, and as one that a host refused because another cluster's operation holds it. */
    @ParameterizedTest
    @ValueSource(strings = {"provision", "decommission", "roll", "stop", "restart"})
    void anOperationThatWasTurnedAwayIsNoIncidentAndMendsNone(String kind) {
        fold.take(orders.tell(null, failed("provision")));
        fold.take(orders.tell(null, new OperationEvent.Cancelled(kind)));
        assertThat(fold.openCauses()).containsExactly("operationFailed provision");
    }

    @Test
    void aRemedyThatWasWithheldIsNoIncident() {
        fold.take(orders.tell(R2, new RestartEvent.Withheld("rem-1", "loading")))
                .take(orders.tell(R2, failed("remedy")));
        assertThat(fold.all()).isEmpty();
    }

    @Test
    void aStopThatARuleAskedForAndTheGateRefusedIsNoIncident() {
        fold.take(orders.tell(R2, new WatchEvent.StopRequested("stop-1")))
                .take(orders.tell(R2, new StopEvent.Withheld("stop-1", "master")))
                .take(orders.tell(R2, failed("remedy-stop")));
        assertThat(fold.all()).isEmpty();
    }

    @Test
    void whatARuleHasStoppedIsAnIncidentUntilSomebodyWatchesItAgain() {
        fold.take(orders.tell(R2, new WatchEvent.CheckFailed("memory > 1 GB", 1, 1)))
                .take(orders.tell(R2, new WatchEvent.StopRequested("stop-1")))
                .take(orders.tell(R2, new StopEvent.Performed("stop-1", 4711, 900)))
                .take(orders.tell(R2, succeeded("remedy-stop")))
                .take(orders.tell(R2, new WatchEvent.MonitoringStopped(false)));
        assertThat(fold.openCauses()).containsExactly("stoppedByRule " + R2);

        fold.take(orders.tell(R3, new WatchEvent.MonitoringStarted()))
                .take(orders.tell(R2, new RestartEvent.Performed("", 0, 4712, 900)));
        assertThat(fold.openCauses()).as("it runs, and nobody looks").containsExactly("stoppedByRule " + R2);
        fold.take(orders.tell(R2, new WatchEvent.MonitoringStarted()));
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void aRulesStopThatFailedIsMendedByTheNextOneAndByTheRuleThatHoldsNoMore() {
        fold.take(orders.tell(R2, new StopEvent.Failed("stop-1", "it did not end")))
                .take(orders.tell(R2, failed("remedy-stop")));
        assertThat(fold.openCauses()).containsExactly("operationFailed " + R2 + " stop");
        fold.take(orders.tell(R2, new WatchEvent.CheckSucceeded("memory > 1 GB")));
        assertThat(fold.open()).isEmpty();

        fold.take(orders.tell(R3, new StopEvent.Failed("stop-2", "it did not end")))
                .take(orders.tell(R3, new StopEvent.Performed("stop-3", 4711, 900)))
                .take(orders.tell(R3, succeeded("remedy-stop")));
        assertThat(fold.openCauses()).containsExactly("stoppedByRule " + R3);
    }

    @Test
    void aProgramThatFailedIsAnIncidentUntilOneSucceedsOrItsRuleHoldsNoMore() {
        fold.take(orders.tell(R2, new WatchEvent.ExecRequested("exec-1", PROGRAM)))
                .take(orders.tell(R2, new ExecEvent.Withheld("exec-1", "busy")))
                .take(orders.tell(R2, failed("remedy-exec")));
        assertThat(fold.all()).isEmpty();

        fold.take(orders.tell(R2, new ExecEvent.Failed("exec-2", PROGRAM, 3, "no route", "it ended with status 3")))
                .take(orders.tell(R2, failed("remedy-exec")));
        assertThat(fold.openCauses()).containsExactly("operationFailed " + R2 + " exec");
        fold.take(orders.tell(R2, new WatchEvent.CheckSucceeded("memory > 1 GB")));
        assertThat(fold.open()).isEmpty();

        fold.take(orders.tell(R3, new ExecEvent.Failed("exec-3", PROGRAM, -1, "", "it was killed")))
                .take(orders.tell(R3, new ExecEvent.Performed("exec-4", PROGRAM, "paged", 20)))
                .take(orders.tell(R3, succeeded("remedy-exec")));
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void aProgramThatRanMendsNothingElseOfItsInstance() {
        fold.take(orders.tell(R2, restartFailed("")))
                .take(orders.tell(R2, new ExecEvent.Performed("exec-1", PROGRAM, "", 20)))
                .take(orders.tell(R2, succeeded("remedy-exec")));
        assertThat(fold.openCauses()).containsExactly("restartFailed " + R2);
    }

    @Test
    void aFailedStopIsItsInstancesAloneAndALaterSuccessThereMendsIt() {
        fold.take(orders.tell(R2, failed("stop"))).take(orders.tell(R3, failed("stop")));
        assertThat(fold.openCauses())
                .containsExactlyInAnyOrder("operationFailed " + R2 + " stop", "operationFailed " + R3 + " stop");

        fold.take(orders.tell(R2, succeeded("stop")));
        assertThat(fold.openCauses()).containsExactly("operationFailed " + R3 + " stop");
        fold.take(orders.tell(R3, new WatchEvent.CheckSucceeded("connection")));
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void aSuccessOnTheInstanceMendsItsFailedRestart() {
        fold.take(orders.tell(R2, restartFailed("")))
                .take(orders.tell(R3, restartFailed("")))
                .take(orders.tell(R2, succeeded("stop")));
        assertThat(fold.openCauses()).containsExactly("restartFailed " + R3);
    }

    /** A monitor that was ended in a tilt tells its end after the next start, whether one is open or not. */
    @Test
    void theEndOfATiltMendsItHoweverItEnded_andWithoutATiltItIsHarmless() {
        Story fleet = Story.of("_fleet");
        fold.take(fleet.tell(null, new FleetEvent.TiltEntered("the clock went back")))
                .take(fleet.tell(null, new FleetEvent.TiltLeft(0)));
        assertThat(fold.only().resolved()).isTrue();

        fold.take(fleet.tell(null, new FleetEvent.TiltLeft(0)));
        assertThat(fold.last()).containsExactly(new Change.Ignored("nothing open waits for it"));
    }

    @Test
    void eachLabelThatIsDisarmedIsAnIncidentThatItsOwnRearmingEnds() {
        Story fleet = Story.of("_fleet");
        Label checkout = new Label("team=checkout");
        Label slashed = new Label("redfleet.io/tier=a/b");
        fold.take(fleet.tell(null, new FleetEvent.Disarmed(false)))
                .take(fleet.tell(null, new FleetEvent.Disarmed(false, checkout)))
                .take(fleet.tell(null, new FleetEvent.Disarmed(false, slashed)));
        assertThat(fold.openCauses())
                .containsExactlyInAnyOrder(
                        "fleetDisarmed", "labelDisarmed team=checkout", "labelDisarmed redfleet.io/tier=a/b");
        assertThat(fold.open()).allMatch(one -> one.incident().severity() == Severity.WARNING);

        fold.take(fleet.tell(null, new FleetEvent.Rearmed()));
        assertThat(fold.openCauses())
                .containsExactlyInAnyOrder("labelDisarmed team=checkout", "labelDisarmed redfleet.io/tier=a/b");
        fold.take(fleet.tell(null, new FleetEvent.Disarmed(true)))
                .take(fleet.tell(null, new FleetEvent.Rearmed(checkout)));
        assertThat(fold.openCauses()).containsExactlyInAnyOrder("fleetDisarmed", "labelDisarmed redfleet.io/tier=a/b");
    }

    @Test
    void driftIsOneIncidentUntilTheHostsAreAsTheSpecSaysAgain() {
        fold.take(orders.tell(null, drift("a", 2)));
        assertThat(fold.only().incident().cause()).isEqualTo("drift");
        assertThat(fold.only().incident().severity()).isEqualTo(Severity.WARNING);

        // It becomes another difference; a provision that succeeds does not say that it is gone, the next look does.
        fold.take(orders.tell(null, drift("b", 1))).take(orders.tell(null, succeeded("provision")));
        assertThat(fold.all()).hasSize(1);
        assertThat(fold.only().resolved()).isFalse();

        fold.take(orders.tell(null, new OperationEvent.DriftCleared(1_000)));
        assertThat(fold.only().resolved()).isTrue();
        fold.take(orders.tell(null, new OperationEvent.DriftCleared(1_000)));
        assertThat(fold.last()).containsExactly(new Change.Ignored("nothing open waits for it"));
    }

    @Test
    void theRemovalOfAClusterEndsAllThatWasOpenOnIt() {
        fold.take(orders.down(R2, REPLICA))
                .take(orders.tell(R3, restartFailed("")))
                .take(orders.tell(null, failed("decommission")))
                .take(orders.tell(null, drift("a", 1)));
        assertThat(fold.open()).hasSize(4);

        fold.take(orders.tell(null, new OperationEvent.Removed(1, spec())));
        assertThat(fold.open()).isEmpty();
    }

    /** A machine that was lost for good is watched by nobody once it is out of the spec: nothing else would end these. */
    @Test
    void whoIsNoMemberAnyMoreHasNoIncidents() {
        fold.take(orders.down(R2, REPLICA))
                .take(orders.tell(null, new HostEvent.Unreachable("r2")))
                .take(orders.tell(null, new WatchEvent.CheckFailed("r2 monit", 3, 3)))
                .take(orders.tell(R3, restartFailed("")))
                .take(orders.tell(null, new HostEvent.Unreachable("provision")))
                .take(orders.tell(null, failed("provision")));
        InstanceId gone = new InstanceId(R2);
        fold.take(orders.tell(null, new OperationEvent.MembersLeft(2, List.of(gone), List.of("r2", "provision"))));
        assertThat(fold.openCauses()).containsExactlyInAnyOrder("restartFailed " + R3, "operationFailed provision");
    }

    private static ClusterSpec spec() {
        return new ClusterSpec(
                new ClusterName("orders"),
                Map.of(),
                new RedisSpec("redis", "7.0", "present", Map.of()),
                new Durability(1, Duration.ofSeconds(10)),
                new SentinelSpec("orders", 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                List.of(),
                new HostName("r1"),
                "process",
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
    }

    private static Event drift(String plan, int changes) {
        return new OperationEvent.DriftFound(plan, 3, changes, 1, 0, 0, List.of("set [maxmemory]"));
    }

    private static Event restartFailed(String remediation) {
        return new RestartEvent.Failed(remediation, "connection refused");
    }

    private static Event failed(String kind) {
        return new OperationEvent.Failed(kind, 800, "connection refused");
    }

    private static Event succeeded(String kind) {
        return new OperationEvent.Succeeded(kind, 800, 1);
    }
}
