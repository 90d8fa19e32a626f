package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.gate.RevisionGate;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a host knows of the revision that was made true there, and what follows from it. */
class RevisionNoteTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final Surveyor surveyor = new Surveyor(hosts, Runnable::run, CLOCK, PlainLocksmith.accounts());
    private int ids;

    @Test
    void aRevisionIsNotedOnceBeforeAnythingElseOfItIsMadeTrue() {
        assertThat(apply(revision(1, "u")).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(provisioning().plan(revision(1, "u")).nothingToDo()).isTrue();
        Plan next = provisioning().plan(revision(2, "u"));
        assertThat(next.steps()).extracting(Step::id).containsExactlyElementsOf(notes());
        assertThat(next.steps().getFirst().diff()).containsExactly("- revision 1", "+ revision 2");
        assertThat(apply(revision(2, "u")).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aSpecThatIsOlderThanTheHostsIsRefusedWithBothRevisionsAndTheWayOutAndTouchesNothing() {
        apply(revision(1, "u"));
        apply(revision(2, "u"));
        int starts = hosts.starts();
        Ending refused = apply(revision(1, "u"));
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("carries revision 2", "is revision 1", "metadata.acceptRevision: 2");
        assertThat(hosts.starts()).isEqualTo(starts);
        ClusterState older = revision(1, "u");
        assertThat(RevisionGate.judge(older, surveyor.survey(older))).isPresent();
        assertThat(Decommission.plan(older, surveyor.survey(older), false).obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason()).contains("carries revision 2"));
        assertThat(apply(revision(3, "u")).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aRevisionThatWasMadeTrueByHalfIsNewerAsWell() {
        apply(revision(1, "u"));
        // Three surveys and looks at users, three leases, as many under them, and one note come through.
        hosts.cutAt(16, ScriptedHosts.Cut.BEFORE);
        assertThat(apply(revision(2, "u")).status()).isEqualTo(Status.FAILED);
        hosts.mend();
        assertThat(apply(revision(1, "u")).reason()).contains("carries revision 2");
    }

    @Test
    void aNoteOfAnotherClusterSaysNothing() {
        apply(revision(7, "u"));
        ClusterState other = revision(1, "another");
        assertThat(RevisionGate.judge(other, surveyor.survey(other))).isEmpty();
    }

    private static List<String> notes() {
        return IntStream.rangeClosed(1, 3)
                .boxed()
                .flatMap(i -> List.of("redis-server", "redis-sentinel").stream()
                        .map(name -> new InstanceId("r" + i + "/" + name) + "/revision"))
                .toList();
    }

    private Provisioning provisioning() {
        Leases leases = new Leases(hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        return new Provisioning(surveyor, new PlanRun(new Hands(hosts), Runnable::run, CLOCK), leases);
    }

    private Ending apply(ClusterState cluster) {
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
        return provisioning().carryOut(cluster, journal, () -> false);
    }

    private static ClusterState revision(long revision, String uid) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(uid), revision, Phase.ACCEPTED, "", Instant.EPOCH, spec());
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        return ((SpecReader.Good)
                        SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts))))
                .spec();
    }
}
