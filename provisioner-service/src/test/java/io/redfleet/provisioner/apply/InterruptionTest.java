package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cuts the way to a cluster at every call to a host, then goes on. */
class InterruptionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec());

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
            assertThat(run(hosts, new RecordingLedger()).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run(hosts, new RecordingLedger()).reason()).isEqualTo("nothing to change");
            assertThat(hosts.harm()).as("cut %s call %d", how, cuts).isEmpty();
            assertThat(hosts.starts()).isEqualTo(6);
            assertThat(hosts.masters()).containsExactly("/base/r1/orders/redis-server");
            cuts++;
        }
        assertThat(cuts).isGreaterThan(30);
    }

    @Test
    void aCutIsInTheJournalWithHostStepAndCauseAndSoIsWhatWasDone() {
        ScriptedHosts hosts = new ScriptedHosts();
        hosts.cutAt(12, ScriptedHosts.Cut.BEFORE);
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
        Journal journal = new Journal(ledger, CLOCK, accepted());
        int[] asked = {0};
        Ending ending = provisioning(hosts).carryOut(cluster, journal, () -> asked[0]++ == 2);
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(hosts.starts()).isZero();
        assertThat(run(hosts, ledger).status()).isEqualTo(Status.SUCCEEDED);
    }

    private Ending run(ScriptedHosts hosts, RecordingLedger ledger) {
        Journal journal = new Journal(ledger, CLOCK, accepted());
        Ending ending = provisioning(hosts).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** On the calling thread, so that calls have an order. */
    private static Provisioning provisioning(ScriptedHosts hosts) {
        Surveyor surveyor = new Surveyor(hosts, Runnable::run, CLOCK);
        return new Provisioning(surveyor, new PlanRun(new Hands(hosts), Runnable::run, CLOCK));
    }

    private OperationState accepted() {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("op"),
                cluster.name(),
                cluster.uid(),
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.WAITING,
                "",
                Instant.EPOCH,
                null,
                List.of(),
                Set.of());
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", Map.of())));
        return ((SpecReader.Good) reading).spec();
    }
}
