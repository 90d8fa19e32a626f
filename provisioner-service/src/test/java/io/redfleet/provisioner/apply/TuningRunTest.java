package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.TuningSpec.Profile;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.tuning.TuningPart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster that sets what belongs to its machines, and puts it back. */
class TuningRunTest {
    private static final List<String> ALL_HOSTS = List.of("r1", "r2", "r3");

    private final ClusterState off = Scripted.cluster();
    private final ClusterState on = tuned(new TuningSpec(Profile.RECOMMENDED, Map.of()));
    private final ScriptedHosts hosts = new ScriptedHosts();
    private final RecordingLedger ledger = new RecordingLedger();
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void itComesBeforeAnythingElseOnEveryHostAndASecondRunChangesNothing() {
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.stages().get(0))
                .extracting(Step::id)
                .containsExactly("r1/tuning/sysctl", "r2/tuning/sysctl", "r3/tuning/sysctl");
        assertThat(plan.stages().get(1)).extracting(Step::id).contains("r1/tuning/thp");
        assertThat(plan.stages().get(2)).extracting(Step::id).contains("r1/tuning/limits");
        assertThat(plan.stages().get(3)).extracting(Step::id).contains("r1/redis-server/prepare");

        assertThat(run(hosts, on).status()).isEqualTo(Status.SUCCEEDED);

        for (String host : ALL_HOSTS) {
            assertThat(hosts.machine(host).live())
                    .containsEntry("vm.overcommit_memory", "1")
                    .containsEntry("net.core.somaxconn", "4096")
                    .containsEntry("hugepages", "madvise");
            assertThat(hosts.machine(host).files()).containsOnlyKeys("sysctl", "thp", "limits");
        }
        assertThat(run(hosts, on).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.bySudo())
                .as("what a host's admin is told to allow")
                .isEqualTo(Sudoers.of(on.spec()).runAs());
    }

    @Test
    void whatAMachineHasMoreOfIsNotLoweredAndIsNotInTheFile() {
        hosts.machine("r2").set("net.core.somaxconn", "65535");
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.stages().getFirst().get(1).diff())
                .contains("- vm.swappiness 60", "+ vm.swappiness 1")
                .contains("+ " + TuningPart.SYSCTL.path() + ": vm.swappiness = 1")
                .noneMatch(line -> line.contains("somaxconn") || line.contains("file-max"));
        run(hosts, on);
        assertThat(hosts.machine("r2").live())
                .containsEntry("net.core.somaxconn", "65535")
                .containsEntry("fs.file-max", "9223372036854775807");
        assertThat(run(hosts, on).reason()).isEqualTo("nothing to change");
    }

    @Test
    void aValueThatWasRaisedSinceIsLeftAndOneThatDriftedIsSetAgain() {
        run(hosts, on);
        hosts.machine("r1").set("net.core.somaxconn", "8192");
        assertThat(run(hosts, on).reason()).as("more will do").isEqualTo("nothing to change");

        hosts.machine("r3").set("vm.swappiness", "30");
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r3/tuning/sysctl");
            assertThat(step.diff()).containsExactly("- vm.swappiness 30", "+ vm.swappiness 1");
        });
        assertThat(run(hosts, on).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.machine("r3").live()).containsEntry("vm.swappiness", "1");
    }

    @Test
    void aFileThatAPersonChangedIsWrittenAnew() {
        run(hosts, on);
        hosts.machine("r1").put(TuningPart.LIMITS, "# redfleet-owner: u", "redis soft nofile 1");
        assertThat(work.provisioning(hosts).plan(on).steps())
                .extracting(Step::id)
                .containsExactly("r1/tuning/limits");
        run(hosts, on);
        assertThat(hosts.machine("r1").files().get("limits")).contains("redis soft nofile 65535");
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(attempt(how))).isGreaterThanOrEqualTo(6);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(attempt(how))).isGreaterThanOrEqualTo(6);
    }

    private Cuts.Attempt attempt(ScriptedHosts.Cut how) {
        return ScriptedWork.attempt(how, this::without, fresh -> run(fresh, on), (fresh, cut) -> {
            run(fresh, off);
            assertThat(fresh.machine("r1").live()).as(cut).isEqualTo(new ScriptedMachine().live());
            assertThat(fresh.harm()).as(cut).isEmpty();
        });
    }

    @Test
    void whoWantsItNoMoreHasItPutBack() {
        run(hosts, on);
        Plan plan = work.provisioning(hosts).plan(off);
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly("r1/tuning/restore", "r2/tuning/restore", "r3/tuning/restore");
        assertThat(run(hosts, off).status()).isEqualTo(Status.SUCCEEDED);
        for (String host : ALL_HOSTS) {
            assertThat(hosts.machine(host).live()).isEqualTo(new ScriptedMachine().live());
            assertThat(hosts.machine(host).files()).isEmpty();
        }
        assertThat(run(hosts, off).reason()).isEqualTo("nothing to change");
    }

    @Test
    void whatAProfileSetBeyondTheNextSpecIsPutBackAndTheRestStays() {
        run(hosts, on);
        ClusterState less = tuned(new TuningSpec(Profile.NONE, Map.of("vm.swappiness", "10")));
        assertThat(run(hosts, less).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.machine("r1").live())
                .containsEntry("vm.swappiness", "10")
                .containsEntry("vm.overcommit_memory", "0")
                .containsEntry("hugepages", "always");
        assertThat(hosts.machine("r1").files()).containsOnlyKeys("sysctl");
        assertThat(run(hosts, less).reason()).isEqualTo("nothing to change");
        run(hosts, off);
        assertThat(hosts.machine("r1").live()).containsEntry("vm.swappiness", "60");
    }

    @Test
    void theEndOfAClusterPutsItBackOnceNothingRunsAndBeforeItsDirectoriesGo() {
        run(hosts, on);
        List<String> steps = Decommission.plan(on, work.surveyor(hosts).survey(on), false).steps().stream()
                .map(Step::id)
                .toList();
        assertThat(steps.indexOf("r1/tuning/restore"))
                .isGreaterThan(steps.indexOf("r1/redis-server/stop"))
                .isLessThan(steps.indexOf("r1/redis-server/erase"));
    }

    @Test
    void anothersMachineIsNotTouchedAndItSaysWhose() {
        hosts.machine("r2").own("uid-of-another");
        Ending ending = run(hosts, on);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("r2: tuning: what belongs to the whole machine is set by the cluster of uid uid-of-another");
        assertThat(hosts.changes()).isEmpty();
        assertThat(run(hosts, off).status()).as("nobody needs it").isEqualTo(Status.SUCCEEDED);
        assertThat(Decommission.plan(off, work.surveyor(hosts).survey(off), true)
                        .steps())
                .extracting(Step::id)
                .doesNotContain("r2/tuning/restore");
    }

    @Test
    void aFileThatRedfleetDidNotMakeIsAnObstacle() {
        hosts.machine("r1").put(TuningPart.SYSCTL, "vm.swappiness = 5");
        hosts.machine("r3").put(TuningPart.LIMITS, "# redfleet-owner: other", "redis soft nofile 1");
        assertThat(run(hosts, on).reason())
                .contains("r1: tuning: /etc/sysctl.d/60-redfleet.conf was not made by Redfleet")
                .contains("r3: tuning: /etc/security/limits.d/redfleet.conf belongs to the cluster of uid other");
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.machine("r1").files()).containsOnlyKeys("sysctl");
    }

    @Test
    void aKeyThatCannotBeWrittenFailsWithItsValueAndReasonBeforeAnythingElse() {
        hosts.machine("r1").freeze("vm.overcommit_memory");
        hosts.machine("r2").lose("vm.swappiness");
        Ending ending = run(hosts, on);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("vm.overcommit_memory cannot be set to 1: Permission denied");
        assertThat(hosts.changes()).isNotEmpty().allMatch(change -> change.startsWith("tune "));
        assertThat(hosts.starts()).isZero();
    }

    @Test
    void aKernelWithoutHugePagesHasWhatIsWantedOfThem() {
        ALL_HOSTS.forEach(host -> hosts.machine(host).lose("hugepages"));
        assertThat(run(hosts, on).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.machine("r1").files()).containsOnlyKeys("sysctl", "limits");
    }

    @Test
    void aMachineThatSaysNeverIsNotTurnedToMadvise() {
        ALL_HOSTS.forEach(host -> hosts.machine(host).set("hugepages", "never"));
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.stages().get(1).getFirst().diff()).noneMatch(line -> line.contains("- hugepages"));
    }

    private ClusterState tuned(TuningSpec tuning) {
        return new ClusterState(
                off.schema(),
                off.uid(),
                off.revision(),
                off.phase(),
                off.reason(),
                off.since(),
                off.spec().with(tuning));
    }

    private void without(ScriptedHosts fresh) {
        assertThat(run(fresh, off).status()).isEqualTo(Status.SUCCEEDED);
    }

    private Ending run(ScriptedHosts on, ClusterState cluster) {
        Journal journal = ScriptedWork.journal(cluster, ledger);
        Ending ending = work.provisioning(on).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }
}
