package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Looks;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent.DriftCleared;
import io.redfleet.contracts.event.OperationEvent.DriftFound;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.RecordingLedger.Death;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import io.redfleet.provisioner.drift.Rhythm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told of clusters on which nobody works. Clocks are compared with hosts' that stand: no test takes half a minute. */
class DriftsTest extends DeskGround {
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";

    private int calls;

    @BeforeEach
    void aClusterThatStandsAndHasBeenMet() {
        accepted(apply("a"));
        runAll();
        rounds.rhythm = Optional.of(new Rhythm(Duration.ofSeconds(2)));
        onCall = () -> calls++;
        new Drifts(desk).open();
        look();
        assertThat(calls).as("it is met, and its turn is still to come").isZero();
    }

    @Test
    void nothingIsToldOfAClusterThatIsAsItShouldBeAndOnlyItsFirstLookIsNoted() {
        int records = ledger.all(Object.class).size();
        Instant first = now.plusSeconds(2);
        look(3);
        assertThat(calls)
                .as("three looks at three hosts, and at who may enter there")
                .isEqualTo(18);
        assertThat(ledger.all(Object.class)).hasSize(records + 1);
        assertThat(looks()).isEqualTo(new Looks(Looks.Seen.SAME, "", first, Duration.ofSeconds(2)));
        assertThat(cluster().drift()).isNull();
    }

    @Test
    void whatLooksShowIsNotedWhenItBecomesSomethingElse() {
        look();
        hosts.cutAt(0, Cut.BEFORE);
        look(2);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.BLIND);
        assertThat(looks().why()).isNotEmpty();
        hosts.reach();
        hosts.kill(R3);
        look();
        assertThat(looks().seen()).as("before it is told").isEqualTo(Looks.Seen.DIFFERS);
        assertThat(cluster().drift()).isNull();
        look();
        assertThat(drift().told()).isTrue();
        assertThat(looks().seen()).isEqualTo(Looks.Seen.DIFFERS);

        accepted(apply("a"));
        assertThat(cluster().looks()).as("of before the operation").isNull();
        runAll();
        look();
        assertThat(looks().seen()).isEqualTo(Looks.Seen.SAME);
        assertThat(drift().stands()).isFalse();
    }

    @Test
    void whatWasSeenIsForgottenWhereNobodyLooksAnyMore() {
        look();
        assertThat(looks().seen()).isEqualTo(Looks.Seen.SAME);
        int records = ledger.all(Object.class).size();
        rounds.rhythm = Optional.empty();
        new Drifts(desk).open();
        assertThat(cluster().looks()).isNull();
        new Drifts(desk).open();
        assertThat(ledger.all(Object.class)).as("once").hasSize(records + 1);
    }

    @Test
    void aDifferenceIsToldOnceWhenItIsThereAtTwoLooksAndNothingIsChanged() {
        List<String> changes = hosts.changes();
        hosts.kill(R3);
        look();
        assertThat(found()).as("it may be gone in a moment").isEmpty();
        look();
        look(3);
        assertThat(found()).singleElement().satisfies(event -> {
            assertThat(event.plan()).isEqualTo(drift().plan()).matches("[0-9a-f]{16}");
            assertThat(event.revision()).isEqualTo(1);
            assertThat(event.starts()).isEqualTo(1);
            assertThat(event.live()).isZero();
            assertThat(event.changes()).isEqualTo(2);
            assertThat(event.first()).anyMatch(title -> title.startsWith("start r3/redis-server"));
        });
        assertThat(drift().told()).isTrue();
        assertThat(hosts.changes()).isEqualTo(changes);
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void anotherDifferenceIsToldUnderAnotherId() {
        hosts.kill(R3);
        look(2);
        hosts.kill(R2);
        look(4);
        assertThat(ids(ledger)).hasSize(2).doesNotHaveDuplicates();
        assertThat(found()).extracting(DriftFound::starts).containsExactly(1, 2);
        assertThat(drift().number()).isEqualTo(2);
    }

    /** Nobody knows then whether they are as they should be. */
    @Test
    void whileUsersAreNotComparedNoDifferenceHasEnded() {
        hosts.user(R2, "application", "off");
        look(2);
        assertThat(found())
                .singleElement()
                .satisfies(event -> assertThat(event.first()).anyMatch(title -> title.startsWith("set [application]")));
        hosts.closed("r2", true);
        look(3);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.BLIND);
        assertThat(looks().why()).contains("its users were not compared");
        assertThat(ledger.events(DriftCleared.class)).isEmpty();
        hosts.closed("r2", false);
        accepted(apply("a"));
        runAll();
        look(3);
        assertThat(ledger.events(DriftCleared.class)).hasSize(1);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.SAME);
    }

    @Test
    void itsEndIsToldOnceAndTheSameDifferenceIsANewOneAfterwards() {
        hosts.kill(R3);
        look(2);
        accepted(apply("a"));
        runAll();
        look(3);
        assertThat(ledger.events(DriftCleared.class))
                .singleElement()
                .satisfies(event -> assertThat(event.lastedMillis()).isPositive());
        assertThat(drift().stands()).isFalse();

        hosts.kill(R3);
        look(2);
        assertThat(ids(ledger)).hasSize(2).doesNotHaveDuplicates();
        assertThat(found().getFirst().plan()).isEqualTo(found().getLast().plan());
    }

    @Test
    void anotherOwnerRepeatsNothingAndForgetsNothing() {
        hosts.kill(R3);
        look(2);
        Desk next = takenOver(ledger, ledger);
        look(3);
        assertThat(found()).hasSize(1);

        orders = new Orders(next);
        accepted(apply("a"));
        runAll();
        look();
        assertThat(ledger.events(DriftCleared.class)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void whereverItsOwnerDiesADifferenceIsToldUnderOneIdAndSoIsItsEnd(Death how) {
        int deaths = 0;
        while (dies(deaths, how)) {
            deaths++;
        }
        assertThat(deaths).as("what is to be told, the event, that it was told").isEqualTo(3);
    }

    private static boolean dies(int write, Death how) {
        DriftsTest fresh = new DriftsTest();
        fresh.aClusterThatStandsAndHasBeenMet();
        fresh.hosts.kill(R3);
        fresh.look();
        fresh.ledger.dieAt(write, how);
        fresh.look();
        if (!fresh.ledger.lost()) {
            return false;
        }
        RecordingLedger next = new RecordingLedger();
        Desk desk = fresh.takenOver(fresh.ledger, next);
        fresh.look(3);
        List<String> told =
                Stream.concat(ids(fresh.ledger).stream(), ids(next).stream()).toList();
        assertThat(told).isNotEmpty();
        assertThat(told.stream().distinct()).as("dead at write %d", write).hasSize(1);

        new Orders(desk).take(fresh.order(fresh.apply("a")), () -> {});
        fresh.runAll();
        fresh.look();
        assertThat(next.events(DriftCleared.class)).hasSize(1);
        return true;
    }

    @Test
    void nobodyLooksWhileAnOperationWaitsOrWorks() {
        hosts.kill(R3);
        look();
        accepted(apply("b"));
        int before = calls;
        look(2);
        assertThat(calls).isEqualTo(before);
        runAll();
        int worked = calls;
        look(3);
        assertThat(calls).isGreaterThan(worked);
        assertThat(found()).isEmpty();
    }

    @Test
    void aLookDuringWhichAnOrderCameSaysNothing() {
        hosts.kill(R3);
        look();
        onCall = () -> {
            onCall = () -> {};
            accepted(apply("b"));
        };
        look();
        assertThat(found()).isEmpty();
    }

    @Test
    void aLookDuringWhichAnInstanceWasStartedSaysNothing() {
        hosts.kill(R2);
        look();
        int[] left = {2};
        onCall = () -> {
            if (left[0]-- == 0) {
                // The dead one has been seen by now.
                onCall = () -> {};
                asked(new Request.Run(new InstanceId("r2/redis-server"), Request.Verb.START, ""));
                runAll();
            }
        };
        look();
        assertThat(left[0]).isNegative();
        assertThat(hosts.starts()).isEqualTo(7);
        look(2);
        assertThat(found()).isEmpty();
    }

    @Test
    void aHostThatIsNotReachedIsNoDriftAndNoEndOfOne() {
        hosts.cutAt(0, Cut.BEFORE);
        look(3);
        assertThat(found()).isEmpty();

        hosts.reach();
        hosts.kill(R3);
        look(2);
        assertThat(found()).hasSize(1);
        hosts.cutAt(0, Cut.BEFORE);
        look(2);
        hosts.reach();
        look(2);
        assertThat(found()).hasSize(1);
        assertThat(ledger.events(DriftCleared.class)).isEmpty();
    }

    @Test
    void afterAnApplyThatFailedItIsToldOnceThatTheHostsDifferAndWhenItFailed() {
        hosts.kill(R3);
        fails();
        Instant failed = cluster().since();
        look(6);
        assertThat(found()).singleElement().satisfies(event -> {
            assertThat(event.revision()).isEqualTo(2);
            assertThat(event.starts()).isEqualTo(1);
        });
        assertThat(reasons())
                .singleElement()
                .asString()
                .startsWith("the hosts differ from revision 2")
                .contains("; its last apply did not succeed, at " + failed);
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.DIFFERS);

        fails();
        look(4);
        assertThat(found()).as("the same difference, whatever failed again").hasSize(1);

        accepted(apply("b"));
        runAll();
        look();
        assertThat(ledger.events(DriftCleared.class)).hasSize(1);
    }

    @Test
    void whatWasToldBeforeAnApplyThatFailedIsNotToldAgain() {
        hosts.kill(R3);
        look(2);
        assertThat(found()).hasSize(1);
        broken = script -> true;
        accepted(apply("a"));
        runAll();
        broken = script -> false;
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        look(4);
        assertThat(found()).hasSize(1);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.DIFFERS);
    }

    @Test
    void whatARevisionThatFailsHasLeftIsToldOnce() {
        hosts.kill(R3);
        look(2);
        String plan = drift().plan();
        assertThat(found()).hasSize(1);
        fails();
        assertThat(cluster().revision()).isEqualTo(2);
        look(4);
        assertThat(found()).as("the hosts lack the revision, too").hasSize(2);
        assertThat(found().getLast().plan()).isNotEqualTo(plan);
        assertThat(found().getLast().revision()).isEqualTo(2);
        look(4);
        assertThat(found()).as("told once").hasSize(2);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.DIFFERS);

        hosts.kill(R2);
        look(2);
        assertThat(found()).as("another difference").hasSize(3);
    }

    @Test
    void aClusterWhoseRemovalFailedIsNotLookedAt() {
        broken = script -> true;
        accepted(new Request.Delete("orders", true));
        runAll();
        broken = script -> false;
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().compared()).isFalse();
        int before = calls;
        look(2);
        assertThat(calls).isEqualTo(before);
    }

    /** Of another revision than stands. */
    private void fails() {
        broken = script -> true;
        accepted(apply("b"));
        runAll();
        broken = script -> false;
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
    }

    private List<String> reasons() {
        return ledger.all(Fact.class).stream()
                .filter(fact -> fact.event() instanceof DriftFound)
                .map(fact -> fact.about().reason())
                .toList();
    }

    @Test
    void aFaultInALookIsWrittenDownAndTheNextLookIsMade() {
        broken = script -> true;
        assertThat(look()).isTrue();
        assertThat(faults).hasSize(1);
        assertThat(looks().seen()).isEqualTo(Looks.Seen.BLIND);
        broken = script -> false;
        hosts.kill(R3);
        look(2);
        assertThat(found()).hasSize(1);
    }

    @Test
    void aDeskThatIsClosedLooksNoMore() {
        desk.close();
        assertThat(look()).isFalse();
        assertThat(calls).isZero();
    }

    @Test
    void turnedOffNobodyLooks() {
        SteppedRounds before = rounds;
        before.rhythm = Optional.empty();
        before.begin(() -> false);
        new Drifts(desk).open();
        assertThat(look()).isFalse();
    }

    private boolean look() {
        now = now.plusSeconds(2);
        return rounds.take();
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(look()).isTrue();
        }
    }

    /** Another owner, who knows what lies on the one ledger and writes to the other. */
    private Desk takenOver(RecordingLedger from, RecordingLedger to) {
        Desk next = desk(to);
        next.replayed(from.last(ClusterState.class));
        from.all(OperationState.class).forEach(next::replayed);
        next.open();
        new Drifts(next).open();
        return next;
    }

    private List<DriftFound> found() {
        return ledger.events(DriftFound.class);
    }

    private Looks looks() {
        return Objects.requireNonNull(cluster().looks());
    }

    private Drift drift() {
        return Objects.requireNonNull(cluster().drift());
    }

    private static List<String> ids(RecordingLedger ledger) {
        return ledger.all(Fact.class).stream()
                .filter(fact -> fact.event() instanceof DriftFound)
                .map(fact -> fact.id())
                .toList();
    }
}
