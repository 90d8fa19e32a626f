package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.MonitSpec;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.PlainLocksmith;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose hosts get a Monit, and lose it again. */
class AgentRunTest {
    private static final String R1 = "/base/r1/orders/.monit";

    private final ClusterState off = Scripted.cluster();
    private final ClusterState on = agent(MonitSpec.Agent.ON);
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts("http://gateway:8474");
    private final ScriptedHosts hosts = new ScriptedHosts();
    private final RecordingLedger ledger = new RecordingLedger();
    private final ScriptedWork work = new ScriptedWork(accounts);

    @Test
    void itComesLastOnEveryHostAndASecondRunChangesNothing() {
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.stages().getLast())
                .extracting(Step::id)
                .containsExactly("r1/monit/agent", "r2/monit/agent", "r3/monit/agent");
        assertThat(run(hosts, on).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.agents()).hasSize(3);
        assertThat(hosts.agents().get(R1))
                .contains("set mmonit http://r1:"
                        + agents().of(on.spec().hosts().getFirst().name())
                                .report()
                                .reveal() + "@gateway:8474/collector");
        assertThat(run(hosts, on).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void noSecretOfItIsInAPlanAJournalOrAnEvent() {
        Plan plan = work.provisioning(hosts).plan(on);
        assertThat(plan.shown().toString()).contains("set mmonit http://r1:***@gateway:8474/collector");
        run(hosts, on);
        Stream<String> told = ledger.all(Object.class).stream()
                .map(record -> new String(Codec.bytes(record), StandardCharsets.UTF_8));
        List<String> all = Stream.concat(Stream.of(plan.toString(), plan.shown().toString()), told)
                .toList();
        assertThat(all).hasSizeGreaterThan(20);
        for (Agents.Pass pass : agents().passes().values()) {
            for (Secret secret : List.of(pass.report(), pass.console())) {
                assertThat(all).noneMatch(text -> text.contains(secret.reveal()));
            }
        }
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
            assertThat(fresh.agents()).as(cut).hasSize(3);
            assertThat(fresh.harm()).as(cut).isEmpty();
        });
    }

    @Test
    void whoWantsItNoMoreHasItEndedAndIsLeftAlone() {
        run(hosts, on);
        Plan plan = work.provisioning(hosts).plan(off);
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly("r1/monit/agent", "r2/monit/agent", "r3/monit/agent");
        assertThat(plan.steps().getFirst().diff()).containsExactly("- " + R1);
        assertThat(run(hosts, off).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.agents()).isEmpty();
        assertThat(run(hosts, off).reason()).isEqualTo("nothing to change");
    }

    @Test
    void itEndsBeforeTheClusterDoesAlsoWhereFilesAreKept() {
        run(hosts, on);
        Plan plan = Decommission.plan(on, work.surveyor(hosts).survey(on), true);
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/monit/agent", "r2/monit/agent", "r3/monit/agent");
    }

    @Test
    void withoutMonitNothingIsTouchedAndItSaysWhatToDo() {
        hosts.withoutMonit();
        Ending ending = run(hosts, on);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r2: monit: no monit in PATH: install it");
        assertThat(hosts.changes()).isEmpty();
        assertThat(run(hosts, off).status()).as("nobody needs it").isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anothersMonitIsNeitherTakenOverNorEnded() {
        hosts.strangeAgent(R1, "uid-of-another");
        assertThat(run(hosts, on).reason())
                .contains("r1: monit: " + R1 + " belongs to the cluster of uid uid-of-another");
        assertThat(run(hosts, off).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(Decommission.plan(off, work.surveyor(hosts).survey(off), true)
                        .steps())
                .extracting(Step::id)
                .doesNotContain("r1/monit/agent");
        assertThat(hosts.agents()).containsOnlyKeys(R1);
    }

    @Test
    void whereNobodyKnowsTheCollectorNothingIsTouched() {
        Plan plan = new ScriptedWork().provisioning(hosts).plan(on);
        assertThat(plan.obstacles())
                .hasToString("[orders: monit: the provisioner does not know any more where Monit reports:"
                        + " set REDFLEET_COLLECTOR_URL and start it again]");
    }

    private Agents agents() {
        return accounts.apply(on).agents();
    }

    private ClusterState agent(MonitSpec.Agent agent) {
        return new ClusterState(
                off.schema(),
                off.uid(),
                off.revision(),
                off.phase(),
                off.reason(),
                off.since(),
                off.spec().with(new MonitSpec(agent)));
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
