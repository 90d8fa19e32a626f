package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose instances systemd runs: which scripts run as whom, in which order, and wherever they are cut. */
class SystemdRunTest {
    private static final String UNIT = "r2:/etc/systemd/system/redfleet-orders-redis-server.service";

    private static final String GUARD = "r2:/etc/systemd/system/redfleet-orders-redis-server.guard";

    private final InitGround ground = new InitGround("systemd");
    private final ScriptedHosts hosts = ground.hosts;

    @Test
    void rootTouchesUnitsAloneAndASecondRunChangesNothing() {
        assertThat(ground.run(hosts).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.runs())
                .containsExactly(
                        "access REDIS",
                        "await REDIS",
                        "canary REDIS",
                        "mark REDIS",
                        "new REDIS",
                        "prepare REDIS",
                        "rotate ROOT",
                        "survey REDIS",
                        "unit ROOT",
                        "unit-guard ROOT",
                        "unit-start ROOT",
                        "units LOGIN",
                        "verify REDIS",
                        "ways LOGIN");
        assertThat(hosts.bySudo())
                .as("what a host's admin is told to allow")
                .isEqualTo(Sudoers.of(ground.cluster.spec()).runAs());
        assertThat(hosts.units())
                .hasSize(6)
                .containsEntry(UNIT, "u orders/r2/redis-server true")
                .containsEntry(
                        "r3:/etc/systemd/system/redfleet-orders-redis-sentinel.service",
                        "u orders/r3/redis-sentinel true");
        assertThat(hosts.guards())
                .hasSize(3)
                .hasEntrySatisfying(
                        GUARD,
                        carried -> assertThat(carried)
                                .matches("(?s)pw[0-9]+\n#!/bin/sh\n.*")
                                .contains(
                                        "\n# redfleet-owner u orders/r2/redis-server\n",
                                        "\ndir='/base/r2/orders/redis-server'\n",
                                        "\nself='10.0.0.12 6379'\n",
                                        "\nuser='probe'\n",
                                        "\nsentinels='10.0.0.11:26379 10.0.0.12:26379 10.0.0.13:26379'\n"));
        int starts = hosts.starts();
        assertThat(ground.run(hosts).reason()).isEqualTo("nothing to change");
        assertThat(hosts.starts()).isEqualTo(starts);
    }

    @Test
    void aUnitIsKnownBeforeItsInstanceIsStarted() {
        List<List<String>> stages = ground.plan(hosts).stages().stream()
                .map(stage -> stage.stream().map(Step::id).toList())
                .toList();
        int known = stages.indexOf(List.of(
                "r1/redis-server/unit",
                "r1/redis-sentinel/unit",
                "r2/redis-server/unit",
                "r2/redis-sentinel/unit",
                "r3/redis-server/unit",
                "r3/redis-sentinel/unit"));
        assertThat(known).isPositive();
        assertThat(stages.subList(0, known).toString()).doesNotContain("/start");
        assertThat(stages.get(known + 1)).containsExactly("r1/redis-server/start");
    }

    @Test
    void aGuardThatSaysSomethingElseIsWrittenAnewAndNothingElseIsDone() {
        ground.run(hosts);
        String wanted = Objects.requireNonNull(hosts.guards().get(GUARD));
        for (String found : List.of(wanted + "exit 0\n", wanted.substring(wanted.indexOf('\n')))) {
            hosts.otherGuard(GUARD, found);
            assertThat(ground.plan(hosts).steps()).extracting(Step::id).containsExactly("r2/redis-server/guard");
            assertThat(ground.plan(hosts).steps().toString())
                    .as("no password in what is shown")
                    .doesNotContain(wanted.substring(0, wanted.indexOf('\n')));
            assertThat(ground.run(hosts).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(hosts.guards()).containsEntry(GUARD, wanted);
        }
    }

    @Test
    void whyAHostDidNotStartItIsSaid() {
        ground.run(hosts);
        hosts.kill("/base/r3/orders/redis-server");
        Hosts refusing = new HostsSaying(hosts, (access, script) -> {
            Reply reply = hosts.run(access, script);
            return script.name().equals("units") && access.host().equals("r3") && reply instanceof Reply.Done done
                    ? new Reply.Done(0, "i.redis-server.unit.refused=it would come up\u001b empty\n" + done.out(), "")
                    : reply;
        });
        assertThat(ground.plan(refusing).notes())
                .containsExactly("r3/redis-server was not started by its host: it would come up? empty");
    }

    @Test
    void aDeadNodeIsStartedBySystemdAsWhatTheSentinelsNameItAndNothingElseIsDone() {
        ground.run(hosts);
        hosts.kill("/base/r3/orders/redis-server");
        assertThat(ground.plan(hosts).steps())
                .extracting(Step::id)
                .containsExactly("r3/redis-server/follow", "r3/redis-server/start", "r3/redis-server/linked");
        assertThat(ground.run(hosts).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.runs()).contains("follow REDIS").doesNotContain("start REDIS", "start LOGIN", "start ROOT");
    }

    @Test
    void aUnitThatSomebodyHasChangedIsNotTakenForOneThatIsMissing() {
        ground.run(hosts);
        hosts.strangeUnit(UNIT, "u orders/r2/redis-server");
        String path = UNIT.substring("r2:".length());
        assertThat(ground.plan(hosts).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/redis-server/unit");
            assertThat(step.diff()).containsExactly("- " + path + ": as it is", "+ " + path, "+ started at boot");
        });
    }

    @Test
    void whichProgramWillRunIsPartOfThePlan() {
        assertThat(ground.plan(hosts).steps())
                .filteredOn(step -> step.id().equals("r1/redis-server/prepare"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff()).contains("+ runs /usr/bin/redis-server"));
    }

    @Test
    void systemdHasItsTimeBeforeTheInstanceHasIts() {
        Map<String, Duration> deadlines = new HashMap<>();
        Hosts timed = new HostsSaying(hosts, (access, script) -> {
            deadlines.put(script.name(), script.deadline());
            return hosts.run(access, script);
        });
        assertThat(ground.run(timed).status()).isEqualTo(Status.SUCCEEDED);
        // Looks of 10 s, a reload of 60, a start of 30, and then 30 s until it answers.
        assertThat(deadlines.get("unit-start")).isGreaterThanOrEqualTo(Duration.ofSeconds(150));
    }

    @Test
    void aUnitOfSomebodyElseIsAnObstacleBeforeAnyLeaseIsTaken() {
        hosts.strangeUnit(UNIT, "u9 orders/r2/redis-server");
        assertThat(ground.run(hosts).reason())
                .contains("r2: systemd: /etc/systemd/system/redfleet-orders-redis-server.service belongs to u9 orders")
                .contains("move it away");
        assertThat(ground.leases()).as("leases that were asked for").isZero();
        hosts.strangeUnit(UNIT, "");
        assertThat(ground.run(hosts).reason()).contains("is not Redfleet's");
        assertThat(hosts.changes()).isEmpty();
    }

    @Test
    void whereNoSudoIsNothingThatRunsCountsAsDead() {
        ground.run(hosts);
        Hosts refusing = ground.saying("""
                systemd.init=yes
                systemd.account=yes
                systemd.sudo=sudo -n -- sh: sudo: a password is required
                systemd.end=yes
                """);
        assertThat(ground.survey(refusing).unreached()).hasSize(3);
        Plan plan = ground.plan(refusing);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles().toString())
                .contains("r1: survey (NO_SUDO)", "by sudo without a password", "required");
        assertThat(Decommission.plan(ground.cluster, ground.survey(refusing), false)
                        .steps())
                .isEmpty();
    }

    @Test
    void withoutSystemdItSaysSoAndASurveyThatIsCutIsNone() {
        assertThat(ground.plan(ground.saying("systemd.account=yes\nsystemd.end=yes\n"))
                        .obstacles()
                        .toString())
                .contains("r1: systemd: it is not the init of this host");
        assertThat(ground.survey(ground.saying("systemd.init=yes\n")).unreached())
                .hasSize(3);
    }

    @Test
    void unitsGoAfterTheLastStopAndOnlyOurs() {
        ground.run(hosts);
        hosts.strangeUnit(UNIT, "u9 orders/r2/redis-server");
        Plan plan = Decommission.plan(ground.cluster, ground.survey(hosts), true);
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        List<String> units = steps.stream().filter(id -> id.endsWith("/unit")).toList();
        assertThat(units).hasSize(5).doesNotContain("r2/redis-server/unit");
        assertThat(steps.indexOf(units.getFirst())).isGreaterThan(steps.lastIndexOf("r1/redis-server/stop"));
        assertThat(steps.indexOf("r1/redis-server/retire")).isGreaterThan(steps.indexOf(units.getLast()));
    }

    /** It holds a password, and comes before its unit: where that is cut off the end of the cluster is the last to think of it. */
    @Test
    void aGuardWhoseUnitNeverCameGoesToo() {
        hosts.otherGuard(GUARD, "secret\n#!/bin/sh\n# redfleet-owner u9 orders/r2/redis-server\n");
        assertThat(Decommission.plan(ground.cluster, ground.survey(hosts), true).steps())
                .isEmpty();
        hosts.otherGuard(GUARD, "secret\n#!/bin/sh\n# redfleet-owner u orders/r2/redis-server\n");
        assertThat(Decommission.plan(ground.cluster, ground.survey(hosts), true).steps())
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.id()).isEqualTo("r2/redis-server/unit");
                    assertThat(step.diff()).containsExactly("- /etc/systemd/system/redfleet-orders-redis-server.guard");
                });
    }

    @Test
    void aPasswordWhoseGuardNeverCameGoesTooAndOneOfAnothersGuardStays() {
        String left = "i.redis-server.unit.auth=redis 400 regular file\n";
        String end = "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
        assertThat(Decommission.plan(ground.cluster, ground.survey(ground.saying(left + end)), true)
                        .steps())
                .extracting(Step::id)
                .containsExactlyInAnyOrder("r1/redis-server/unit", "r2/redis-server/unit", "r3/redis-server/unit");
        String guarded =
                left + "i.redis-server.unit.guard=0a\ni.redis-server.unit.guard.owner=u9 orders/r2/redis-server\n";
        assertThat(Decommission.plan(ground.cluster, ground.survey(ground.saying(guarded + end)), true)
                        .steps())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(ground.attempt(how))).isGreaterThanOrEqualTo(20);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(ground.attempt(how))).isGreaterThanOrEqualTo(20);
    }
}
