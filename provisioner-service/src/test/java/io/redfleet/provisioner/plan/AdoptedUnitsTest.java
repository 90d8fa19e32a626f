package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.recipe.GuardFile;
import io.redfleet.provisioner.recipe.StopDeadline;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.OwnSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster under its builder's units: what is added to each, that nobody is restarted for it, and that it goes again. */
class AdoptedUnitsTest {
    private static final String BASE = "/var/lib/redfleet";
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final ClusterUid UID = new ClusterUid("u1");

    private final ClusterSpec spec = OwnSpecs.underUnits();
    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, UID, 2, Phase.ACCEPTED, "", Instant.EPOCH, spec, 1L);
    private final Map<InstanceId, SystemdSurvey.Unit> units = new HashMap<>();
    private boolean marked;
    private String supervised = "systemd";
    private String ping = "PONG";
    private List<String> dropIns = List.of();
    /** Debian's Sentinels work where data nodes do. */
    private String sentinelsData = "/var/lib/redis";

    @Test
    void eachIsLinkedAndGetsADropInAndADataNodeItsGuardAndNobodyIsRestarted() {
        Plan plan = Planner.plan(cluster, survey());
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .extracting(Step::id)
                .contains("r1/redis-server/adopt", "r1/redis-server/guard", "r1/redis-server/unit")
                .contains("r1/redis-sentinel/adopt", "r1/redis-sentinel/unit")
                .doesNotContain("r1/redis-sentinel/guard", "r1/logs/rotation");
        assertThat(plan.steps()).filteredOn(step -> step.id().endsWith("/unit")).hasSize(6);
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
        assertThat(step(plan, "r1/redis-server/adopt").diff())
                .contains("+ is started by redis-server.service from its next start on");
        Step unit = step(plan, "r1/redis-server/unit");
        assertThat(unit.title()).isEqualTo("add to redis-server.service of r1/redis-server, which goes on as it is");
        assertThat(unit.diff())
                .as("some of it holds at once, and is read before it does")
                .contains("+++ /etc/systemd/system/redis-server.service.d/redfleet.conf", "+Restart=no");
        assertThat(needs(plan)).as("the guard is asked whenever it starts next").isEmpty();
    }

    @Test
    void onceItIsDoneThereIsNothingToDo() {
        marked = true;
        spec.members().forEach(member -> units.put(member.id(), written(member)));
        Plan plan = Planner.plan(cluster, survey());
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.refused()).isEmpty();
        assertThat(needs(plan)).as("its process is older than the file").isEmpty();
    }

    @Test
    void oneThatSomebodyHasChangedIsWrittenAnewAndOneThatIsNotOursIsAnObstacle() {
        marked = true;
        spec.members().forEach(member -> units.put(member.id(), written(member)));
        units.put(R1, unit(OwnerGate.mark(spec, UID, R1), "other", GuardFile.path(place(R1))));
        assertThat(Planner.plan(cluster, survey()).steps()).extracting(Step::id).contains("r1/redis-server/unit");
        units.put(R1, unit("u9 billing/r1/redis-server", "other", ""));
        assertThat(Planner.plan(cluster, survey()).obstacles())
                .extracting(Plan.Obstacle::reason)
                .anyMatch(reason ->
                        reason.startsWith("/etc/systemd/system/redis-server.service.d/redfleet.conf belongs"));
    }

    @Test
    void whenItGoesOursGoesAndNobodyIsStopped() {
        marked = true;
        spec.members().forEach(member -> units.put(member.id(), written(member)));
        Plan plan = Decommission.plan(cluster, survey(), Fate.KEPT);
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.EndUnit)
                .hasSize(6);
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof OwnAction.Release)
                .hasSize(6);
        assertThat(plan.steps())
                .allMatch(
                        step -> step.action() instanceof Action.EndUnit || step.action() instanceof OwnAction.Release);
    }

    /** It is in nobody's way: nothing is to be done, and no other plan is made of it. */
    @Test
    void thatAPackagesUpgradeLeavesAMasterDownIsSaidOnceOfEachDataNodeAndIsNoDifference() {
        marked = true;
        spec.members().forEach(member -> units.put(member.id(), written(member)));
        Plan plan = Planner.plan(cluster, survey());
        assertThat(plan.warnings())
                .filteredOn(warning -> warning.contains("needrestart"))
                .hasSize(3)
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("r1/redis-server: a package's upgrade that restarts redis-server.service")
                        .contains("Restart=no leaves it so", "apt-mark hold"));
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.refused()).isEmpty();
        assertThat(plan.obstacles()).isEmpty();
    }

    /** Each row is somebody's file beside a unit, and whether systemd reads it after Redfleet's. */
    @ParameterizedTest
    @CsvSource({
        "/etc/systemd/system/redis-server.service.d/override.conf, false",
        "/run/systemd/system/redis-server.service.d/override.conf, false",
        "/etc/systemd/system/redis-server.service.d/zz.conf, true",
        "/etc/systemd/system.control/redis-sentinel.service.d/zz.conf, true",
        "/etc/systemd/system/redis-server.service.d, true",
    })
    void ofItsBuildersDropInsThoseAreNamedThatHaveTheLastWord(String path, boolean named) {
        dropIns = List.of(path);
        List<String> said = Planner.plan(cluster, survey()).warnings().stream()
                .filter(warning -> warning.contains(path))
                .toList();
        if (!named) {
            assertThat(said).isEmpty();
            return;
        }
        assertThat(said)
                .as("once for each host")
                .hasSize(3)
                .allSatisfy(warning -> assertThat(warning)
                        .contains("has the last word over Redfleet's")
                        .doesNotContain("remove"));
    }

    /** Each row is whose mark the guard bears, whether anything without one is left, and whether the end goes on. */
    @ParameterizedTest
    @CsvSource({"'', true, true", "'', false, false", "u9 billing/x, true, false"})
    void anEndThatWasCutOffBeforeSystemdWasToldIsGoneOnWith(String mark, boolean left, boolean goesOn) {
        marked = true;
        InstanceId sentinel = new InstanceId("r1/redis-sentinel");
        String guard = mark.isEmpty() ? "" : "digest";
        SystemdSurvey.Unit away = new SystemdSurvey.Unit(false, "", "", true, guard, mark, "", "", -1, "", "", left);
        units.put(sentinel, away);
        Plan plan = Decommission.plan(cluster, survey(), Fate.KEPT);
        assertThat(plan.steps())
                .filteredOn(step -> step.id().equals("r1/redis-sentinel/unit"))
                .hasSize(goesOn ? 1 : 0);
    }

    /** Each row is what supervises, where Sentinels work, and whether it is taken over. */
    @ParameterizedTest
    @CsvSource({"systemd, /var/lib/redis, true", "no, /srv/sentinel, true", "upstart, /srv/sentinel, false"})
    void aSentinelMayWorkBesideADataNodeAndSystemdIsItsSupervisor(String by, String data, boolean taken) {
        supervised = by;
        sentinelsData = data;
        assertThat(Planner.plan(cluster, survey()).obstacles().isEmpty()).isEqualTo(taken);
    }

    private List<RestartNeeds.Need> needs(Plan plan) {
        RestartNeeds needs = new RestartNeeds(cluster, survey());
        return spec.members().stream()
                .flatMap(member -> needs.of(member, plan).stream())
                .toList();
    }

    /** Nobody is sent for a login that such a spec may not name. */
    @Test
    void oneThatAsksForAPasswordIsNotTakenOver() {
        ping = "NOAUTH Authentication required.";
        assertThat(Planner.plan(cluster, survey()).obstacles())
                .extracting(Plan.Obstacle::reason)
                .filteredOn(reason -> reason.endsWith("asks for a password is not taken over in this release"))
                .hasSize(6);
    }

    private static Step step(Plan plan, String id) {
        return plan.steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Place place(InstanceId id) {
        return Place.of(spec, id, Login.NONE);
    }

    /** As it is written. */
    private SystemdSurvey.Unit written(Member member) {
        String owner = OwnerGate.mark(spec, UID, member.id());
        Place place = place(member.id());
        String guard = member.role() == InstanceRole.REDIS
                ? GuardFile.of(spec, place, BASE, owner, Accounts.NONE).hash()
                : "";
        UnitFile file = UnitFile.of(place, BASE, owner, StopDeadline.written(spec, place));
        return unit(owner, file.hash(), guard);
    }

    /** Started long before the file was written, as whatever is taken over was. */
    private static SystemdSurvey.Unit unit(String owner, String hash, String guard) {
        return new SystemdSurvey.Unit(true, owner, hash, true, guard, guard.isEmpty() ? "" : owner, "", "", 1, "");
    }

    private ClusterSurvey survey() {
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
            Map<InstanceId, InstanceSurvey> instances = new LinkedHashMap<>();
            spec.members().stream()
                    .filter(member -> member.id().host().equals(host.name()))
                    .forEach(member -> instances.put(member.id(), seen(member)));
            hosts.put(
                    host.name(),
                    new HostSurvey(
                            BASE,
                            "b",
                            "",
                            "/usr/bin/redis-server",
                            "7.0.15",
                            List.of(),
                            1L << 40,
                            0,
                            instances,
                            AgentSurvey.NONE,
                            TuningSurvey.NONE,
                            new SystemdSurvey(
                                    true,
                                    units,
                                    new SystemdSurvey.Rotation(true, false, "", "", ""),
                                    FirewallSurvey.NONE,
                                    dropIns),
                            PackageSurvey.NONE,
                            List.of(),
                            TlsSurvey.NONE,
                            ArchiveSurvey.NONE));
        }
        return new ClusterSurvey(hosts, Map.of());
    }

    private InstanceSurvey seen(Member member) {
        InstanceId id = member.id();
        boolean redis = member.role() == InstanceRole.REDIS;
        String data = redis ? "/var/lib/redis" : sentinelsData;
        return new InstanceSurvey(
                marked,
                marked ? OwnerGate.mark(spec, UID, id) : "",
                marked ? UID + " 2" : "",
                true,
                !redis,
                marked,
                marked,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                ping,
                info(member),
                redis ? config() : Map.of(),
                redis ? Map.of() : master(),
                redis ? "" : "OK 3 usable Sentinels",
                Set.of(),
                false,
                marked ? OwnSurvey.NONE : new OwnSurvey("", "/run/redis/" + id.name() + ".pid", data, ""));
    }

    private Map<String, String> info(Member member) {
        boolean redis = member.role() == InstanceRole.REDIS;
        Map<String, String> said = new HashMap<>();
        said.put("process_id", "7");
        said.put("process_supervised", supervised);
        said.put("config_file", "/srv/orders/" + (redis ? "redis" : "sentinel") + ".conf");
        said.put("redis_version", "7.0.15");
        said.put("redis_mode", redis ? "standalone" : "sentinel");
        said.put("uptime_in_seconds", "1000000");
        if (member.id().equals(R1)) {
            said.put("role", "master");
        } else if (redis) {
            said.put("role", "slave");
            said.put("master_host", "10.0.0.11");
            said.put("master_port", "6379");
            said.put("master_link_status", "up");
        }
        return said;
    }

    private static Map<String, String> config() {
        return Map.of(
                "dbfilename", "dump.rdb",
                "appendonly", "no",
                "min-replicas-to-write", "1",
                "min-replicas-max-lag", "10",
                "replica-priority", "100");
    }

    private static Map<String, String> master() {
        Map<String, String> said = new HashMap<>();
        said.put("ip", "10.0.0.11");
        said.put("port", "6379");
        said.put("quorum", "2");
        said.put("down-after-milliseconds", "5000");
        said.put("failover-timeout", "60000");
        said.put("parallel-syncs", "1");
        said.put("num-slaves", "2");
        said.put("num-other-sentinels", "2");
        return said;
    }
}
