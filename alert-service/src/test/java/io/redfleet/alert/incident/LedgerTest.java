package io.redfleet.alert.incident;

import static io.redfleet.contracts.alert.Severity.CRITICAL;
import static io.redfleet.contracts.alert.Severity.WARNING;
import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static io.redfleet.contracts.health.ReplicationRole.SENTINEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.wire.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";
    private static final String S1 = "r1/redis-sentinel";

    private final Story orders = Story.of("orders");
    private final Fold fold = new Fold();

    @Test
    void aDeathOfTheMasterAndItsFailoverAreOneIncidentUntilTheOldMasterIsBack() {
        fold.take(orders.down(R1, MASTER));
        assertThat(fold.only().incident().cause()).isEqualTo("masterDown");
        assertThat(fold.only().incident().severity()).isEqualTo(CRITICAL);

        fold.take(orders.failoverStarted()).take(orders.switched());
        assertThat(fold.only().incident().severity()).isEqualTo(CRITICAL);

        fold.take(orders.completed());
        assertThat(fold.only().incident().state()).isEqualTo(State.OPEN);
        assertThat(fold.only().incident().severity()).isEqualTo(WARNING);

        Fact back = orders.up(R1);
        fold.take(back);
        assertThat(fold.only().incident().state()).isEqualTo(State.RESOLVED);
        assertThat(fold.only().incident().resolvedAt()).isEqualTo(back.at());
        assertThat(fold.only().incident().events()).hasSize(5);
    }

    @Test
    void itIsOneIncidentToo_whenTheFailoverIsHeardOfFirst() {
        fold.take(orders.failoverStarted()).take(orders.down(R1, MASTER)).take(orders.completed());
        assertThat(fold.only().incident().cause()).isEqualTo("failover");
        assertThat(fold.only().resolved()).isFalse();

        fold.take(orders.up(R1));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void aPlannedFailoverEndsWithItsReport() {
        fold.take(orders.failoverStarted());
        assertThat(fold.only().incident().severity()).isEqualTo(WARNING);

        fold.take(orders.completed());
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void membersThatFallWithTheMasterHangOnItsIncident() {
        fold.take(orders.down(R1, MASTER))
                .take(orders.down(S1, SENTINEL))
                .take(orders.tell(R2, new TopologyEvent.ReplicaBroken("down")));
        assertThat(fold.openCauses()).containsExactly("masterDown");

        fold.take(orders.failoverStarted())
                .take(orders.completed())
                .take(orders.up(R1))
                .take(orders.tell(R2, new TopologyEvent.ReplicaRestored(3000)));
        assertThat(fold.only().resolved()).isFalse();

        fold.take(orders.up(S1));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void anAddressThatIsAnothersTooIsAnIncidentOfItsOwn() {
        Endpoint one = new Endpoint("10.0.0.11", 6379);
        Endpoint two = new Endpoint("10.0.0.12", 6379);
        ClusterName payments = new ClusterName("payments");
        fold.take(orders.tell(null, new TopologyEvent.Conflict(one, payments, List.of(new InstanceId(S1)))))
                .take(orders.tell(null, new TopologyEvent.Conflict(two, payments, List.of())));
        assertThat(fold.openCauses())
                .containsExactlyInAnyOrder("conflict 10.0.0.11:6379 payments", "conflict 10.0.0.12:6379 payments");
        assertThat(fold.all()).extracting(it -> it.incident().severity()).containsOnly(CRITICAL);

        fold.take(orders.tell(null, new TopologyEvent.ConflictEnded(one, payments, 1_000)));
        assertThat(fold.openCauses()).containsExactly("conflict 10.0.0.12:6379 payments");
    }

    @Test
    void aSentinelThatFellJustBeforeItsMasterBecomesPartOfTheMastersIncident() {
        fold.take(orders.down(S1, SENTINEL)).take(orders.down(R1, MASTER));
        assertThat(fold.openCauses()).containsExactly("masterDown");
        assertThat(fold.all()).hasSize(2);
        assertThat(fold.all().getFirst().incident().summary()).startsWith("Part of inc-");

        fold.take(orders.up(R1));
        assertThat(fold.openCauses()).containsExactly("masterDown");
        fold.take(orders.up(S1));
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void aSentinelThatFellLongBeforeStaysItsOwn() {
        fold.take(orders.down(S1, SENTINEL));
        orders.later(60_000);
        fold.take(orders.down(R1, MASTER));
        assertThat(fold.openCauses()).containsExactlyInAnyOrder("instanceDown " + S1, "masterDown");
    }

    @Test
    void aReplicaThatDiesWhileTheOldMasterIsInRepairIsItsOwnIncident() {
        fold.take(orders.down(R1, MASTER)).take(orders.failoverStarted()).take(orders.completed());
        fold.take(orders.down("r3/redis-server", REPLICA));
        assertThat(fold.openCauses()).containsExactly("masterDown", "instanceDown r3/redis-server");
    }

    @Test
    void theDeathOfTheNextMasterMakesTheOpenIncidentCriticalAgain() {
        fold.take(orders.down(R1, MASTER)).take(orders.failoverStarted()).take(orders.completed());
        fold.take(orders.down(R2, MASTER));
        assertThat(fold.only().incident().severity()).isEqualTo(CRITICAL);

        fold.take(orders.up(R2));
        assertThat(fold.only().incident().severity()).isEqualTo(WARNING);
    }

    @Test
    void aReplicaDownIsItsOwnIncidentAndResolvesWithItsReturn() {
        fold.take(orders.down(R2, REPLICA));
        assertThat(fold.openCauses()).containsExactly("instanceDown " + R2);

        fold.take(orders.tell(R2, new WatchEvent.CheckFailed("failed port 6379", 1, 1)))
                .take(orders.tell(R2, new WatchEvent.RestartRequested("rem-1", 1)));
        assertThat(fold.only().incident().events()).hasSize(3);

        fold.take(orders.up(R2));
        assertThat(fold.only().resolved()).isFalse();
        fold.take(orders.tell(R2, new WatchEvent.CheckSucceeded("failed port 6379")));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void theSilenceOfAMonitIsOneIncidentUntilItReportsAgain() {
        String silent = "r1 monit: no report for 3 minutes";
        fold.take(orders.tell(null, new WatchEvent.CheckFailed(silent, 1, 1)));
        assertThat(fold.openCauses()).containsExactly("checkFailed " + silent);
        assertThat(fold.only().incident().severity()).isEqualTo(WARNING);

        fold.take(orders.tell(null, new WatchEvent.CheckSucceeded(silent)));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void aHostThatIsGoneExplainsTheSilenceOfItsMonit() {
        fold.take(orders.tell(null, new HostEvent.Unreachable("r1")))
                .take(orders.tell(null, new WatchEvent.CheckFailed("r1 monit: no report for 3 minutes", 1, 1)))
                .take(orders.tell(null, new WatchEvent.CheckFailed("r2 monit: no report for 3 minutes", 1, 1)));
        assertThat(fold.openCauses())
                .containsExactly("hostUnreachable r1", "checkFailed r2 monit: no report for 3 minutes");
    }

    @Test
    void aMonitThatIsStoppedIsNoIncident() {
        fold.take(orders.tell(null, new WatchEvent.MonitStopped("r1")))
                .take(orders.tell(null, new WatchEvent.MonitStarted("r1")));
        assertThat(fold.all()).isEmpty();
    }

    @Test
    void aHungReplicaThatThenFallsIsStillOneIncident() {
        fold.take(orders.tell(R2, new InstanceEvent.Hung(REPLICA, "run-1", 3000)))
                .take(orders.down(R2, ReplicationRole.UNKNOWN))
                .take(orders.up(R2));
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void aHostThatIsGoneInhibitsItsInstances_andTakesInThoseThatFellJustBefore() {
        fold.take(orders.down(S1, SENTINEL))
                .take(orders.tell(null, new HostEvent.Unreachable("r1")))
                .take(orders.down(R1, REPLICA));
        assertThat(fold.openCauses()).containsExactly("hostUnreachable r1");

        fold.take(orders.down("r2/redis-sentinel", SENTINEL));
        assertThat(fold.openCauses()).containsExactly("hostUnreachable r1", "instanceDown r2/redis-sentinel");
    }

    @Test
    void aHostOfTheLostMasterIsPartOfTheMastersIncident_whicheverIsHeardFirst() {
        fold.take(orders.tell(null, new HostEvent.Unreachable("r1"))).take(orders.down(R1, MASTER));
        assertThat(fold.openCauses()).containsExactly("masterDown");

        Fold other = new Fold();
        other.take(orders.down(R1, MASTER)).take(orders.tell(null, new HostEvent.Unreachable("r1")));
        assertThat(other.openCauses()).containsExactly("masterDown");
    }

    @Test
    void theRestartLimitIsLoudAndOnlyWatchingAgainEndsIt() {
        fold.take(orders.down(R2, REPLICA))
                .take(orders.tell(R2, new WatchEvent.LimitReached(5, 5)))
                .take(orders.tell(R2, new WatchEvent.MonitoringStopped(true)))
                .take(orders.up(R2));
        assertThat(fold.openCauses()).containsExactly("restartLimit " + R2);
        assertThat(fold.open().getFirst().incident().severity()).isEqualTo(CRITICAL);

        fold.take(orders.tell(null, new WatchEvent.MonitoringStarted()));
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void aCheckThatNobodyJudgesAnyMoreHoldsNoIncidentOpen() {
        fold.take(orders.down(R1, MASTER))
                .take(orders.tell(R1, new WatchEvent.CheckFailed("connection", 1, 1)))
                .take(orders.failoverStarted())
                .take(orders.completed())
                .take(orders.tell(R1, new WatchEvent.LimitReached(5, 5)))
                .take(orders.tell(R1, new WatchEvent.MonitoringStopped(true)))
                .take(orders.tell(R1, new WatchEvent.MonitoringStarted()))
                .take(orders.up(R1));
        assertThat(fold.all()).hasSize(2);
        assertThat(fold.open()).isEmpty();
    }

    @Test
    void theRestartThatBroughtItBackIsPartOfTheStory() {
        fold.take(orders.down(R2, REPLICA));
        Fact performed = orders.tell(R2, new RestartEvent.Performed("rem-1", 0, 4711, 300));
        fold.take(performed);
        assertThat(fold.only().incident().events()).hasSize(2).endsWith(performed.id());
        assertThat(fold.only().resolved()).isFalse();
    }

    @Test
    void aRestartThatFailedIsMendedByOneThatWorks() {
        fold.take(orders.tell(R2, new RestartEvent.Failed("rem-1", "port taken")))
                .take(orders.tell(R2, new RestartEvent.Performed("rem-2", 0, 4711, 300)));
        assertThat(fold.only().incident().cause()).isEqualTo("restartFailed " + R2);
        assertThat(fold.only().resolved()).isTrue();
    }

    @Test
    void whatAnOperationHasStoppedIsNoIncident() {
        Fact down = orders.down(R2, REPLICA);
        About about = down.about();
        var byOperation = new About(about.cluster(), about.uid(), about.instance(), about.reason(), "op-1", null);
        fold.take(new Fact(down.id(), down.at(), byOperation, down.event()));
        assertThat(fold.all()).isEmpty();
    }

    @Test
    void anAbortedFailoverLeavesTheMasterLost() {
        fold.take(orders.down(R1, MASTER))
                .take(orders.failoverStarted())
                .take(orders.tell(null, new FailoverEvent.Aborted(1, "no good replica")));
        assertThat(fold.only().incident().severity()).isEqualTo(CRITICAL);
        assertThat(fold.only().resolved()).isFalse();
    }

    @Test
    void whatBelongsToNoOpenStoryIsIgnoredWithAReason() {
        fold.take(orders.up(R2));
        assertThat(fold.last()).containsExactly(new Change.Ignored("nothing open waits for it"));

        fold.take(orders.tell(R2, new RestartEvent.Withheld("rem-1", "loading")));
        assertThat(fold.last()).containsExactly(new Change.Ignored("no open incident tells this story"));
    }

    @Test
    void anotherFaultOfTheSameCauseAfterwardsIsAnotherIncident() {
        fold.take(orders.down(R2, REPLICA)).take(orders.up(R2)).take(orders.down(R2, REPLICA));
        assertThat(fold.all()).hasSize(2);
        assertThat(fold.openCauses()).containsExactly("instanceDown " + R2);
    }

    @Test
    void theSameEventMakesTheSameIdAgain() {
        Fact fact = orders.down(R2, REPLICA);
        assertThat(new Fold().take(fact).only().id())
                .isEqualTo(new Fold().take(fact).only().id());
    }

    @Test
    void anAcknowledgedIncidentStaysAcknowledgedUntilItResolves() {
        fold.take(orders.down(R2, REPLICA));
        var ann = new Actor("ann", "t1");
        var change = Ledger.acknowledge(fold.only(), ann, orders.now());
        assertThat(change).isInstanceOfSatisfying(Change.Acknowledged.class, it -> fold.put(it.now()));
        assertThat(Ledger.acknowledge(fold.only(), ann, orders.now())).isInstanceOf(Change.Ignored.class);

        fold.take(orders.tell(R2, new WatchEvent.CheckFailed("failed port 6379", 1, 1)));
        assertThat(fold.only().incident().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(fold.only().incident().acknowledgedBy()).isEqualTo(ann);

        fold.take(orders.up(R2)).take(orders.tell(R2, new WatchEvent.CheckSucceeded("failed port 6379")));
        assertThat(Ledger.acknowledge(fold.only(), ann, orders.now())).isInstanceOf(Change.Ignored.class);
    }

    @Test
    void aRebuiltLedgerLearnsOfAnAcknowledgementFromOurOwnEvent() {
        fold.take(orders.down(R2, REPLICA));
        Fact said = orders.tell(null, new AlertEvent.Acknowledged(fold.only().id()));
        About about = said.about();
        var ann = new Actor("ann", "t1");
        var byAnn = new About(about.cluster(), about.uid(), null, about.reason(), "", ann);
        fold.take(new Fact(said.id(), said.at(), byAnn, said.event()));
        assertThat(fold.only().incident().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(fold.only().incident().acknowledgedBy()).isEqualTo(ann);
    }

    @Test
    void ofALongStoryTheNewestEventsAreKept() {
        fold.take(orders.down(R2, REPLICA));
        Fact last = orders.down(R2, REPLICA);
        for (int i = 0; i < Case.EVENTS_MAX; i++) {
            last = orders.tell(R2, new WatchEvent.RestartRequested("rem-" + i, 1));
            fold.take(last);
        }
        assertThat(fold.only().incident().events()).hasSize(Case.EVENTS_MAX).endsWith(last.id());
    }

    @Test
    void ourOwnEventsOpenNothing() {
        fold.take(orders.tell(
                null,
                new AlertEvent.Sent(
                        CaseId.of(orders.uid(), new Trouble(TroubleKind.TILT, ""), "e"), "pager", 1, null)));
        assertThat(fold.all()).isEmpty();
    }
}
