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
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.gate.OrderGate;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.RollingGate;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.OwnSurvey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster that somebody else built, on its way to be managed: what each instance has to be, and what is planned for it. */
class AdoptionTest {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");
    private static final InstanceId S3 = new InstanceId("r3/redis-sentinel");
    private static final ClusterUid UID = new ClusterUid("u1");

    private final ClusterSpec spec = OwnSpecs.spec("full");
    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, UID, 2, Phase.ACCEPTED, "", Instant.EPOCH, spec, 1L);
    private final Map<InstanceId, Map<String, String>> info = new HashMap<>();
    private final Map<InstanceId, Map<String, String>> config = new HashMap<>();
    private final Map<InstanceId, Map<String, String>> master = new HashMap<>();
    private final Map<InstanceId, String> ping = new HashMap<>();
    private final Map<InstanceId, OwnSurvey> own = new HashMap<>();
    private final Set<InstanceId> marked = new HashSet<>();
    private final Set<InstanceId> away = new HashSet<>();
    /** Whose configuration is gone. */
    private final Set<InstanceId> bare = new HashSet<>();

    @BeforeEach
    void allIsWell() {
        for (Member member : spec.members()) {
            InstanceId id = member.id();
            boolean redis = member.role() == InstanceRole.REDIS;
            String file = redis ? "redis" : "sentinel";
            Map<String, String> said = new HashMap<>(Map.of(
                    "process_id",
                    "7",
                    "config_file",
                    "/srv/orders/" + file + ".conf",
                    "redis_version",
                    "7.0.15",
                    "redis_mode",
                    redis ? "standalone" : "sentinel"));
            if (redis && id.equals(R1)) {
                said.put("role", "master");
            } else if (redis) {
                said.putAll(Map.of(
                        "role", "slave",
                        "master_host", "10.0.0.11",
                        "master_port", "6379",
                        "master_link_status", "up"));
            } else {
                master.put(id, sentinel());
            }
            info.put(id, said);
            if (redis) {
                config.put(
                        id,
                        new HashMap<>(Map.of(
                                "dbfilename", "dump.rdb",
                                "appendonly", "no",
                                "min-replicas-to-write", "1",
                                "min-replicas-max-lag", "10",
                                "replica-priority", "100")));
            }
            String log = redis ? "/srv/orders/redis.log" : "";
            own.put(id, new OwnSurvey("", "/srv/orders/" + file + ".pid", "/srv/orders/" + file, log));
        }
    }

    @Test
    void eachGetsAMarkAndLinksAndANoteAndNothingElseIsTouched() {
        Plan plan = plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.stages()).hasSize(2);
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly(
                        "r1/redis-server/adopt",
                        "r1/redis-sentinel/adopt",
                        "r2/redis-server/adopt",
                        "r2/redis-sentinel/adopt",
                        "r3/redis-server/adopt",
                        "r3/redis-sentinel/adopt");
        assertThat(plan.steps()).extracting(step -> plan.effect(step)).containsOnly(Effect.NONE);
        assertThat(plan.steps().getFirst().diff())
                .containsExactly(
                        "+ /base/orders/redis-server/owner u1 orders/r1/redis-server",
                        "+ /base/orders/redis-server/redis.conf -> /srv/orders/redis.conf",
                        "+ /base/orders/redis-server/redis.pid -> /srv/orders/redis.pid",
                        "+ /base/orders/redis-server/data -> /srv/orders/redis",
                        "+ /base/orders/redis-server/log/redis.log -> /srv/orders/redis.log",
                        "+ is started by /usr/bin/redis-server from its next start on");
        assertThat(plan.steps().get(1).diff()).noneMatch(line -> line.contains("/log/redis.log"));
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
    }

    /** What its builder has chosen and the spec does not name stays: appendonly is no, and Redfleet's own default is yes. */
    @Test
    void whatTheSpecSaysAndWhatRunsDiffersIsSetWhileItRuns() {
        of(config, R2).put("replica-priority", "50");
        of(master, S3).put("failover-timeout", "180000");
        Plan plan = plan();
        assertThat(plan.steps())
                .filteredOn(step -> step.id().endsWith("/settings"))
                .extracting(Step::id)
                .containsExactlyInAnyOrder("r2/redis-server/settings", "r3/redis-sentinel/settings");
        assertThat(plan.steps())
                .filteredOn(step -> step.id().equals("r2/redis-server/settings"))
                .singleElement()
                .satisfies(step ->
                        assertThat(step.diff()).containsExactly("- replica-priority 50", "+ replica-priority 100"));
        assertThat(plan.steps()).extracting(step -> plan.effect(step)).containsOnly(Effect.NONE, Effect.LIVE);
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
    }

    @Test
    void anotherBinaryInThePathIsSaidAndNobodyRestartsForIt() {
        of(info, R2).put("redis_version", "7.0.11");
        Plan plan = plan();
        assertThat(plan.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r2/redis-server");
            assertThat(refused.reason()).contains("needs --rolling");
        });
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
    }

    /** Each row is one field of INFO of one instance that is not as it has to be, and the words by which it is refused. */
    @ParameterizedTest(name = "{0}: {1}={2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            r2/redis-server   | config_file        | /etc/redis.conf | it runs by '/etc/redis.conf', and the spec names /srv
            r2/redis-server   | config_file        | ""              | it runs by '', and the spec names /srv/orders/redis.conf
            r2/redis-server   | process_id         | 8               | process 8 answers on 10.0.0.12:6379
            r2/redis-server   | redis_mode         | sentinel        | it runs in mode sentinel, and the spec says redis
            r2/redis-server   | process_supervised | systemd         | INFO says process_supervised:systemd
            r3/redis-sentinel | process_supervised | upstart         | INFO says process_supervised:upstart
            r3/redis-sentinel | redis_mode         | standalone      | it runs in mode standalone, and the spec says sentinel
            r2/redis-server   | role               | master          | name 10.0.0.11:6379 as the master, and its role is 'master'
            r1/redis-server   | role               | slave           | name it as the master, and its role is 'slave'
            r2/redis-server   | master_port        | 6380            | as the master, and it follows 10.0.0.11:6380
            r2/redis-server   | master_link_status | down            | its link to its master is down
            """)
    void whoIsNotThatOneOrInAnotherRoleIsRefusedByName(String id, String field, String value, String words) {
        of(info, new InstanceId(id)).put(field, value);
        onlyObstacle(new InstanceId(id), words);
    }

    /** From 8.0 on. */
    @Test
    void aValkeySaysInWhichModeItRunsByANameOfItsOwn() {
        info.values().forEach(said -> said.put("server_mode", String.valueOf(said.remove("redis_mode"))));
        of(info, R2).put("process_supervised", "no");
        assertThat(plan().obstacles()).isEmpty();
        of(info, S3).put("server_mode", "standalone");
        onlyObstacle(S3, "it runs in mode standalone, and the spec says sentinel");
    }

    /** A pidfile that is out of date could name the other one's process, which then counts as its own. */
    @Test
    void soAreTwoOfAHostThatShareAWorkingDirectory() {
        own.put(R2, new OwnSurvey("", "/srv/orders/redis.pid", "/srv/orders/sentinel", ""));
        assertThat(plan().obstacles()).hasSize(2).allSatisfy(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r2");
            assertThat(obstacle.reason()).contains("works in /srv/orders/sentinel, and so does r2/redis-");
        });
    }

    @Test
    void soIsOneWhoseConfigurationHasGoneOnceItWasTakenOver() {
        spec.members().forEach(member -> marked.add(member.id()));
        bare.add(R2);
        assertThat(plan().obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains("/srv/orders/redis.conf is gone", "or its removal was cut off: delete again"));
    }

    @Test
    void soIsWhoIsAwayOrDoesNotAnswerOrAsksForAPassword() {
        ping.put(R2, "NOAUTH Authentication required.");
        onlyObstacle(R2, "answers PING by 'NOAUTH Authentication required.': the spec names no login (security.probe)");
        ping.put(R2, "LOADING Redis is loading the dataset in memory");
        onlyObstacle(R2, "answers PING by 'LOADING");
        ping.clear();
        away.add(R2);
        own.put(R2, new OwnSurvey("no Redis of ops's runs by the pidfile /srv/orders/redis.pid", "", "", ""));
        onlyObstacle(R2, "is not taken over: no Redis of ops's runs");
    }

    @Test
    void soIsWhatLiesWhereALinkWouldMeanSomethingElse() {
        own.put(R2, new OwnSurvey("", "/srv/orders/redis.pid", "/srv/my orders", ""));
        onlyObstacle(R2, "'/srv/my orders'");
        own.put(R2, new OwnSurvey("", "/srv/orders/redis.pid", "/srv/orders", "/srv/\u00e9.log"));
        onlyObstacle(R2, "'/srv/?.log'");
    }

    @Test
    void soIsADataSetUnderAnotherName() {
        of(config, R2).put("dbfilename", "orders.rdb");
        onlyObstacle(R2, "dbfilename is orders.rdb, and in this release must be dump.rdb");
        of(config, R2).put("dbfilename", "dump.rdb");
        of(config, R2).put("appenddirname", "aof");
        onlyObstacle(R2, "appenddirname is aof");
        of(config, R2).clear();
        onlyObstacle(R2, "CONFIG GET names no dbfilename");
    }

    @Test
    void aSentinelThatNamesAnotherMasterIsRefusedAndSoAreAllWhereNoMajorityDoes() {
        of(master, S3).put("port", "6380");
        onlyObstacle(S3, "it names 10.0.0.11:6380, and most Sentinels name 10.0.0.11:6379");
        of(master, new InstanceId("r1/redis-sentinel")).put("port", "6381");
        assertThat(plan().obstacles())
                .hasSize(6)
                .allSatisfy(obstacle ->
                        assertThat(obstacle.reason()).contains("no majority of the Sentinels names a master"));
    }

    /** Its Sentinels may have another password than it asks for. */
    @Test
    void soIsASentinelThatDoesNotSeeItsMaster() {
        for (String flags : List.of("s_down,master", "master,disconnected", "s_down,o_down,master")) {
            of(master, S3).put("flags", flags);
            onlyObstacle(S3, "it finds the master " + flags + ": it does not reach it");
        }
        of(master, S3).put("flags", "master");
        assertThat(plan().obstacles()).isEmpty();
    }

    @Test
    void dataNodesAskForAPasswordAllOrNone() {
        own.replaceAll((id, one) -> new OwnSurvey(
                "", one.pidfile(), one.data(), one.log(), id.name().equals("redis-server") ? "yes" : ""));
        assertThat(plan().obstacles()).isEmpty();
        own.put(R2, new OwnSurvey("", "/srv/orders/redis.pid", "/srv/orders/redis", "", "no"));
        onlyObstacle(R2, "it lets everybody in, and r1/redis-server asks for a password");
        own.replaceAll((id, one) -> new OwnSurvey("", one.pidfile(), one.data(), one.log(), "no"));
        assertThat(plan().obstacles()).as("nobody asks for one").isEmpty();
    }

    @Test
    void withSomethingInTheWayOrSomethingToStartTheSpecIsNotAccepted() {
        of(info, R2).put("role", "master");
        Plan blocked = plan();
        assertThat(Adoption.forbidden(blocked, true))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("nothing is taken over, and the spec is not accepted: r2: redis-server: "));
        assertThat(Adoption.forbidden(blocked, false)).as("nobody asks").isEmpty();
        for (Step step : List.of(Plans.start("r2"), Plans.stop("r2"))) {
            Plan starts = Plans.of(List.of(List.of(step)));
            assertThat(Adoption.forbidden(starts, true))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("would " + step.title()));
            assertThat(Adoption.forbidden(starts, false)).isEmpty();
        }
        assertThat(Adoption.forbidden(Plans.of(List.of(List.of(Plans.tell("r2")))), true))
                .isEmpty();
    }

    @Test
    void whatIsMarkedIsManagedAndStartedLikeAnyOther() {
        spec.members().forEach(member -> marked.add(member.id()));
        assertThat(plan().steps()).noneMatch(step -> step.action() instanceof OwnAction);
        away.add(R2);
        assertThat(plan().steps()).extracting(Step::id).contains("r2/redis-server/start");
    }

    @Test
    void untilItIsMarkedNoOrderReachesIt() {
        Verdict verdict = OrderGate.judge(cluster, survey(), R2, Request.Verb.RESTART, "");
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Withheld.class,
                        withheld -> assertThat(withheld.reason())
                                .contains("somebody else built it, and it is not taken over yet"));
        spec.members().forEach(member -> marked.add(member.id()));
        assertThat(OrderGate.judge(cluster, survey(), R2, Request.Verb.RESTART, "")
                        .toString())
                .doesNotContain("somebody else built it");
    }

    @Test
    void nothingIsSwitchedWhereHalfOfItIsSomebodyElses() {
        spec.members().forEach(member -> marked.add(member.id()));
        for (InstanceId replica : List.of(R2, new InstanceId("r3/redis-server"))) {
            of(info, replica).put("slave_priority", "100");
        }
        assertThat(SwitchGate.judge(cluster, survey(), null)).isInstanceOf(SwitchGate.Go.class);
        for (InstanceId id : List.of(R2, S3)) {
            marked.remove(id);
            assertThat(SwitchGate.judge(cluster, survey(), null))
                    .isInstanceOfSatisfying(
                            SwitchGate.No.class,
                            no -> assertThat(no.verdict())
                                    .isInstanceOfSatisfying(
                                            Verdict.Withheld.class,
                                            withheld -> assertThat(withheld.reason())
                                                    .startsWith(id + ": somebody else built it")));
            marked.add(id);
        }
    }

    /** Nobody may be promoted. Whether the master keeps anything on disk its builder has said, and not the spec. */
    @Test
    void aMasterThatKeepsItsDataIsRestartedByTheExactWord() {
        spec.members().forEach(member -> marked.add(member.id()));
        assertThat(outage()).contains("empty-master");
        of(config, R1).put("appendonly", "yes");
        assertThat(outage()).isEmpty();
        of(config, R1).put("appendonly", "no");
        of(config, R1).put("save", "3600 1");
        assertThat(outage()).isEmpty();
        of(config, R1).put("save", "");
        assertThat(outage()).contains("empty-master");
    }

    private Optional<String> outage() {
        return RollingGate.judge(cluster, survey(), List.of(R1), false, R1.value())
                .map(Verdict.Withheld::rule);
    }

    /** Half of it is marked, as where an operation was cut off: the other half is taken over by the next. */
    @Test
    void whatIsLeftIsTakenOverByTheNextApply() {
        marked.add(R1);
        marked.add(R2);
        assertThat(plan().steps())
                .filteredOn(step -> step.action() instanceof OwnAction.Adopt)
                .hasSize(4);
    }

    @Test
    void theClustersEndLetsGoOfWhatIsMarkedAndStopsNobody() {
        spec.members().forEach(member -> marked.add(member.id()));
        marked.remove(S3);
        for (Fate fate : Fate.values()) {
            Plan plan = Decommission.plan(cluster, survey(), fate);
            assertThat(plan.steps())
                    .as("%s", fate)
                    .hasSize(5)
                    .allSatisfy(step -> assertThat(step.action()).isInstanceOf(OwnAction.Release.class));
            assertThat(plan.steps()).extracting(step -> plan.effect(step)).containsOnly(Effect.NONE);
        }
    }

    private void onlyObstacle(InstanceId id, String words) {
        assertThat(plan().obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host() + "/" + obstacle.subject()).isEqualTo(id.value());
            assertThat(obstacle.reason()).startsWith("is not taken over: ").contains(words);
        });
        assertThat(plan().steps()).isEmpty();
    }

    private Plan plan() {
        return Planner.plan(cluster, survey());
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
                            "/base", "b", "", "/usr/bin/redis-server", "7.0.15", List.of(), 1L << 40, 0, instances));
        }
        return new ClusterSurvey(hosts, Map.of());
    }

    private InstanceSurvey seen(Member member) {
        InstanceId id = member.id();
        boolean ours = marked.contains(id);
        boolean there = !away.contains(id);
        boolean redis = member.role() == InstanceRole.REDIS;
        return new InstanceSurvey(
                ours,
                ours ? OwnerGate.mark(spec, UID, id) : "",
                ours ? UID + " 2" : "",
                !bare.contains(id),
                !redis,
                ours,
                ours,
                false,
                false,
                "",
                there ? 7 : 0,
                1,
                false,
                there,
                there ? ping.getOrDefault(id, "PONG") : "",
                there ? of(info, id) : Map.of(),
                there ? config.getOrDefault(id, Map.of()) : Map.of(),
                there ? master.getOrDefault(id, Map.of()) : Map.of(),
                redis || !there ? "" : "OK 3 usable Sentinels",
                Set.of(),
                false,
                ours ? OwnSurvey.NONE : Optional.ofNullable(own.get(id)).orElseThrow());
    }

    private static Map<String, String> of(Map<InstanceId, Map<String, String>> all, InstanceId id) {
        return Optional.ofNullable(all.get(id)).orElseThrow();
    }

    private static Map<String, String> sentinel() {
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
