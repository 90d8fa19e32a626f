package io.redfleet.provisioner.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When one after the other may be restarted. The cluster: r1, r2, r3, each with a data node and a Sentinel; r1 is master. */
class RollingGateTest {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");
    private static final InstanceId R3 = new InstanceId("r3/redis-server");
    private static final InstanceId S1 = new InstanceId("r1/redis-sentinel");
    private static final InstanceId S2 = new InstanceId("r2/redis-sentinel");
    private static final InstanceId S3 = new InstanceId("r3/redis-sentinel");
    private static final List<InstanceId> ALL = List.of(S1, S2, S3, R2, R3, R1);

    private ClusterSpec spec = spec(Map.of(), Map.of());
    /** Of each its INFO, and of Sentinels what they know of the master. */
    private final Map<InstanceId, Map<String, String>> said = new HashMap<>();

    private final Map<InstanceId, Map<String, String>> masters = new HashMap<>();
    private final Map<InstanceId, String> pings = new HashMap<>();
    private final Map<InstanceId, String> quorums = new HashMap<>();
    private final Set<InstanceId> stopped = new HashSet<>();
    private final Set<String> unreached = new HashSet<>();
    private String version = "7.0.15";
    private boolean moves = true;

    RollingGateTest() {
        said.put(R1, new HashMap<>(Map.of("role", "master", "redis_version", "7.0.15")));
        for (InstanceId replica : List.of(R2, R3)) {
            said.put(
                    replica,
                    new HashMap<>(Map.of(
                            "role", "slave",
                            "redis_version", "7.0.15",
                            "master_link_status", "up",
                            "master_host", "10.0.0.11",
                            "master_port", "6379",
                            "slave_priority", "100")));
        }
        for (InstanceId sentinel : List.of(S1, S2, S3)) {
            said.put(sentinel, new HashMap<>(Map.of("redis_version", "7.0.15")));
            masters.put(sentinel, new HashMap<>(Map.of("ip", "10.0.0.11", "port", "6379", "flags", "master")));
        }
    }

    @Test
    void whereAllIsWellTheyMay() {
        assertThat(judge(ALL, "")).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}={2}")
    @CsvSource({
        "r2/redis-server, master_link_status, down",
        "r3/redis-server, master_sync_in_progress, 1",
        "r3/redis-server, master_host, 10.0.0.12",
        "r3/redis-server, master_port, 6380",
        "r2/redis-server, role, master",
    })
    void whoIsNotInSyncEndsIt(String id, String field, String value) {
        facts(new InstanceId(id)).put(field, value);
        // Also where another one is to be restarted.
        assertThat(judge(List.of(S1), "").map(Withheld::reason))
                .contains(id + " is not in sync with the master r1/redis-server");
    }

    /** What a newer master sends it cannot load, so nothing but its restart brings it into sync. */
    @ParameterizedTest(name = "{0} runs {1}, its master {2}, {3}={4}: {5}")
    @CsvSource({
        "r3/redis-server, 7.0.15, 8.0.2, master_link_status, down, ''",
        "r3/redis-server, 7.0.15, 8.0.2, master_sync_in_progress, 1, ''",
        "r3/redis-server, 7.0.15, 8.0.2, master_host, 10.0.0.12, link",
        "r3/redis-server, 7.0.15, 8.0.2, role, master, link",
        "r3/redis-server, 8.0.2, 8.0.2, master_link_status, down, link",
        "r3/redis-server, 7.0.15, '', master_link_status, down, link",
        "r2/redis-server, 7.0.15, 8.0.2, master_link_status, down, link",
    })
    void anOlderReplicaOfANewerMasterIsRestartedOutOfSync(
            String id, String runs, String master, String field, String value, String rule) {
        version = "8.0.2";
        said.values().forEach(info -> info.put("redis_version", "8.0.2"));
        facts(R1).put("redis_version", master);
        facts(new InstanceId(id)).put("redis_version", runs);
        facts(new InstanceId(id)).put(field, value);
        // r3 alone is to be restarted.
        assertThat(rule(List.of(R3))).isEqualTo(rule);
    }

    /** A restart by the same links is one of the same Redis, and brings it no nearer. */
    @Test
    void whoseBinaryStaysIsNotRestartedOutOfSync() {
        version = "8.0.2";
        said.values().forEach(info -> info.put("redis_version", "8.0.2"));
        facts(R3).putAll(Map.of("redis_version", "7.0.15", "master_link_status", "down"));
        assertThat(rule(List.of(R3))).as("moved to what the host has").isEmpty();
        moves = false;
        assertThat(judge(List.of(R3), "").map(Withheld::reason))
                .contains("r3/redis-server is not in sync with the master r1/redis-server");
    }

    /** The version of a Redis that each Valkey says beside its own is the same of all. */
    @ParameterizedTest(name = "r3 runs Valkey {0}, its master {1}: {2}")
    @CsvSource({"8.1.1, 9.0.0, ''", "9.0.0, 9.0.0, link"})
    void anOlderValkeyThatFollowsANewerOneIsRestartedOutOfSync(String runs, String master, String rule) {
        version = master;
        said.values().forEach(info -> info.putAll(Map.of("redis_version", "7.2.4", "valkey_version", master)));
        facts(R3).putAll(Map.of("valkey_version", runs, "master_link_status", "down"));
        assertThat(rule(List.of(R3))).isEqualTo(rule);
    }

    @Test
    void whoIsDownOrStrangeEndsIt() {
        pings.put(R3, "LOADING Redis is loading the dataset in memory");
        assertThat(judge(List.of(R2), "").map(Withheld::reason))
                .contains("r3/redis-server is not ready: to PING it answers LOADING Redis is loading the dataset in"
                        + " memory");
        pings.put(R3, "");
        assertThat(rule(List.of(R2))).isEqualTo("down");
        stopped.add(R3);
        assertThat(rule(List.of(R2))).isEqualTo("stopped");
        unreached.add("r3");
        assertThat(rule(List.of(R2))).isEqualTo("host");
    }

    @Test
    void aMasterThatDoesNotAnswerAsOneEndsIt() {
        facts(R1).put("role", "slave");
        assertThat(rule(List.of(R2))).isEqualTo("master");
    }

    @Test
    void withoutAMajorityThatNamesOneOfOursNothingIsRestarted() {
        master(S2).put("ip", "10.0.0.12");
        assertThat(judge(List.of(R2), "")).as("two of three").isEmpty();
        master(S3).put("ip", "10.0.0.13");
        assertThat(rule(List.of(R2))).isEqualTo("majority");
        masters.values().forEach(master -> master.put("ip", "10.0.0.99"));
        assertThat(judge(List.of(R2), "").map(Withheld::reason))
                .contains("the Sentinels name 10.0.0.99:6379, which is none of the cluster's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failover_in_progress", "o_down", "s_down", "disconnected"})
    void whatASentinelSaysOfTheMasterEndsIt(String flag) {
        master(S3).put("flags", "master," + flag);
        assertThat(judge(List.of(R2), "").map(Withheld::reason))
                .contains("r3/redis-sentinel says " + flag + " of the master");
    }

    @Test
    void aSentinelThatDoesNotFindItsQuorumEndsIt() {
        quorums.put(S1, "NOQUORUM 1 usable Sentinels");
        assertThat(rule(List.of(R2))).isEqualTo("quorum");
    }

    @Test
    void aSentinelWhoseLossCostsTheQuorumIsNotRestarted() {
        spec = spec(Map.of("quorum", 3), Map.of());
        assertThat(judge(List.of(R2), "")).isEmpty();
        assertThat(judge(List.of(S2, R2), "").map(Withheld::reason))
                .contains("while one of 3 Sentinels is restarted 2 are left, and a failover needs 3: lower"
                        + " spec.sentinel.quorum, or add a Sentinel");
    }

    @Test
    void aSentinelThatOthersNeedTooIsNeverStopped() {
        facts(S2).put("master1", "name=payments,status=ok,address=10.0.0.50:6379,slaves=1,sentinels=3");
        assertThat(rule(List.of(S2))).isEqualTo("shared-sentinel");
        assertThat(judge(List.of(S1, R2), "")).as("another one").isEmpty();
    }

    @ParameterizedTest(name = "hosts have {0}, {1} runs {2}: {3}")
    @CsvSource({
        "7.0.15, r1/redis-server, 7.2.4, downgrade",
        "7.0.15, r3/redis-sentinel, 7.0.16, downgrade",
        "7.0.9, r1/redis-server, 7.0.10, downgrade",
        "7.2.4, r1/redis-server, 7.0.15, ''",
        "7.0.15, r1/redis-server, '', ''",
    })
    void noOlderRedisIsStartedBesideANewerOne(String hosts, String id, String runs, String rule) {
        version = hosts;
        said.values().forEach(info -> info.put("redis_version", hosts));
        facts(new InstanceId(id)).put("redis_version", runs);
        assertThat(judge(List.of(R2), "").map(Withheld::rule).orElse("")).isEqualTo(rule);
    }

    /** The version of a Redis that each Valkey says beside its own is the same of all. */
    @ParameterizedTest(name = "hosts have Valkey {0}, r1 runs {1}: {2}")
    @CsvSource({"8.1.1, 9.0.0, downgrade", "8.1.1, 8.1.1, ''", "9.0.0, 8.1.1, ''"})
    void noOlderValkeyIsStartedBesideANewerOne(String hosts, String runs, String rule) {
        version = hosts;
        said.values().forEach(info -> info.putAll(Map.of("redis_version", "7.2.4", "valkey_version", hosts)));
        facts(R1).put("valkey_version", runs);
        assertThat(judge(List.of(R2), "").map(Withheld::rule).orElse("")).isEqualTo(rule);
    }

    /** r2 and all Sentinels have gone to a later Redis, and all are to be as before. */
    @ParameterizedTest(name = "hosts have {0}, r2 runs {1}, the master {2}, {3}={4} of {5}: {6}")
    @CsvSource({
        "7.0.15, 7.2.4, 7.0.15, master_link_status, up,   r2/redis-server, ''",
        "7.0.15, 7.2.4, 7.0.15, master_link_status, down, r2/redis-server, ''",
        "7.0.15, 7.2.4, 7.0.15, master_link_status, down, r3/redis-server, link",
        "7.0.15, 7.2.4, 7.0.15, role,               master, r2/redis-server, link",
        "7.0.15, 7.2.4, 7.2.4,  master_link_status, up,   r2/redis-server, downgrade",
        "7.0.15, 7.2.4, 7.0.16, master_link_status, up,   r2/redis-server, downgrade",
        "6.2.14, 7.2.4, 6.2.14, master_link_status, up,   r2/redis-server, way-back",
        "7.0.4,  7.0.4, 7.0.4,  master_link_status, up,   r2/redis-server, ''",
    })
    void whoHasGoneToALaterRedisGoesBackAsLongAsItsMasterHasNot(
            String hosts, String runs, String leads, String field, String value, String id, String rule) {
        version = hosts;
        said.values().forEach(info -> info.put("redis_version", hosts));
        facts(R1).put("redis_version", leads);
        facts(R2).put("redis_version", runs);
        facts(S1).put("redis_version", runs);
        facts(new InstanceId(id)).put(field, value);
        assertThat(back(List.of(S1, R2)).map(Withheld::rule).orElse("")).isEqualTo(rule);
        if (Release.older(hosts, runs)) {
            assertThat(judge(List.of(S1, R2), ""))
                    .as("by a roll, which puts nothing aside")
                    .isPresent();
        }
    }

    @Test
    void theReasonSaysWhatTheWayBackWouldCost() {
        facts(R2).put("redis_version", "7.2.4");
        assertThat(back(List.of(R3)).map(Withheld::rule))
                .as("r2 would stay the later one")
                .contains("downgrade");
        facts(R1).put("redis_version", "7.2.4");
        assertThat(back(List.of(R2, R3)).map(Withheld::reason).orElse(""))
                .contains("r1/redis-server runs 7.2.4", "it leads, so going back means a restore");
    }

    /** Whoever is emptied first has to leave more than half of the data nodes with the data. */
    @ParameterizedTest(name = "r2 is {0}, r3 is {1}: {2}")
    @CsvSource({"up, up, ''", "up, down, ''", "down, up, ''", "down, down, way-back"})
    void whoHoldsNothingIsEmptiedFirstAndTheMasterIsNeverAlone(String second, String third, String rule) {
        facts(R2).putAll(Map.of("redis_version", "7.2.4", "master_link_status", second));
        facts(R3).putAll(Map.of("redis_version", "7.2.4", "master_link_status", third));
        assertThat(back(List.of(R2, R3)).map(Withheld::rule).orElse("")).isEqualTo(rule);
        if (!rule.isEmpty()) {
            assertThat(back(List.of(R2, R3)).map(Withheld::reason))
                    .contains("r2/redis-server would start empty on the way back, and 1 of 3 data nodes would hold the"
                            + " data meanwhile: it takes more than half of them");
        }
    }

    @Test
    void aMasterThatNobodyCanTakeOverFromIsRestartedByTheExactWordAlone() {
        facts(R2).put("slave_priority", "0");
        facts(R3).put("slave_priority", "0");
        assertThat(judge(List.of(R2, R3), "")).as("the replicas alone").isEmpty();
        Withheld withheld = judge(ALL, "").orElseThrow();
        assertThat(withheld.rule()).isEqualTo("outage");
        assertThat(withheld.reason())
                .contains("no replica is in sync with the master and may be promoted", "--outage r1/redis-server");
        assertThat(judge(ALL, "r2/redis-server").map(Withheld::rule)).contains("outage");
        assertThat(judge(ALL, "r1/redis-sentinel").map(Withheld::reason))
                .contains("outage=r1/redis-sentinel names no data node of orders; it is the id of the master, as"
                        + " r1/redis-server");
        assertThat(judge(ALL, "r1/redis-server")).isEmpty();
        spec = spec(Map.of(), Map.of("appendonly", "no", "save", ""));
        assertThat(judge(ALL, "r1/redis-server").map(Withheld::rule)).contains("empty-master");
    }

    private Map<String, String> master(InstanceId sentinel) {
        return masters.computeIfAbsent(sentinel, key -> new HashMap<>());
    }

    private Map<String, String> facts(InstanceId id) {
        return said.computeIfAbsent(id, key -> new HashMap<>());
    }

    private Optional<Withheld> judge(List<InstanceId> restarted, String outage) {
        ClusterState cluster = new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", Instant.EPOCH, spec);
        return RollingGate.judge(cluster, survey(), restarted, moves, outage);
    }

    /** Of restarts that put aside what a later Redis has stored. */
    private Optional<Withheld> back(List<InstanceId> restarted) {
        ClusterState cluster = new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", Instant.EPOCH, spec);
        return RollingGate.judge(cluster, survey(), restarted, moves, true, "");
    }

    private String rule(List<InstanceId> restarted) {
        return judge(restarted, "").map(Withheld::rule).orElse("");
    }

    private ClusterSurvey survey() {
        Map<HostName, HostSurvey> hosts = new HashMap<>();
        Map<HostName, Reply.Failed> failed = new HashMap<>();
        spec.hosts().forEach(host -> {
            if (unreached.contains(host.name().value())) {
                failed.put(host.name(), new Reply.Failed(Trouble.UNREACHABLE, "no route"));
                return;
            }
            Map<InstanceId, InstanceSurvey> instances = new HashMap<>();
            spec.members().stream()
                    .filter(member -> member.id().host().equals(host.name()))
                    .forEach(member -> instances.put(member.id(), seen(member)));
            hosts.put(
                    host.name(),
                    new HostSurvey("/base", "b", "", "/bin/r", version, List.of(), 1L << 40, 0, instances));
        });
        return new ClusterSurvey(hosts, failed);
    }

    private InstanceSurvey seen(Member member) {
        boolean sentinel = member.role() == InstanceRole.SENTINEL;
        boolean down = stopped.contains(member.id());
        return new InstanceSurvey(
                true,
                "",
                "",
                true,
                sentinel,
                true,
                true,
                down,
                false,
                "",
                down ? 0 : 7,
                1,
                false,
                true,
                pings.getOrDefault(member.id(), "PONG"),
                facts(member.id()),
                Map.of(),
                sentinel ? masters.getOrDefault(member.id(), Map.of()) : Map.of(),
                sentinel ? quorums.getOrDefault(member.id(), "OK 3 usable Sentinels") : "");
    }

    private static ClusterSpec spec(Map<String, Object> sentinel, Map<String, String> config) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of("hosts", hosts, "sentinel", sentinel, "redis", Map.of("config", config));
        return ((SpecReader.Good) SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec))).spec();
    }
}
