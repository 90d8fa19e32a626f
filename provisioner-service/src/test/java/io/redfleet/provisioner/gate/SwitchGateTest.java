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
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may take a living master's place. The cluster: r1, r2, r3, each with a data node and a Sentinel; r1 is master. */
class SwitchGateTest {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");
    private static final InstanceId R3 = new InstanceId("r3/redis-server");
    private static final InstanceId S1 = new InstanceId("r1/redis-sentinel");
    private static final InstanceId S2 = new InstanceId("r2/redis-sentinel");
    private static final InstanceId S3 = new InstanceId("r3/redis-sentinel");

    private final ClusterSpec spec = spec();
    /** Of data nodes their INFO, of Sentinels what they know of the master. */
    private final Map<InstanceId, Map<String, String>> said = new HashMap<>();

    private final Map<InstanceId, String> pings = new HashMap<>();
    private final Map<InstanceId, String> quorums = new HashMap<>();
    private final Map<InstanceId, String> owners = new HashMap<>();
    private final Map<InstanceId, String> notes = new HashMap<>();
    private final Set<String> unreached = new HashSet<>();

    SwitchGateTest() {
        said.put(R1, new HashMap<>(Map.of("role", "master")));
        for (InstanceId replica : List.of(R2, R3)) {
            said.put(
                    replica,
                    new HashMap<>(Map.of(
                            "role", "slave",
                            "master_link_status", "up",
                            "master_host", "10.0.0.11",
                            "master_port", "6379",
                            "slave_priority", "100")));
        }
        for (InstanceId sentinel : List.of(S1, S2, S3)) {
            said.put(sentinel, new HashMap<>(Map.of("ip", "10.0.0.11", "port", "6379", "flags", "master")));
        }
    }

    @Test
    void everyReplicaThatSentinelCouldChooseIsACandidate() {
        SwitchGate.Go go = go(null);
        assertThat(go.old().id()).isEqualTo(R1);
        assertThat(go.to()).isEmpty();
        assertThat(go.candidates()).extracting(Member::id).containsExactly(R2, R3);
    }

    @Test
    void theOneThatIsWantedIsGoneTo() {
        assertThat(go(R3).to().map(Member::id)).contains(R3);
        assertThat(go(R3).candidates()).extracting(Member::id).containsExactly(R2, R3);
    }

    @Test
    void theMasterTakesItsOwnPlaceAlready() {
        assertThat(no(R1)).isEqualTo(new Verdict.Needless("r1/redis-server is the master"));
    }

    /** r2 is left out where one field of it is otherwise; without r3 nobody is left. */
    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "role, master",
        "master_link_status, down",
        "master_host, 10.0.0.13",
        "master_port, 6380",
        "slave_priority, 0",
        "slave_priority, ''",
        "slave_priority, none",
    })
    void whoIsNotInSyncOrNeverToBePromotedIsNoCandidate(String field, String value) {
        facts(R2).put(field, value);
        assertThat(go(null).candidates()).extracting(Member::id).containsExactly(R3);
        assertThat(rule(R2)).isEqualTo("replica");
        assertThat(go(R3).to().map(Member::id)).contains(R3);
        facts(R3).put(field, value);
        assertThat(rule(null)).isEqualTo("replica");
    }

    /** r1 writes the history f00d and went on from cafe. */
    @ParameterizedTest(name = "a replica of {0}: {1}")
    @CsvSource({"f00d, true", "cafe, true", "beef, false", "'', true"})
    void whoseHistoryIsAnothersIsNotPromoted(String history, boolean may) {
        facts(R1).put("master_replid", "f00d");
        facts(R1).put("master_replid2", "cafe");
        facts(R2).put("master_replid", history);
        facts(R3).put("master_replid", "f00d");
        if (may) {
            assertThat(go(R2).candidates()).extracting(Member::id).containsExactly(R2, R3);
            assertThat(go(null).to()).isEmpty();
            return;
        }
        assertThat(no(R2))
                .isEqualTo(new Verdict.Withheld(
                        "history",
                        "r2/redis-server has the history beef (master_replid), and r1/redis-server has f00d, before that"
                                + " cafe: its data are not the master's"));
        assertThat(rule(null)).as("Sentinel may choose it").isEqualTo("history");
        assertThat(go(R3).to().map(Member::id)).contains(R3);
        assertThat(go(R3).candidates()).extracting(Member::id).containsExactly(R3);
    }

    @Test
    void ofAMasterThatDoesNotSayItsHistoryNothingIsKnown() {
        facts(R2).put("master_replid", "beef");
        assertThat(go(R2).to().map(Member::id)).contains(R2);
    }

    @Test
    void aReplicaThatLoadsOrWhoseHostIsSilentIsNoCandidate() {
        pings.put(R2, "LOADING Redis is loading the dataset in memory");
        assertThat(rule(R2)).isEqualTo("replica");
        pings.remove(R2);
        unreached.add("r2");
        assertThat(rule(R2)).isEqualTo("replica");
        assertThat(go(null).candidates()).extracting(Member::id).containsExactly(R3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1/redis-sentinel", "r9/redis-server"})
    void whatIsNoReplicaIsNeverMaster(String to) {
        assertThat(((Verdict.Withheld) no(new InstanceId(to))).reason())
                .isEqualTo(to + " is no replica of r1/redis-server that is in sync with it and has a replicaPriority"
                        + " above 0");
    }

    @Test
    void whoIsWantedMustComeBeforeAllOthers() {
        facts(R2).put("slave_priority", "1");
        assertThat(rule(R3)).isEqualTo("priority");
        assertThat(go(R2).to().map(Member::id)).contains(R2);
        assertThat(go(null).to()).isEmpty();
        facts(R3).put("slave_priority", "1");
        assertThat(rule(R2)).isEqualTo("priority");
    }

    @Test
    void aMasterThatDoesNotAnswerAsOneIsNotSwitchedFrom() {
        facts(R1).put("role", "slave");
        assertThat(rule(null)).isEqualTo("master");
        facts(R1).put("role", "master");
        pings.put(R1, "");
        assertThat(rule(null)).isEqualTo("master");
        unreached.add("r1");
        assertThat(rule(null)).isEqualTo("host");
    }

    @Test
    void withoutAMajorityThatNamesOneOfOursNothingIsSwitched() {
        facts(S2).put("ip", "10.0.0.12");
        assertThat(go(null).old().id()).as("two of three").isEqualTo(R1);
        facts(S3).put("ip", "10.0.0.13");
        assertThat(((Verdict.Withheld) no(null)).reason()).isEqualTo("no majority of the Sentinels names a master");
        List.of(S1, S2, S3).forEach(id -> facts(id).put("ip", "10.0.0.99"));
        assertThat(((Verdict.Withheld) no(null)).reason())
                .isEqualTo("the Sentinels name 10.0.0.99:6379, which is none of the cluster's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failover_in_progress", "o_down", "s_down"})
    void whatASentinelHoldsAgainstTheMasterComesFirst(String flag) {
        facts(S3).put("flags", "master," + flag);
        assertThat(((Verdict.Withheld) no(null)).rule()).isEqualTo("failover");
        assertThat(((Verdict.Withheld) no(null)).reason())
                .isEqualTo("r3/redis-sentinel says " + flag + " of the master");
    }

    @Test
    void aMajorityOfTheSentinelsMustFindTheirQuorum() {
        quorums.put(S1, "NOQUORUM 1 usable Sentinels");
        go(null);
        quorums.put(S2, "");
        assertThat(((Verdict.Withheld) no(null)).reason())
                .isEqualTo("1 of 3 Sentinels find their quorum, needed are 2");
    }

    @Test
    void aMasterThatIsMarkedAsAnothersIsLeftAlone() {
        owners.put(R1, "another-uid orders/r1/redis-server");
        assertThat(rule(null)).isEqualTo("owner");
        owners.put(R1, "u orders/r1/redis-server");
        go(null);
    }

    @Test
    void aSpecThatIsOlderThanTheHostsSwitchesNothing() {
        notes.put(R2, "u 2");
        assertThat(rule(null)).isEqualTo("revision");
    }

    private Map<String, String> facts(InstanceId id) {
        return said.computeIfAbsent(id, key -> new HashMap<>());
    }

    private SwitchGate.Go go(@Nullable InstanceId to) {
        SwitchGate.Judgement judged = SwitchGate.judge(cluster(), survey(), to);
        assertThat(judged).isInstanceOf(SwitchGate.Go.class);
        return (SwitchGate.Go) judged;
    }

    private Verdict no(@Nullable InstanceId to) {
        SwitchGate.Judgement judged = SwitchGate.judge(cluster(), survey(), to);
        assertThat(judged).isInstanceOf(SwitchGate.No.class);
        return ((SwitchGate.No) judged).verdict();
    }

    private String rule(@Nullable InstanceId to) {
        Verdict verdict = no(to);
        assertThat(verdict).isInstanceOf(Verdict.Withheld.class);
        return ((Verdict.Withheld) verdict).rule();
    }

    private ClusterState cluster() {
        return new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", Instant.EPOCH, spec);
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
                    new HostSurvey("/base", "b", "", "/bin/r", "7.0.15", List.of(), 1L << 40, 0, instances));
        });
        return new ClusterSurvey(hosts, failed);
    }

    private InstanceSurvey seen(Member member) {
        boolean sentinel = member.role() == InstanceRole.SENTINEL;
        Map<String, String> facts = facts(member.id());
        return new InstanceSurvey(
                true,
                owners.getOrDefault(member.id(), ""),
                notes.getOrDefault(member.id(), ""),
                true,
                sentinel,
                true,
                true,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                pings.getOrDefault(member.id(), "PONG"),
                sentinel ? Map.of() : facts,
                Map.of(),
                sentinel ? facts : Map.of(),
                sentinel ? quorums.getOrDefault(member.id(), "OK 3 usable Sentinels") : "");
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        return ((SpecReader.Good)
                        SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts))))
                .spec();
    }
}
