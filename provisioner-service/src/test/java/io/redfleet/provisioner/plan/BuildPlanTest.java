package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.SaidWays;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned of a source, by what hosts, the build host and the artefacts say of what it becomes. */
class BuildPlanTest {
    private static final String SOURCE = "0123456789abcdef".repeat(4);
    private static final String BUILT = "b".repeat(64);
    private static final String FILE = "redis_8.0.2.orig.tar.gz";
    private static final String ORIGIN = "8.0.2-" + SOURCE + "-systemd";
    private static final String ARCHIVE = "redis-" + ORIGIN + "-x86_64-glibc2.41.tar.gz";
    private static final String READY = tree(ORIGIN, "whole") + "archive.user=8.0.2 u1 orders\n";

    /** What archives.sh says, by host; nothing unless said. */
    private final Map<String, String> lies = new HashMap<>();

    private final List<String> asked = new ArrayList<>();
    private Reply build = new Reply.Done(0, "build.end=yes\n", "");
    private Freight.Weight weight = new Freight.Load(FILE, 3000, SOURCE);
    private Optional<Freight.Load> kept = Optional.empty();

    @Test
    void itIsBuiltBeforeAllElseWhichIsForeseen() {
        Plan plan = plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.due()).hasSize(1);
        Step step = plan.due().getFirst().getFirst();
        assertThat(plan.due().getFirst()).hasSize(1);
        assertThat(BuildPlan.due(plan)).contains(step);
        assertThat(step.id()).isEqualTo("build/compile");
        assertThat(step.host()).isEqualTo("build");
        assertThat(step.title())
                .isEqualTo("build Redis 8.0.2 of " + FILE + " on builder@10.9.9.9, which takes minutes, and fetch it");
        assertThat(step.diff()).containsExactly("+ of " + FILE + " sha256:" + SOURCE);
        assertThat(plan.effect(step)).isEqualTo(Effect.NONE);
        assertThat(step.action()).isInstanceOfSatisfying(TreeAction.Build.class, build -> {
            assertThat(build.owner()).isEqualTo("u1");
            assertThat(build.ofTheMachine()).isTrue();
            assertThat(build.job().origin().word()).isEqualTo(ORIGIN);
            assertThat(build.job().access().place()).isEqualTo("builder@10.9.9.9:22/");
        });
        assertThat(plan.stages().get(1))
                .extracting(Step::id)
                .containsExactly("r1/archive/install", "r2/archive/install", "r3/archive/install");
        assertThat(plan.stages().get(1).getFirst().diff())
                .containsExactly("+ /opt/redis/8.0.2", "+ of " + FILE + " sha256:" + SOURCE, "+ used by orders");
        assertThat(plan.steps())
                .filteredOn(other -> other.action() instanceof Action.Prepare)
                .as("planned as if it lay there")
                .hasSize(6);
    }

    @Test
    void onceItIsBuiltThePlanIsTheSameWithoutThat() {
        ClusterState cluster = cluster();
        Plan before = plan();
        kept = Optional.of(new Freight.Load(ARCHIVE, 4711, BUILT));
        asked.clear();
        Plan after = plan();
        assertThat(asked).as("the build host").doesNotContain("build");
        assertThat(after.foreseen()).isZero();
        assertThat(BuildPlan.due(after)).isEmpty();
        assertThat(after.stages())
                .hasSameSizeAs(before.stages().subList(1, before.stages().size()));
        assertThat(PlanId.of(cluster, after)).isEqualTo(PlanId.of(cluster, before));
        assertThat(after.steps().getFirst().action()).isInstanceOfSatisfying(TreeAction.Unpack.class, unpack -> {
            assertThat(unpack.archive()).isEqualTo(new ArchiveSpec(ARCHIVE, BUILT));
            assertThat(unpack.origin()).isEqualTo(ORIGIN);
        });
    }

    @Test
    void anotherSourceIsAnotherPlan() {
        Plan plan = plan();
        ClusterState other = cluster("f".repeat(64));
        weight = new Freight.Load(FILE, 3000, "f".repeat(64));
        assertThat(PlanId.of(other, plan(other))).isNotEqualTo(PlanId.of(cluster(), plan));
    }

    @Test
    void whatTheBuildHostHasKeptIsFetchedAndItsSourceNotAskedFor() {
        build = new Reply.Done(0, "build.missing=gcc\nbuild.made=" + BUILT + "\nbuild.end=yes\n", "");
        weight = new Freight.Missing("nobody asks");
        assertThat(plan().steps().getFirst().title())
                .isEqualTo("fetch what was built of " + FILE + " on builder@10.9.9.9");
    }

    @Test
    void whereAllHostsHaveItTheBuildHostIsLeftAlone() {
        all(READY);
        build = new Reply.Failed(Trouble.UNREACHABLE, "gone");
        Plan plan = plan();
        assertThat(asked).doesNotContain("build");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps()).extracting(Step::id).noneMatch(id -> id.contains("archive") || id.contains("build"));
    }

    @Test
    void anotherClusterOfTheSameSourceOnlyNotesThatItUsesIt() {
        all(READY.replace("u1 orders", "u2 carts"));
        Plan plan = plan();
        assertThat(asked).doesNotContain("build");
        assertThat(plan.stages().getFirst())
                .extracting(Step::diff)
                .containsOnly(List.of("+ used by orders"))
                .hasSize(3);
    }

    @Test
    void oneHostThatLacksItIsEnough() {
        all(READY);
        lies.remove("r2");
        Plan plan = plan();
        assertThat(plan.stages().getFirst()).extracting(Step::id).containsExactly("build/compile");
        assertThat(plan.stages().get(1)).extracting(Step::id).containsExactly("r2/archive/install");
        lies.put("r2", READY.replace(" whole", " broken"));
        assertThat(BuildPlan.due(plan())).isPresent();
    }

    @Test
    void whoHasToActAtOnceDoesNotAskTheBuildHost() {
        ClusterState cluster = cluster();
        Plan plan = Planner.plan(cluster, surveyor().survey(cluster));
        assertThat(asked).doesNotContain("build");
        assertThat(plan.stages().getFirst()).extracting(Step::id).contains("r1/archive/install");
    }

    /** What the build host says, and the reason why nothing is touched. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            build.missing=gcc/build.missing=libssl-dev/build.end=yes/ | cannot build Redis: not found there: gcc, libssl-dev
            build.missing=gcc/                                        | could not be looked at
            ''                                                        | could not be looked at
            """)
    void aBuildHostThatCannotIsAnObstacle(String says, String reason) {
        build = new Reply.Done(0, says.replace("/", "\n"), "");
        obstacle(reason);
    }

    @Test
    void whoIsNotReachedAndWhatIsNotThereAreObstacles() {
        build = new Reply.Failed(Trouble.UNREACHABLE, "build (builder@10.9.9.9:22): refused");
        obstacle("build (builder@10.9.9.9:22): refused");
        build = new Reply.Done(0, "build.end=yes\n", "");
        weight = new Freight.Missing("there is no " + FILE);
        obstacle("there is no " + FILE);
        weight = new Freight.Load(FILE, 3000, "f".repeat(64));
        obstacle(FILE + " has sha256 " + "f".repeat(64) + ", and spec.redis.source.sha256 is " + SOURCE);
        weight = new Freight.Load(FILE, 209_715_201, SOURCE);
        obstacle(FILE + " has 209715201 bytes; at most 209715200 are sent");
    }

    @Test
    void aVersionThatCameOutOfAnythingElseIsNeverWrittenOver() {
        all(tree("8.0.2-" + "f".repeat(64) + "-systemd", "whole"));
        assertThat(plan().obstacles())
                .hasSize(3)
                .allSatisfy(obstacle -> assertThat(obstacle.reason())
                        .startsWith("/opt/redis/8.0.2 came out of an archive with sha256 bbbbbbbbbbbb...")
                        .contains("spec.redis.source.sha256 is 0123456789ab..."));
        all("archive.tree=8.0.2 ours " + BUILT + " whole\narchive.user=8.0.2 u1 orders\n");
        assertThat(plan().obstacles()).as("nobody knows what it was built of").hasSize(3);
        kept = Optional.of(new Freight.Load(ARCHIVE, 4711, BUILT));
        assertThat(plan().obstacles()).as("it is the very archive").isEmpty();
    }

    private void obstacle(String reason) {
        Plan plan = plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("build");
            assertThat(obstacle.subject()).isEqualTo("source");
            assertThat(obstacle.reason()).contains(reason);
        });
    }

    private static String tree(String origin, String state) {
        return "archive.tree=8.0.2 ours " + BUILT + " " + state + "\narchive.source=8.0.2 " + origin + "\n";
    }

    private void all(String text) {
        for (String host : List.of("r1", "r2", "r3")) {
            lies.put(host, text);
        }
    }

    private Plan plan() {
        return plan(cluster());
    }

    private Plan plan(ClusterState cluster) {
        return Planner.plan(cluster, surveyor().surveyToBring(cluster));
    }

    private Surveyor surveyor() {
        return new Surveyor(new Said(), new Artefacts(), Runnable::run, () -> Instant.EPOCH, state -> Accounts.NONE);
    }

    private static ClusterState cluster() {
        return cluster(SOURCE);
    }

    private static ClusterState cluster(String sha256) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> host = Map.of("address", "10.9.9.9", "ssh", Map.of("user", "builder"));
        Map<String, Object> source = Map.of("file", FILE, "sha256", sha256, "buildHost", host);
        Map<String, Object> redis = Map.of("install", "source", "version", "8.0.2", "source", source);
        Map<String, Object> spec = Map.of("service", "systemd", "redis", redis, "hosts", hosts);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    /** Hosts that say what a test has them say. */
    private final class Said implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            asked.add(script.name());
            return switch (script.name()) {
                case "build" -> {
                    assertThat(access).hasToString("build (builder@10.9.9.9:22)");
                    assertThat(script.arguments().subList(0, 2)).containsExactly("redfleet-build", "look");
                    yield build;
                }
                case "units" -> said("systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n");
                case "ways" -> said(SaidWays.said(script.arguments(), way -> "refused"));
                case "archives" -> said(lies.getOrDefault(access.host(), "") + "archive.end=yes\n");
                case "survey" -> said("""
                            base=/var/lib/redfleet
                            boot=b
                            os=debian 12
                            binary=
                            free=1099511627776
                            now=0
                            cli=/usr/bin/redis-cli
                            end=yes
                            """);
                default -> throw new AssertionError("nobody asks for " + script.name());
            };
        }

        private static Reply said(String out) {
            return new Reply.Done(0, out, "");
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    }

    private final class Artefacts implements Freight {
        @Override
        public Weight weigh(String artefact) {
            assertThat(artefact).isEqualTo(FILE);
            return weight;
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public Optional<Load> kept(String prefix, String from) {
            assertThat(from).isEqualTo("builder@10.9.9.9:22/");
            return kept.filter(load -> load.artefact().startsWith(prefix));
        }
    }
}
