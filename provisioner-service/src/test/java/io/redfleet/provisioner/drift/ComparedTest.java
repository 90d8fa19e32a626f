package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.plan.Plans;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose hosts are to be as the spec says, by phase, reason and the revision that was applied last; the standing one is 3. */
class ComparedTest {
    @ParameterizedTest(name = "{0}, \"{1}\", applied {2}: {3}")
    @CsvSource({
        "READY, as the spec wants it, 3, true",
        "READY, as the spec wants it, 2, false",
        "READY, of an earlier release, , true",
        "FAILED, preflight: no room, 3, true",
        "FAILED, preflight: no room, 2, true",
        "FAILED, of an earlier release, , true",
        "FAILED, a first one that never stood, 0, false",
        "FAILED, 'removal: r1: no route', 3, false",
        "ACCEPTED, '', 3, false",
        "PROVISIONING, operation op-1 runs, 3, false",
        "REMOVING, operation op-1 runs, 3, false",
    })
    void is(Phase phase, String reason, @Nullable Long applied, boolean compared) {
        assertThat(cluster(phase, reason, applied).compared()).isEqualTo(compared);
    }

    private static ClusterState cluster(Phase phase, String reason, @Nullable Long applied) {
        ClusterState like = Plans.cluster("u1", 3, 3);
        return new ClusterState(
                like.schema(), like.uid(), like.revision(), phase, reason, like.since(), like.spec(), applied);
    }
}
