package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose instances init scripts run: which scripts run as whom, and wherever they are cut. */
class SysvRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final String SCRIPT = "r2:/etc/init.d/redfleet-orders-redis-server";
    private static final String GUARD = "r2:/etc/redfleet/guards/redfleet-orders-redis-server.guard";

    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec());
    private final ScriptedHosts hosts = new ScriptedHosts();
    private int ids;

    @Test
    void rootTouchesScriptsAloneAndASecondRunChangesNothing() {
        assertThat(run(hosts).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.runs())
                .containsExactly(
                        "access REDIS",
                        "await REDIS",
                        "init-script ROOT",
                        "init-start ROOT",
                        "mark REDIS",
                        "new REDIS",
                        "prepare REDIS",
                        "rotate ROOT",
                        "survey REDIS",
                        "unit-guard ROOT",
                        "units LOGIN",
                        "verify REDIS");
        assertThat(hosts.bySudo()).isEqualTo(Sudoers.of(cluster.spec()).runAs());
        assertThat(hosts.units())
                .hasSize(6)
                .containsEntry(SCRIPT, "u orders/r2/redis-server true")
                .containsEntry("r3:/etc/init.d/redfleet-orders-redis-sentinel", "u orders/r3/redis-sentinel true");
        assertThat(hosts.guards()).hasSize(3).containsKey(GUARD);
        int starts = hosts.starts();
        assertThat(run(hosts).reason()).isEqualTo("nothing to change");
        assertThat(hosts.starts()).isEqualTo(starts);
    }

    @Test
    void anotherScriptIsWrittenAnewAndOneOfSomebodyElseIsAnObstacle() {
        run(hosts);
        hosts.strangeUnit(SCRIPT, "u orders/r2/redis-server");
        assertThat(plan(hosts).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/redis-server/unit");
            assertThat(step.title()).isEqualTo("let init know r2/redis-server");
            assertThat(step.diff()).contains("+ /etc/init.d/redfleet-orders-redis-server");
        });
        hosts.strangeUnit(SCRIPT, "u9 orders/r2/redis-server");
        assertThat(plan(hosts).obstacles().toString())
                .contains("/etc/init.d/redfleet-orders-redis-server belongs to u9 orders");
    }

    @Test
    void aHostOfSystemdIsAnObstacleBeforeAnyLeaseIsTaken() {
        Hosts systemd = saying("systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n");
        assertThat(plan(systemd).steps()).isEmpty();
        assertThat(plan(systemd).obstacles().toString())
                .contains("r1: systemd: it is the init of this host", "use service: systemd");
        assertThat(provisioning(systemd)
                        .carryOut(
                                cluster,
                                new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster)),
                                () -> false)
                        .reason())
                .contains("it is the init of this host");
        assertThat(ids).as("leases that were asked for").isZero();
    }

    @Test
    void withoutSudoItIsSaidWhatNeedsIt() {
        Hosts refusing = saying("systemd.account=yes\nsystemd.sudo=sudo -n -- sh: no\nsystemd.end=yes\n");
        assertThat(plan(refusing).obstacles().toString())
                .contains("r1: survey (NO_SUDO)", "with service: sysv the SSH user must be allowed");
    }

    @Test
    void scriptsGoAfterTheLastStopAndOnlyOurs() {
        run(hosts);
        hosts.strangeUnit(SCRIPT, "u9 orders/r2/redis-server");
        Plan plan = Decommission.plan(cluster, surveyor(hosts).survey(cluster), true);
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        List<String> scripts = steps.stream().filter(id -> id.endsWith("/unit")).toList();
        assertThat(scripts).hasSize(5).doesNotContain("r2/redis-server/unit");
        assertThat(steps.indexOf(scripts.getFirst())).isGreaterThan(steps.lastIndexOf("r1/redis-server/stop"));
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
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described, "service", "sysv")));
        return ((SpecReader.Good) reading).spec();
    }
}
