package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose instances systemd runs: which scripts run as whom, in which order, and wherever they are cut. */
class SystemdRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final String UNIT = "r2:/etc/systemd/system/redfleet-orders-redis-server.service";

    private static final String GUARD = "r2:/etc/systemd/system/redfleet-orders-redis-server.guard";

    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec());
    private final ScriptedHosts hosts = new ScriptedHosts();
    private int ids;

    @Test
    void rootTouchesUnitsAloneAndASecondRunChangesNothing() {
        assertThat(run(hosts).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.runs())
                .containsExactly(
                        "access REDIS",
                        "await REDIS",
                        "mark REDIS",
                        "new REDIS",
                        "prepare REDIS",
                        "rotate ROOT",
                        "survey REDIS",
                        "unit ROOT",
                        "unit-guard ROOT",
                        "unit-start ROOT",
                        "units LOGIN",
                        "verify REDIS");
        assertThat(hosts.bySudo())
                .as("what a host's admin is told to allow")
                .isEqualTo(Sudoers.of(cluster.spec()).runAs());
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
        assertThat(run(hosts).reason()).isEqualTo("nothing to change");
        assertThat(hosts.starts()).isEqualTo(starts);
    }

    @Test
    void aUnitIsKnownBeforeItsInstanceIsStarted() {
        List<List<String>> stages = plan(hosts).stages().stream()
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
        run(hosts);
        String wanted = Objects.requireNonNull(hosts.guards().get(GUARD));
        for (String found : List.of(wanted + "exit 0\n", wanted.substring(wanted.indexOf('\n')))) {
            hosts.otherGuard(GUARD, found);
            assertThat(plan(hosts).steps()).extracting(Step::id).containsExactly("r2/redis-server/guard");
            assertThat(plan(hosts).steps().toString())
                    .as("no password in what is shown")
                    .doesNotContain(wanted.substring(0, wanted.indexOf('\n')));
            assertThat(run(hosts).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(hosts.guards()).containsEntry(GUARD, wanted);
        }
    }

    @Test
    void whyAHostDidNotStartItIsSaid() {
        run(hosts);
        hosts.kill("/base/r3/orders/redis-server");
        Hosts refusing = new Hosts() {
            @Override
            public Reply run(HostAccess access, Script script) {
                Reply reply = hosts.run(access, script);
                return script.name().equals("units") && access.host().equals("r3") && reply instanceof Reply.Done done
                        ? new Reply.Done(
                                0, "i.redis-server.unit.refused=it would come up\u001b empty\n" + done.out(), "")
                        : reply;
            }

            @Override
            public Reply put(HostAccess access, RemoteFile file) {
                return hosts.put(access, file);
            }

            @Override
            public String fingerprint(HostAccess access) {
                return hosts.fingerprint(access);
            }
        };
        assertThat(plan(refusing).notes())
                .containsExactly("r3/redis-server was not started by its host: it would come up? empty");
    }

    @Test
    void aDeadNodeIsStartedBySystemdAsWhatTheSentinelsNameItAndNothingElseIsDone() {
        run(hosts);
        hosts.kill("/base/r3/orders/redis-server");
        assertThat(plan(hosts).steps())
                .extracting(Step::id)
                .containsExactly("r3/redis-server/follow", "r3/redis-server/start", "r3/redis-server/linked");
        assertThat(run(hosts).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.runs()).contains("follow REDIS").doesNotContain("start REDIS", "start LOGIN", "start ROOT");
    }

    @Test
    void aUnitThatSomebodyHasChangedIsNotTakenForOneThatIsMissing() {
        run(hosts);
        hosts.strangeUnit(UNIT, "u orders/r2/redis-server");
        String path = UNIT.substring("r2:".length());
        assertThat(plan(hosts).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/redis-server/unit");
            assertThat(step.diff()).containsExactly("- " + path + ": as it is", "+ " + path, "+ started at boot");
        });
    }

    @Test
    void whichProgramWillRunIsPartOfThePlan() {
        assertThat(plan(hosts).steps())
                .filteredOn(step -> step.id().equals("r1/redis-server/prepare"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff()).contains("+ runs /usr/bin/redis-server"));
    }

    @Test
    void systemdHasItsTimeBeforeTheInstanceHasIts() {
        Map<String, Duration> deadlines = new HashMap<>();
        Hosts timed = new Hosts() {
            @Override
            public Reply run(HostAccess access, Script script) {
                deadlines.put(script.name(), script.deadline());
                return hosts.run(access, script);
            }

            @Override
            public Reply put(HostAccess access, RemoteFile file) {
                return hosts.put(access, file);
            }

            @Override
            public String fingerprint(HostAccess access) {
                return hosts.fingerprint(access);
            }
        };
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
        assertThat(provisioning(timed).carryOut(cluster, journal, () -> false).status())
                .isEqualTo(Status.SUCCEEDED);
        // Looks of 10 s, a reload of 60, a start of 30, and then 30 s until it answers.
        assertThat(deadlines.get("unit-start")).isGreaterThanOrEqualTo(Duration.ofSeconds(150));
    }

    @Test
    void aUnitOfSomebodyElseIsAnObstacleBeforeAnyLeaseIsTaken() {
        hosts.strangeUnit(UNIT, "u9 orders/r2/redis-server");
        assertThat(run(hosts).reason())
                .contains("r2: systemd: /etc/systemd/system/redfleet-orders-redis-server.service belongs to u9 orders")
                .contains("move it away");
        assertThat(ids).as("leases that were asked for").isZero();
        hosts.strangeUnit(UNIT, "");
        assertThat(run(hosts).reason()).contains("is not Redfleet's");
        assertThat(hosts.changes()).isEmpty();
    }

    @Test
    void whereNoSudoIsNothingThatRunsCountsAsDead() {
        run(hosts);
        Hosts refusing = saying("""
                systemd.init=yes
                systemd.account=yes
                systemd.sudo=sudo -n -- sh: sudo: a password is required
                systemd.end=yes
                """);
        assertThat(surveyor(refusing).survey(cluster).unreached()).hasSize(3);
        Plan plan = provisioning(refusing).plan(cluster);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles().toString())
                .contains("r1: survey (NO_SUDO)", "by sudo without a password", "required");
        assertThat(Decommission.plan(cluster, surveyor(refusing).survey(cluster), false)
                        .steps())
                .isEmpty();
    }

    @Test
    void withoutSystemdItSaysSoAndASurveyThatIsCutIsNone() {
        assertThat(provisioning(saying("systemd.account=yes\nsystemd.end=yes\n"))
                        .plan(cluster)
                        .obstacles()
                        .toString())
                .contains("r1: systemd: it is not the init of this host");
        assertThat(surveyor(saying("systemd.init=yes\n")).survey(cluster).unreached())
                .hasSize(3);
    }

    @Test
    void unitsGoAfterTheLastStopAndOnlyOurs() {
        run(hosts);
        hosts.strangeUnit(UNIT, "u9 orders/r2/redis-server");
        Plan plan = Decommission.plan(cluster, surveyor(hosts).survey(cluster), true);
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
        assertThat(Decommission.plan(cluster, surveyor(hosts).survey(cluster), true)
                        .steps())
                .isEmpty();
        hosts.otherGuard(GUARD, "secret\n#!/bin/sh\n# redfleet-owner u orders/r2/redis-server\n");
        assertThat(Decommission.plan(cluster, surveyor(hosts).survey(cluster), true)
                        .steps())
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
        assertThat(Decommission.plan(cluster, surveyor(saying(left + end)).survey(cluster), true)
                        .steps())
                .extracting(Step::id)
                .containsExactlyInAnyOrder("r1/redis-server/unit", "r2/redis-server/unit", "r3/redis-server/unit");
        String guarded =
                left + "i.redis-server.unit.guard=0a\ni.redis-server.unit.guard.owner=u9 orders/r2/redis-server\n";
        assertThat(Decommission.plan(cluster, surveyor(saying(guarded + end)).survey(cluster), true)
                        .steps())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        int cuts = 0;
        boolean cut = true;
        while (cut) {
            ScriptedHosts fresh = new ScriptedHosts();
            fresh.cutAt(cuts, how);
            run(fresh);
            cut = fresh.wasCut();
            fresh.mend();
            run(fresh);
            assertThat(run(fresh).reason()).as("cut %s call %d", how, cuts).isEqualTo("nothing to change");
            assertThat(fresh.units()).hasSize(6);
            assertThat(fresh.guards()).hasSize(3);
            assertThat(fresh.harm()).isEmpty();
            cuts++;
        }
        assertThat(cuts).isGreaterThan(20);
    }

    /** As the scripted hosts, but for what units.sh says. */
    private Hosts saying(String units) {
        return new Hosts() {
            @Override
            public Reply run(HostAccess access, Script script) {
                return script.name().equals("units") ? new Reply.Done(0, units, "") : hosts.run(access, script);
            }

            @Override
            public Reply put(HostAccess access, RemoteFile file) {
                return hosts.put(access, file);
            }

            @Override
            public String fingerprint(HostAccess access) {
                return hosts.fingerprint(access);
            }
        };
    }

    private Plan plan(Hosts on) {
        return provisioning(on).plan(cluster);
    }

    private Ending run(ScriptedHosts on) {
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
        return provisioning(on).carryOut(cluster, journal, () -> false);
    }

    private Provisioning provisioning(Hosts on) {
        ScriptedHosts leased = on instanceof ScriptedHosts scripted ? scripted : hosts;
        Leases leases = new Leases(leased, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        return new Provisioning(surveyor(on), new PlanRun(new Hands(on), Runnable::run, CLOCK), leases);
    }

    private static Surveyor surveyor(Hosts on) {
        return new Surveyor(on, Runnable::run, CLOCK, PlainLocksmith.accounts());
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> described = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i))
                .toList();
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described, "service", "systemd")));
        return ((SpecReader.Good) reading).spec();
    }
}
