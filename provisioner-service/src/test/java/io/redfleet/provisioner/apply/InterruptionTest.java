package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cuts the way to a cluster at every call to a host, then goes on. */
class InterruptionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private int ids;

    private final ClusterState cluster = Scripted.cluster();

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConvergesAndHarmsNothing(ScriptedHosts.Cut how) {
        int cuts = 0;
        while (true) {
            ScriptedHosts hosts = new ScriptedHosts();
            hosts.cutAt(cuts, how);
            Ending first = run(hosts, new RecordingLedger());
            if (!hosts.wasCut()) {
                break;
            }
            assertThat(first.status()).as("cut %s call %d", how, cuts).isEqualTo(Status.FAILED);
            assertThat(first.reason()).contains("connection was lost");
            hosts.mend();
            assertThat(hosts.holders()).isEmpty();
            assertThat(run(hosts, new RecordingLedger()).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run(hosts, new RecordingLedger()).reason()).isEqualTo("nothing to change");
            assertThat(hosts.harm()).as("cut %s call %d", how, cuts).isEmpty();
            assertThat(hosts.untold()).isEmpty();
            assertThat(hosts.starts()).isEqualTo(6);
            assertThat(hosts.masters()).containsExactly("/base/r1/orders/redis-server");
            cuts++;
        }
        System.out.printf(
                "cut %s: at each of %d calls; converged %d, instances started twice 0, other masters 0%n",
                how, cuts, cuts);
        assertThat(cuts).isGreaterThan(30);
    }

    @Test
    void aCutIsInTheJournalWithHostStepAndCauseAndSoIsWhatWasDone() {
        ScriptedHosts hosts = new ScriptedHosts();
        // Three hosts are surveyed and asked who enters, asked whom they reach, leased, and surveyed again; three steps
        // come through.
        hosts.cutAt(21, ScriptedHosts.Cut.BEFORE);
        RecordingLedger ledger = new RecordingLedger();
        run(hosts, ledger);
        OperationState last = ledger.last(OperationState.class);
        assertThat(last.status()).isEqualTo(Status.FAILED);
        assertThat(last.steps())
                .extracting(StepState::status)
                .contains(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.SKIPPED);
        StepState failed = last.steps().stream()
                .filter(step -> step.status() == StepState.Status.FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(last.reason()).contains(failed.id()).contains(failed.host());
        assertThat(failed.detail()).contains("connection was lost during");
    }

    @Test
    void aNamedMasterThatDiedWhileSentinelCanFailOverIsNotStartedByAnApply() {
        ScriptedHosts hosts = new ScriptedHosts();
        assertThat(run(hosts, new RecordingLedger()).status()).isEqualTo(Status.SUCCEEDED);
        hosts.kill("/base/r1/orders/redis-server");
        Ending ending = run(hosts, new RecordingLedger());
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("race");
        assertThat(hosts.masters()).isEmpty();
    }

    @Test
    void aCancelledRunStopsBetweenStages() {
        ScriptedHosts hosts = new ScriptedHosts();
        RecordingLedger ledger = new RecordingLedger();
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        int[] asked = {0};
        Ending ending = provisioning(hosts).carryOut(cluster, journal, () -> asked[0]++ == 2);
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(hosts.starts()).isZero();
        assertThat(run(hosts, ledger).status()).isEqualTo(Status.SUCCEEDED);
    }

    private Ending run(ScriptedHosts hosts, RecordingLedger ledger) {
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        Ending ending = provisioning(hosts).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** On the calling thread, so that calls have an order. */
    private Provisioning provisioning(ScriptedHosts hosts) {
        Surveyor surveyor = new Surveyor(hosts, Runnable::run, CLOCK, PlainLocksmith.accounts());
        Leases leases = new Leases(hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        return new Provisioning(surveyor, new PlanRun(new Hands(hosts), Runnable::run, CLOCK), leases);
    }
}
