package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FileSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.OwnSurvey;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan does about files that say another thing than what runs, and what it only tells. */
class FilePlanTest {
    private static final InstanceId DATA = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");

    private final ClusterState cluster = cluster();
    private final Map<String, String> info = new HashMap<>();
    private final Map<String, String> config =
            new HashMap<>(Map.of("maxmemory", "67108864", "appendonly", "yes", "databases", "32", "masteruser", ""));
    private final List<String> redis = new ArrayList<>(List.of("maxmemory 64mb", "appendonly yes", "databases 32"));
    private final Map<String, String> master = new HashMap<>(Map.of("ip", "10.0.0.11", "port", "6379", "quorum", "2"));
    private final List<String> sentinel = new ArrayList<>(List.of("sentinel monitor orders 10.0.0.11 6379 2"));
    private Set<String> other = Set.of();
    private String refused = "";
    private String ping = "PONG";
    private List<String> dropIns = List.of();

    @Test
    void nothingOfFilesThatSayWhatRuns() {
        assertThat(steps()).isEmpty();
        assertThat(refused()).isEmpty();
        assertThat(FilePlan.notes(cluster, survey())).isEmpty();
    }

    @Test
    void anEditIsNamedAndTheNodeWritesItsFileAnew() {
        redis.set(0, "maxmemory 32mb");
        other = Set.of("masterauth");
        assertThat(steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/redis-server/file");
            assertThat(step.title())
                    .isEqualTo("let r1/redis-server write its redis.conf anew, which does not say"
                            + " [masterauth, maxmemory] as it runs");
            assertThat(step.diff())
                    .containsExactly(
                            "- redis.conf: masterauth ***",
                            "+ redis.conf: masterauth as it runs",
                            "- redis.conf: maxmemory 32mb",
                            "+ redis.conf: maxmemory 67108864");
            assertThat(((Action.Tell) step.action()).commands()).containsExactly(List.of("CONFIG", "REWRITE"));
            assertThat(Effect.of(step.action())).isEqualTo(Effect.LIVE);
        });
    }

    @Test
    void aLineThatIsGoneIsOneThatComes() {
        redis.removeFirst();
        assertThat(steps())
                .singleElement()
                .satisfies(step -> assertThat(step.diff()).containsExactly("+ redis.conf: maxmemory 67108864"));
    }

    /** What else is set or restarted for what differs writes the file too. */
    @ParameterizedTest
    @CsvSource({"maxmemory, 1, 32mb", "databases, 16, 64", "appendonly, no, yes"})
    void whatDoesNotRunAsWantedIsNoMatterOfTheFile(String name, String runs, String file) {
        config.put(name, runs);
        redis.removeIf(line -> line.startsWith(name));
        redis.add(name + " " + file);
        assertThat(steps()).isEmpty();
        redis.add("masteruser somebody");
        assertThat(steps())
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .containsExactly("- redis.conf: masteruser somebody", "+ redis.conf: masteruser \"\""));
    }

    @ParameterizedTest(name = "aof_{0}:{1}")
    @CsvSource({
        "enabled, 0",
        "rewrite_in_progress, 1",
        "rewrite_scheduled, 1",
        "last_bgrewrite_status, err",
    })
    void aFileDoesNotSayYesBeforeTheAppendOnlyFileIsWhole(String field, String value) {
        redis.set(1, "appendonly no");
        info.putAll(Map.of(
                "aof_enabled", "1",
                "aof_rewrite_in_progress", "0",
                "aof_rewrite_scheduled", "0",
                "aof_last_bgrewrite_status", "ok"));
        assertThat(steps()).hasSize(1);
        assertThat(refused()).isEmpty();
        info.put("aof_" + field, value);
        assertThat(steps()).isEmpty();
        assertThat(refused()).singleElement().satisfies(left -> {
            assertThat(left.subject()).isEqualTo("r1/redis-server");
            assertThat(left.diff()).containsExactly("- redis.conf: appendonly no", "+ redis.conf: appendonly yes");
            assertThat(left.reason()).contains("before it is whole would load nothing");
        });
    }

    @Test
    void whatRewritingLeavesThereIsRefusedWithWords() {
        redis.addAll(List.of("include /etc/more.conf", "loadmodule", "maxmemroy 1gb", "rename-command"));
        assertThat(steps()).isEmpty();
        assertThat(refused())
                .extracting(Plan.Refused::diff)
                .containsExactly(
                        List.of("- redis.conf: include"),
                        List.of("- redis.conf: loadmodule"),
                        List.of("- redis.conf: maxmemroy"),
                        List.of("- redis.conf: rename-command"));
        assertThat(refused()).allSatisfy(left -> assertThat(left.reason()).endsWith("; take it out by hand"));
    }

    @Test
    void anotherFileInItsPlaceFillsNoPlan() {
        IntStream.range(0, 25).forEach(i -> redis.add("x" + "y".repeat(100) + i + "\u0001 z"));
        assertThat(refused()).hasSize(21);
        assertThat(refused().getFirst().diff()).containsExactly("- redis.conf: x" + "y".repeat(63));
        assertThat(refused().getLast().reason())
                .isEqualTo("redis.conf has lines of 5 more directives that are left there");
    }

    @Test
    void aSentinelIsToldToWriteWhatItKnows() {
        sentinel.set(0, "sentinel monitor orders 10.0.0.66 6379 2");
        assertThat(steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/redis-sentinel/file");
            assertThat(step.diff())
                    .containsExactly(
                            "- sentinel.conf: monitor 10.0.0.66 6379", "+ sentinel.conf: monitor 10.0.0.11 6379");
            assertThat(((Action.Tell) step.action()).commands()).containsExactly(List.of("SENTINEL", "FLUSHCONFIG"));
        });
    }

    @Test
    void ofOneThatDoesNotAnswerNothingIsKnown() {
        redis.clear();
        sentinel.clear();
        ping = "LOADING Redis is loading the dataset in memory";
        assertThat(steps()).isEmpty();
        assertThat(refused()).isEmpty();
    }

    @Test
    void aFileThatWasNotReadIsTold() {
        refused = "it has more than 64 KiB of directives";
        redis.clear();
        sentinel.clear();
        assertThat(steps()).isEmpty();
        assertThat(refused())
                .extracting(Plan.Refused::reason)
                .containsExactlyInAnyOrder(
                        "redis.conf is not compared with what runs: it has more than 64 KiB of directives",
                        "sentinel.conf is not compared with what runs: it has more than 64 KiB of directives");
    }

    @Test
    void whatSomebodyHasAddedToAUnitIsNamedAndNoStep() {
        dropIns = List.of("/etc/systemd/system/redfleet-orders-redis-server.service.d/more.conf");
        assertThat(FilePlan.dropIns(cluster, survey()))
                .containsExactly("r1: /etc/systemd/system/redfleet-orders-redis-server.service.d/more.conf changes what"
                        + " systemd reads in the unit, and is left alone: remove it by hand if nobody wants it");
        assertThat(steps()).isEmpty();
    }

    private List<Step> steps() {
        return FilePlan.steps(cluster, survey());
    }

    private List<Plan.Refused> refused() {
        return FilePlan.refused(cluster, survey());
    }

    private ClusterSurvey survey() {
        InstanceSurvey data = seen(config, Map.of(), new FileSurvey(true, redis, other, refused));
        InstanceSurvey watch = seen(Map.of(), master, new FileSurvey(true, sentinel, Set.of(), refused));
        SystemdSurvey systemd =
                new SystemdSurvey(true, Map.of(), SystemdSurvey.Rotation.NONE, FirewallSurvey.NONE, dropIns);
        HostSurvey host = new HostSurvey(
                "/base",
                "b",
                "",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                0,
                Map.of(DATA, data, SENTINEL, watch),
                AgentSurvey.NONE,
                TuningSurvey.NONE,
                systemd,
                PackageSurvey.NONE,
                List.of(),
                TlsSurvey.NONE,
                ArchiveSurvey.NONE);
        return new ClusterSurvey(Map.of(new HostName("r1"), host), Map.of());
    }

    private InstanceSurvey seen(Map<String, String> settings, Map<String, String> named, FileSurvey file) {
        return new InstanceSurvey(
                true,
                "",
                "",
                true,
                false,
                true,
                true,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                ping,
                info,
                settings,
                named,
                "",
                Set.of(),
                false,
                OwnSurvey.NONE,
                file,
                false);
    }

    private static ClusterState cluster() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, String> set = Map.of("maxmemory", "64mb", "databases", "32");
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", Map.of("config", set))));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.READY,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
