package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.survey.Hosts;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose instances init scripts run: which scripts run as whom, and wherever they are cut. */
class SysvRunTest {
    private static final String SCRIPT = "r2:/etc/init.d/redfleet-orders-redis-server";
    private static final String GUARD = "r2:/etc/redfleet/guards/redfleet-orders-redis-server.guard";

    private final InitGround ground = new InitGround("sysv");
    private final ScriptedHosts hosts = ground.hosts;

    @Test
    void rootTouchesScriptsAloneAndASecondRunChangesNothing() {
        assertThat(ground.run(hosts).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.runs())
                .containsExactly(
                        "access REDIS",
                        "await REDIS",
                        "canary REDIS",
                        "init-script ROOT",
                        "init-start ROOT",
                        "mark REDIS",
                        "new REDIS",
                        "prepare REDIS",
                        "rotate ROOT",
                        "survey REDIS",
                        "unit-guard ROOT",
                        "units LOGIN",
                        "verify REDIS",
                        "ways LOGIN");
        assertThat(hosts.bySudo()).isEqualTo(Sudoers.of(ground.cluster.spec()).runAs());
        assertThat(hosts.units())
                .hasSize(6)
                .containsEntry(SCRIPT, "u orders/r2/redis-server true")
                .containsEntry("r3:/etc/init.d/redfleet-orders-redis-sentinel", "u orders/r3/redis-sentinel true");
        assertThat(hosts.guards()).hasSize(3).containsKey(GUARD);
        int starts = hosts.starts();
        assertThat(ground.run(hosts).reason()).isEqualTo("nothing to change");
        assertThat(hosts.starts()).isEqualTo(starts);
    }

    @Test
    void anotherScriptIsWrittenAnewAndOneOfSomebodyElseIsAnObstacle() {
        ground.run(hosts);
        hosts.strangeUnit(SCRIPT, "u orders/r2/redis-server");
        assertThat(ground.plan(hosts).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/redis-server/unit");
            assertThat(step.title()).isEqualTo("let init know r2/redis-server");
            assertThat(step.diff()).contains("+ /etc/init.d/redfleet-orders-redis-server");
        });
        hosts.strangeUnit(SCRIPT, "u9 orders/r2/redis-server");
        assertThat(ground.plan(hosts).obstacles().toString())
                .contains("/etc/init.d/redfleet-orders-redis-server belongs to u9 orders");
    }

    @Test
    void aHostOfSystemdIsAnObstacleBeforeAnyLeaseIsTaken() {
        Hosts systemd = ground.saying("systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n");
        assertThat(ground.plan(systemd).steps()).isEmpty();
        assertThat(ground.plan(systemd).obstacles().toString())
                .contains("r1: systemd: it is the init of this host", "use service: systemd");
        assertThat(ground.run(systemd).reason()).contains("it is the init of this host");
        assertThat(ground.leases()).as("leases that were asked for").isZero();
    }

    @Test
    void withoutSudoItIsSaidWhatNeedsIt() {
        Hosts refusing = ground.saying("systemd.account=yes\nsystemd.sudo=sudo -n -- sh: no\nsystemd.end=yes\n");
        assertThat(ground.plan(refusing).obstacles().toString())
                .contains("r1: survey (NO_SUDO)", "with service: sysv the SSH user must be allowed");
    }

    @Test
    void scriptsGoAfterTheLastStopAndOnlyOurs() {
        ground.run(hosts);
        hosts.strangeUnit(SCRIPT, "u9 orders/r2/redis-server");
        Plan plan = Decommission.plan(ground.cluster, ground.survey(hosts), true);
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        List<String> scripts = steps.stream().filter(id -> id.endsWith("/unit")).toList();
        assertThat(scripts).hasSize(5).doesNotContain("r2/redis-server/unit");
        assertThat(steps.indexOf(scripts.getFirst())).isGreaterThan(steps.lastIndexOf("r1/redis-server/stop"));
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
