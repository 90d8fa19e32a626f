package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned of an archive, by what hosts say of the versions that lie there. */
class ArchivePlanTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f".repeat(64);
    private static final String READY = "archive.tree=8.0.2 ours " + SHA256 + " whole\narchive.user=8.0.2 u1 orders\n";

    /** What archives.sh says, by host; nothing unless said. */
    private final Map<String, String> lies = new HashMap<>();

    /** What survey.sh says beside the host's own facts, by host. */
    private final Map<String, String> surveys = new HashMap<>();

    private String missing = "";

    @Test
    void anArchiveIsUnpackedBeforeAllElseAndTheRestIsPlannedAsIfItLayThere() {
        Plan plan = plan("systemd", "8.0.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.open()).isFalse();
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/archive/install", "r2/archive/install", "r3/archive/install");
        Step first = plan.steps().getFirst();
        assertThat(first.title()).isEqualTo("unpack redis.tar.gz on r1 as /opt/redis/8.0.2");
        assertThat(first.diff())
                .containsExactly("+ /opt/redis/8.0.2", "+ of redis.tar.gz sha256:" + SHA256, "+ used by orders");
        assertThat(plan.effect(first)).isEqualTo(Effect.NONE);
        assertThat(first.action()).isInstanceOfSatisfying(TreeAction.Unpack.class, unpack -> {
            assertThat(unpack.top()).isEqualTo("/opt/redis");
            assertThat(unpack.version()).isEqualTo("8.0.2");
            assertThat(unpack.archive()).isEqualTo(new ArchiveSpec("redis.tar.gz", SHA256));
            assertThat(unpack.ofTheMachine()).isTrue();
        });
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .hasSize(6)
                .allSatisfy(step -> {
                    Action.Prepare prepare = (Action.Prepare) step.action();
                    assertThat(prepare.binary()).isEqualTo("/opt/redis/8.0.2/bin/redis-server");
                    assertThat(prepare.bin()).as("each has links of its own").isEqualTo(prepare.directory() + "/bin");
                });
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Unit)
                .hasSize(6)
                .allSatisfy(
                        step -> assertThat(((Action.Unit) step.action()).content())
                                .containsPattern(
                                        "ExecStart=\"/var/lib/redfleet/orders/redis-(server|sentinel)/bin/redis-(server|sentinel)\""));
    }

    @Test
    void withoutSystemdItLiesBelowTheUsersOwnDirectory() {
        Plan plan = plan("process", "8.0.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps().getFirst().diff()).contains("+ /var/lib/redfleet/opt/8.0.2");
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .allSatisfy(step -> assertThat(((Action.Prepare) step.action()).binary())
                        .isEqualTo("/var/lib/redfleet/opt/8.0.2/bin/redis-server"));
    }

    /** What runs, and whether its version lies there; what the link is made to lead to. */
    @ParameterizedTest
    @CsvSource({
        "7.4.1, true, /opt/redis/7.4.1/bin/redis-server",
        "7.4.1, false, /opt/redis/8.0.2/bin/redis-server",
        "'', true, /opt/redis/8.0.2/bin/redis-server",
    })
    void aLinkThatIsGoneIsMadeToWhatRuns(String runs, boolean lie, String binary) {
        all(READY + (lie ? "archive.tree=7.4.1 ours " + OTHER + " whole\n" : ""));
        String key = "i.redis-server.";
        String alive = key + "pid=7\n" + key + "ping=PONG\n" + key + "info=redis_version:" + runs + "\n";
        surveys.put(
                "r2",
                key + "directory=yes\n" + key + "owner=u1 orders/r2/redis-server\n" + key + "conf=yes\n" + key
                        + "unlinked=yes\n" + (runs.isEmpty() ? "" : alive));
        assertThat(plan("systemd", "8.0.2").steps())
                .filteredOn(step -> step.id().equals("r2/redis-server/link"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .containsExactly("+ /var/lib/redfleet/orders/redis-server/bin/redis-server -> " + binary));
    }

    @Test
    void aRedisCliThatTheArchiveBringsIsFoundInRootsDirectoryOnly() {
        missing = "cli=\n";
        assertThat(plan("systemd", "8.0.2").obstacles()).isEmpty();
        assertThat(plan("process", "8.0.2").obstacles().getFirst())
                .hasToString("r1: tools: not found in PATH: redis-cli");
    }

    @Test
    void whatLiesThereWholeIsLeftAndWhatIsBrokenIsPutRight() {
        all(READY);
        assertThat(ids(plan("systemd", "8.0.2"))).noneMatch(id -> id.contains("/archive/"));

        lies.put("r2", READY.replace("whole", "broken"));
        lies.put("r3", READY.replace("u1 orders", "u2 carts"));
        Plan plan = plan("systemd", "8.0.2");
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r2/archive/install", "r3/archive/install");
        assertThat(plan.stages().getFirst().getFirst().diff())
                .containsExactly(
                        "- /opt/redis/8.0.2: as it is", "+ /opt/redis/8.0.2", "+ of redis.tar.gz sha256:" + SHA256);
        assertThat(plan.stages().getFirst().getLast().diff()).containsExactly("+ used by orders");
    }

    @Test
    void whatIsNotOursAndWhatCameOutOfAnotherArchiveIsInTheWay() {
        lies.put("r1", "archive.tree=8.0.2 strange - -\n");
        lies.put("r2", READY.replace(SHA256, OTHER).replace("u1 orders", "u2 carts"));
        Plan plan = plan("systemd", "8.0.2");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .extracting(Plan.Obstacle::toString)
                .containsExactly(
                        "r1: archive: /opt/redis/8.0.2 was not made by Redfleet and is never written over: move it away"
                                + " first",
                        "r2: archive: /opt/redis/8.0.2 came out of an archive with sha256 ffffffffffff..., is used by carts"
                                + " (uid u2), and spec.redis.archive.sha256 is 0123456789ab...: a version that lies there is"
                                + " never written over by another archive");
    }

    @Test
    void anotherVersionComesBesideAndWhatRunsIsLeftAndSaid() {
        all(READY.replace("8.0.2", "7.0.15"));
        for (String host : List.of("r1", "r2", "r3")) {
            surveys.put(host, running("7.0.15"));
        }
        Plan plan = plan("systemd", "8.0.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(ids(plan)).startsWith("r1/archive/install", "r2/archive/install", "r3/archive/install");
        assertThat(ids(plan)).noneMatch(id -> id.matches("r./redis-server/(stop|start|prepare)"));
        assertThat(versions(plan))
                .extracting(Plan.Refused::subject)
                .containsExactly("r1/redis-server", "r2/redis-server", "r3/redis-server");
        Plan.Refused refused = versions(plan).getFirst();
        assertThat(refused.host()).isEqualTo("r1");
        assertThat(refused.diff()).containsExactly("- runs Redis 7.0.15", "+ runs Redis 8.0.2");
        assertThat(refused.reason())
                .isEqualTo(
                        "a process keeps the binary that it was started with; needs --rolling (restart of r1/redis-server)");

        all(READY + READY.replace("8.0.2", "7.0.15"));
        Plan after = plan("systemd", "8.0.2");
        assertThat(ids(after)).noneMatch(id -> id.contains("/archive/"));
        assertThat(versions(after)).isEqualTo(versions(plan));

        surveys.replaceAll((host, text) -> running("8.0.2"));
        assertThat(versions(plan("systemd", "8.0.2"))).isEmpty();
    }

    /** What is wanted, what two of three run, whether the third may come. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7.0.15 | 8.0.2  | false
            7.0.9  | 7.0.15 | false
            8.0.2  | 8.0.2  | true
            8.0.10 | 8.0.2  | true
            8.0.2  | x      | true
            """)
    void aNewDataNodeIsNotOlderThanThoseThatRun(String wanted, String runs, boolean may) {
        surveys.put("r1", running(runs));
        surveys.put("r2", running(runs));
        List<Plan.Obstacle> obstacles = plan("systemd", wanted).obstacles();
        if (may) {
            assertThat(obstacles).isEmpty();
        } else {
            assertThat(obstacles)
                    .singleElement()
                    .hasToString("r3: redis-server: is new and would run " + wanted + ", which cannot read the data of "
                            + runs + " that others run: say that version in spec.redis.version");
        }
    }

    @Test
    void whatRedisSaysOfItIsNotHeard() {
        all(READY);
        surveys.put("r1", "archive.tree=8.0.2 strange - -\narchive.user=8.0.2 u9 evil\n");
        assertThat(plan("systemd", "8.0.2").obstacles()).isEmpty();
        assertThat(survey(cluster("systemd", "8.0.2", 3)).hosts().values())
                .allSatisfy(host -> assertThat(host.archives().trees().values())
                        .singleElement()
                        .satisfies(tree -> assertThat(tree.clusters()).containsOnlyKeys("u1")));
    }

    @Test
    void anInstanceThatWasMarkedAndNotConfiguredIsPreparedAgain() {
        all(READY);
        surveys.put("r1", "i.redis-server.owner=u1 orders/r1/redis-server\n");
        assertThat(ids(plan("systemd", "8.0.2"))).contains("r1/redis-server/prepare");
    }

    @Test
    void anInstanceThatComesBackIsLinkedAnewForItsVersionMayBeGone() {
        all(READY);
        surveys.put("r1", """
                i.redis-server.owner=u1 orders/r1/redis-server
                i.redis-server.conf=yes
                i.redis-server.retired=yes
                """);
        assertThat(ids(plan("systemd", "8.0.2"))).contains("r1/redis-server/prepare");
        surveys.computeIfPresent("r1", (host, text) -> text.replace("retired=yes", "retired=no"));
        assertThat(ids(plan("systemd", "8.0.2"))).doesNotContain("r1/redis-server/prepare");
    }

    @Test
    void theEndNamesWhatGoesAndLeavesWhatAnotherClusterUses() {
        lies.put("r1", READY + READY.replace("8.0.2", "7.0.15"));
        lies.put("r2", READY + "archive.user=8.0.2 u2 carts\n");
        lies.put("r3", READY.replace("u1 orders", "u2 carts"));
        ClusterState cluster = cluster("systemd", "8.0.2", 3);
        Plan plan = Decommission.plan(cluster, survey(cluster), false);
        assertThat(plan.obstacles()).isEmpty();
        List<Step> steps = plan.steps().stream()
                .filter(step -> step.action() instanceof TreeAction)
                .toList();
        assertThat(steps).extracting(Step::id).containsExactly("r1/archive/release", "r2/archive/release");
        assertThat(steps.getFirst().diff())
                .containsExactly("- used by orders", "- /opt/redis/7.0.15", "- /opt/redis/8.0.2");
        assertThat(((TreeAction.Discard) steps.getFirst().action()).named()).containsExactly("7.0.15", "8.0.2");
        assertThat(steps.getLast().diff()).containsExactly("- used by orders");
        assertThat(((TreeAction.Discard) steps.getLast().action()).named()).isEmpty();
        assertThat(plan.notes())
                .contains("r2: /opt/redis/8.0.2 stays: carts (uid u2) uses it too")
                .noneMatch(note -> note.startsWith("r1: /opt/redis") || note.startsWith("r3: /opt/redis"));
    }

    @Test
    void aHostThatLeavesGivesItUp() {
        all(READY);
        lies.put("r4", READY);
        ClusterState without = cluster("systemd", "8.0.2", 3)
                .leftBy(List.of(new Leaving(
                        cluster("systemd", "8.0.2", 4).spec().hosts().getLast(), false)));
        Plan plan = Planner.plan(without, survey(without));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof TreeAction)
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.id()).isEqualTo("r4/archive/release");
                    assertThat(step.diff()).containsExactly("- used by orders", "- /opt/redis/8.0.2");
                });
    }

    /** Of what is refused, what is about versions. */
    private static List<Plan.Refused> versions(Plan plan) {
        return plan.refused().stream()
                .filter(refused -> refused.diff().contains("+ runs Redis 8.0.2"))
                .toList();
    }

    private void all(String text) {
        for (String host : List.of("r1", "r2", "r3")) {
            lies.put(host, text);
        }
    }

    /** A data node of ours that runs. */
    private static String running(String version) {
        return """
                i.redis-server.owner=u1 orders/HOST/redis-server
                i.redis-server.revision=u1 1
                i.redis-server.conf=yes
                i.redis-server.pid=7
                i.redis-server.listening=yes
                i.redis-server.ping=PONG
                i.redis-server.info=role:master
                i.redis-server.info=redis_version:%s
                """.formatted(version);
    }

    private Plan plan(String service, String version) {
        ClusterState cluster = cluster(service, version, 3);
        return Planner.plan(cluster, survey(cluster));
    }

    private ClusterSurvey survey(ClusterState cluster) {
        return SaidHosts.survey(cluster, this::said);
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().stream().map(Step::id).toList();
    }

    private static ClusterState cluster(String service, String version, int many) {
        Map<String, Object> redis = Map.of(
                "install", "archive", "version", version, "archive", Map.of("file", "redis.tar.gz", "sha256", SHA256));
        return Plans.cluster(many, Map.of("service", service, "redis", redis));
    }

    private String said(String host, String script) {
        return switch (script) {
            case "units" -> "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
            case "archives" -> lies.getOrDefault(host, "") + "archive.end=yes\n";
            case "survey" ->
                "base=/var/lib/redfleet\nboot=b\nos=debian 12\nbinary=\nfree=1099511627776\nnow=0\n"
                        + (missing.isEmpty() ? "cli=/usr/bin/redis-cli\n" : missing)
                        + surveys.getOrDefault(host, "").replace("HOST", host)
                        + "end=yes\n";
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }
}
