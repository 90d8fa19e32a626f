package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.PlainLocksmith;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose instances systemd runs, and which gets a Monit that systemd runs too, and loses it again. */
class AgentUnitRunTest {
    private static final String PATH = "/etc/systemd/system/redfleet-orders.monit.service";
    private static final String UNIT = "r2:" + PATH;
    private static final String R2 = "/base/r2/orders/.monit";
    private static final List<String> AGENTS = List.of("r1/monit/agent", "r2/monit/agent", "r3/monit/agent");
    private static final List<String> UNITS = List.of("r1/monit/unit", "r2/monit/unit", "r3/monit/unit");

    private final ClusterState off = cluster("off", 3);
    private final ClusterState on = cluster("on", 3);
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts("http://gateway:8474");
    private final ScriptedHosts hosts = new ScriptedHosts();
    private final RecordingLedger ledger = new RecordingLedger();
    private final ScriptedWork work = new ScriptedWork(accounts);

    @Test
    void itComesLastAsAUnitByWhatRedisAndRootMayDoAndASecondRunChangesNothing() {
        List<List<String>> stages = plan(on).stages().stream()
                .map(stage -> stage.stream().map(Step::id).toList())
                .toList();
        assertThat(stages.subList(stages.size() - 2, stages.size())).containsExactly(UNITS, AGENTS);

        assertThat(run(hosts, on).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.runs())
                .contains("agent-conf REDIS", "unit-agent ROOT")
                .doesNotContain("agent REDIS", "agent LOGIN");
        assertThat(hosts.bySudo())
                .as("what a host's admin is told to allow")
                .isEqualTo(Sudoers.of(on.spec()).runAs());
        assertThat(hosts.units()).hasSize(9).containsEntry(UNIT, "u orders true");
        assertThat(hosts.agents()).hasSize(3);
        assertThat(hosts.agents().get(R2))
                .contains("set mmonit http://r2:", "@gateway:8474/collector", "mode passive")
                .doesNotContain("set log");
        assertThat(hosts.reporting()).hasSize(3);

        List<String> changes = hosts.changes();
        assertThat(run(hosts, on).reason()).isEqualTo("nothing to change");
        assertThat(hosts.changes()).isEqualTo(changes);
    }

    @Test
    void noSecretOfItIsInAPlanAJournalOrAnEvent() {
        Plan plan = plan(on);
        assertThat(plan.shown().toString()).contains("set mmonit http://r1:***@gateway:8474/collector");
        run(hosts, on);
        Stream<String> told = ledger.all(Object.class).stream()
                .map(record -> new String(Codec.bytes(record), StandardCharsets.UTF_8));
        List<String> all = Stream.concat(Stream.of(plan.toString(), plan.shown().toString()), told)
                .toList();
        assertThat(all).hasSizeGreaterThan(20);
        for (Agents.Pass pass : accounts.apply(on).agents().passes().values()) {
            for (Secret secret : List.of(pass.report(), pass.console())) {
                assertThat(all).noneMatch(text -> text.contains(secret.reveal()));
            }
        }
    }

    @Test
    void oneThatDiedForGoodIsStartedAndNothingElseIsDone() {
        run(hosts, on);
        hosts.killReporting(UNIT);
        assertThat(plan(on).steps()).extracting(Step::id).containsExactly("r2/monit/agent");
        assertThat(run(hosts, on).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.reporting()).hasSize(3);
    }

    @Test
    void aUnitThatSomebodyHasChangedIsWrittenAnewAndItsMonitStartedByIt() {
        run(hosts, on);
        hosts.strangeUnit(UNIT, "u orders");
        Plan plan = plan(on);
        assertThat(plan.steps()).extracting(Step::id).containsExactly("r2/monit/unit", "r2/monit/agent");
        assertThat(plan.steps().getFirst().diff())
                .containsExactly("- " + PATH + ": as it is", "+ " + PATH, "+ started at boot");
        assertThat(run(hosts, on).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run(hosts, on).reason()).isEqualTo("nothing to change");
    }

    @Test
    void aUnitOfSomebodyElseIsInTheWayAndLeftAlone() {
        hosts.strangeUnit(UNIT, "u9 orders");
        assertThat(run(hosts, on).reason())
                .contains("r2: monit: " + PATH + " belongs to u9 orders, this is u orders: move it away");
        assertThat(hosts.changes()).isEmpty();
        hosts.strangeUnit(UNIT, "");
        assertThat(run(hosts, on).reason()).contains(PATH + " is not Redfleet's");

        assertThat(run(hosts, off).status()).as("nobody needs it").isEqualTo(Status.SUCCEEDED);
        assertThat(Decommission.plan(off, work.surveyor(hosts).survey(off), true)
                        .steps())
                .extracting(Step::id)
                .doesNotContain("r2/monit/unit", "r2/monit/agent");
    }

    @Test
    void withoutMonitNothingIsTouchedAndItSaysWhatToDo() {
        hosts.withoutMonit();
        Ending ending = run(hosts, on);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r2: monit: no monit in PATH: install it");
        assertThat(hosts.changes()).isEmpty();
    }

    @Test
    void whoWantsItNoMoreHasItEndedThenItsUnitGoesAndAllElseStays() {
        run(hosts, on);
        assertThat(plan(off).stages().stream()
                        .map(stage -> stage.stream().map(Step::id).toList()))
                .containsExactly(AGENTS, UNITS);
        assertThat(run(hosts, off).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.agents()).isEmpty();
        assertThat(hosts.reporting()).isEmpty();
        assertThat(hosts.units()).hasSize(6).doesNotContainKey(UNIT);
        assertThat(hosts.runs()).contains("unit-unagent ROOT", "unagent REDIS", "unit-gone ROOT");
        assertThat(hosts.harm()).isEmpty();
        assertThat(run(hosts, off).reason()).isEqualTo("nothing to change");
    }

    @Test
    void itEndsBeforeTheClusterDoesAndItsUnitGoesWithTheOthers() {
        run(hosts, on);
        Plan plan = Decommission.plan(on, work.surveyor(hosts).survey(on), true);
        assertThat(plan.stages().getFirst()).extracting(Step::id).containsExactlyElementsOf(AGENTS);
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        assertThat(steps).containsAll(UNITS);
        assertThat(steps.indexOf("r1/monit/unit")).isGreaterThan(steps.indexOf("r1/redis-server/stop"));
    }

    @Test
    void aHostThatLeavesLosesIt() {
        ClusterState four = cluster("on", 4);
        run(hosts, four);
        ClusterState left = on.leftBy(List.of(new Leaving(four.spec().hosts().getLast(), false)));
        Plan plan = Planner.plan(left, work.surveyor(hosts).survey(left));
        assertThat(plan.obstacles()).isEmpty();
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        assertThat(steps).contains("r4/monit/agent", "r4/monit/unit").doesNotContain("r1/monit/agent");
        assertThat(steps.indexOf("r4/monit/unit")).isGreaterThan(steps.indexOf("r4/monit/agent"));
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItsComingOrItsGoingIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(way(how, off, on, 9))).isGreaterThanOrEqualTo(9);
        assertThat(Cuts.some(way(how, on, off, 6))).isGreaterThanOrEqualTo(9);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItsComingOrItsGoingIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(way(how, off, on, 9))).isGreaterThanOrEqualTo(9);
        assertThat(Cuts.all(way(how, on, off, 6))).isGreaterThanOrEqualTo(9);
    }

    /** @param units how many there are in the end */
    private Cuts.Attempt way(ScriptedHosts.Cut how, ClusterState from, ClusterState to, int units) {
        return ScriptedWork.attempt(
                how,
                fresh -> assertThat(run(fresh, from).status()).isEqualTo(Status.SUCCEEDED),
                fresh -> run(fresh, to),
                (fresh, cut) -> {
                    assertThat(fresh.units()).as(cut).hasSize(units);
                    assertThat(fresh.reporting()).as(cut).hasSize(units - 6);
                    assertThat(fresh.agents()).as(cut).hasSize(units - 6);
                    assertThat(fresh.harm()).as(cut).isEmpty();
                });
    }

    private Plan plan(ClusterState cluster) {
        return work.provisioning(hosts).plan(cluster);
    }

    private Ending run(ScriptedHosts on, ClusterState cluster) {
        Journal journal = ScriptedWork.journal(cluster, ledger);
        Ending ending = work.provisioning(on).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private static ClusterState cluster(String agent, int many) {
        List<Map<String, String>> described = IntStream.rangeClosed(1, many)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i))
                .toList();
        Map<String, Object> spec = Map.of("hosts", described, "service", "systemd", "monit", Map.of("agent", agent));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
