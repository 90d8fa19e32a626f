package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.RollPlan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From one archive to a later one, on scripted hosts whose instances have links of their own: what is started runs what these lead
 * to, whatever the spec says.
 */
class ArchiveRollTest {
    private static final Restarts NEEDED = new Restarts.Needed("");
    private static final String R1 = "/base/r1/orders/redis-server";
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";
    /** After so many calls the first replica has started as the later one: the same in each test. */
    private static final AtomicInteger HALF = new AtomicInteger();

    private final ClusterState before = cluster(1, "7.0.15");
    private final ClusterState later = cluster(2, "8.0.2");
    private final ClusterState again = cluster(3, "7.0.15");
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void eachIsLinkedBeforeItIsStopped() {
        World world = standing();
        Plan plan = provisioning(world).plan(later, NEEDED);
        List<String> steps = plan.steps().stream().map(Step::id).toList();
        for (String name : List.of("redis-server", "redis-sentinel")) {
            for (String host : List.of("r1", "r2", "r3")) {
                String id = host + "/" + name;
                assertThat(steps).containsSubsequence(id + "/prepare", id + "/stop", id + "/start");
            }
        }
        assertThat(steps).doesNotHaveDuplicates();
    }

    /** One that was stopped, and no more, is started by whoever comes next: by its links. */
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> goesOn(how, call))).isGreaterThan(60);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> goesOn(how, call))).isGreaterThan(60);
    }

    private Optional<List<String>> goesOn(ScriptedHosts.Cut how, int call) {
        World world = standing();
        world.hosts.oneByOne();
        world.line.cutAt(call, how);
        Ending first = apply(world, later, NEEDED);
        if (!world.line.wasCut()) {
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            return Optional.of(world.line.heard());
        }
        assertThat(first.status()).as("cut %s call %d", how, call).isEqualTo(Status.FAILED);
        world.line.mend();
        Ending second = apply(world, later, NEEDED);
        assertThat(second.status())
                .as("cut %s call %d: %s", how, call, second.reason())
                .isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values())
                .as("cut %s call %d", how, call)
                .hasSize(6)
                .containsOnly("8.0.2");
        assertThat(world.hosts.begun().values())
                .as("cut %s call %d: once more than at first", how, call)
                .containsOnly(2);
        assertThat(world.hosts.harm()).as("cut %s call %d", how, call).isEmpty();
        assertThat(world.hosts.masters()).as("cut %s call %d", how, call).hasSize(1);
        return Optional.empty();
    }

    @Test
    void aLinkThatCannotBeMadeStopsNobodyAndARollDoesNotRestartWhoLacksIt() {
        World world = standing();
        world.refuses =
                script -> script.name().equals("prepare") && script.arguments().contains(R1);
        Ending ending = apply(world, later, NEEDED);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("step r1/redis-server/prepare", "no room");
        assertThat(world.hosts.running()).hasSize(6);
        assertThat(world.hosts.masters()).containsExactly(R2);
        assertThat(world.hosts.versions()).containsEntry(R1, "7.0.15").containsEntry(R2, "8.0.2");

        String reason = "r1/redis-server is not in sync with the master r2/redis-server";
        Map<String, Integer> begun = world.hosts.begun();
        assertThat(provisioning(world).whyNoRoll(later, "")).contains(reason);
        world.hosts.later(Duration.ofSeconds(100));
        Ending rolled = roll(world, later);
        assertThat(rolled.status()).isEqualTo(Status.FAILED);
        assertThat(rolled.reason()).contains(reason);
        assertThat(world.hosts.begun()).isEqualTo(begun);

        world.refuses = script -> false;
        Ending mended = apply(world, later, NEEDED);
        assertThat(mended.status()).as(mended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("8.0.2");
    }

    /** By the links that it had: they are made anew in its own turn, which it has not lost. */
    @Test
    void whoDiesByItselfBeforeItsTurnComesBackAsItWasAndHasItsTurnThen() {
        World world = standing();
        AtomicBoolean died = new AtomicBoolean();
        world.refuses = script -> {
            boolean now = script.name().equals("start") && script.arguments().contains(R2);
            if (now && died.compareAndSet(false, true)) {
                world.hosts.kill(R3);
            }
            return false;
        };
        Ending ending = apply(world, later, NEEDED);
        assertThat(died).isTrue();
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(ending.reason()).contains("r2/redis-server, r3/redis-server, r1/redis-server]");
        assertThat(world.hosts.begun()).containsEntry(R2, 2).containsEntry(R3, 3);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("8.0.2");
        assertThat(otherVersions(world)).isEmpty();
    }

    /** What it is started as follows no later master: that ends the operation, and nothing says afterwards that all is as asked. */
    @Test
    void whoDiesByItselfOnceALaterOneLeadsIsNamedUntilItIsRestartedAsThat() {
        World world = standing();
        AtomicBoolean died = new AtomicBoolean();
        world.refuses = script -> {
            boolean now = script.name().equals("await") && world.hosts.masters().equals(List.of(R2));
            if (now && died.compareAndSet(false, true)) {
                world.hosts.kill(R1);
            }
            return false;
        };
        Ending ending = apply(world, later, NEEDED);
        assertThat(died).isTrue();
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("step r1/redis-server/linked", "master_link_status:down")
                .contains("restarted before that: [r1/redis-sentinel, ", "r2/redis-server, r3/redis-server]")
                .endsWith("still to be restarted: r1/redis-server [- runs Redis 7.0.15, + runs Redis 8.0.2]");
        assertThat(world.hosts.versions()).containsEntry(R1, "7.0.15").containsEntry(R2, "8.0.2");

        assertThat(provisioning(world).plan(later).refused()).singleElement().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r1/redis-server");
            assertThat(refused.diff()).containsExactly("- runs Redis 7.0.15", "+ runs Redis 8.0.2");
            assertThat(refused.reason()).contains("needs --rolling");
        });
        assertThat(otherVersions(world))
                .containsExactly("r1/redis-server runs Redis 7.0.15, not 8.0.2; apply --rolling restarts it");

        Ending mended = apply(world, later, NEEDED);
        assertThat(mended.status()).as(mended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("8.0.2");
        assertThat(otherVersions(world)).isEmpty();
    }

    /** All comes back as what it was, so that the former master can follow, and is waited for. */
    @Test
    void aRollBesideAVersionThatNobodyRunsYetKeepsTheOneThatRuns() {
        World world = standing();
        Ending applied = apply(world, later, Restarts.none());
        assertThat(applied.status()).as(applied.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).containsOnly("7.0.15");
        assertThat(otherVersions(world))
                .as("the end of that apply was not silent of it")
                .hasSize(6);
        world.hosts.later(Duration.ofSeconds(100));
        Plan plan = RollPlan.plan(later, work.surveyor(world.line).survey(later), new Restarts.All(Duration.ZERO, ""));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .extracting(Step::id)
                .anyMatch(id -> id.startsWith("r1/redis-server/idle-"))
                .anyMatch(id -> id.startsWith("r1/redis-server/linked-"));
        Ending rolled = roll(world, later);
        assertThat(rolled.status()).as(rolled.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("7.0.15");
        assertThat(world.hosts.begun().values()).containsOnly(2);
    }

    /** The first replica runs the later one, and its master does not yet: the archive of before is the way back. */
    @Test
    void whoHasGoneBeforeItsMasterComesBackEmptyAndThenTheSentinelsDo() {
        World world = halfway();
        List<String> steps = provisioning(world).plan(again, NEEDED).steps().stream()
                .map(Step::id)
                .toList();
        assertThat(steps)
                .containsSubsequence(
                        "r2/redis-server/linked-1",
                        "r2/redis-server/stop",
                        "r2/redis-server/aside",
                        "r2/redis-server/prepare",
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/level-1",
                        "r1/redis-sentinel/prepare",
                        "r1/redis-sentinel/stop")
                .noneMatch(id -> id.endsWith("redis-sentinel/aside"))
                .noneMatch(id -> id.startsWith("r1/redis-server/stop") || id.startsWith("r3/redis-server/stop"));
        Ending ending = apply(world, again, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(ending.reason())
                .contains("restarted, in this order: [r2/redis-server, r1/redis-sentinel, r2/redis-sentinel,"
                        + " r3/redis-sentinel]");
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("7.0.15");
        assertThat(world.hosts.harm()).isEmpty();
        assertThat(apply(world, again, NEEDED).reason()).isEqualTo("nothing to change");
    }

    /** Until its data is put aside one that was stopped is started as the later Redis, and after that as the one of before. */
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereTheWayBackIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> goesBack(how, call))).isGreaterThan(20);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverTheWayBackIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> goesBack(how, call))).isGreaterThan(20);
    }

    private Optional<List<String>> goesBack(ScriptedHosts.Cut how, int call) {
        World world = halfway();
        world.hosts.oneByOne();
        world.line.cutAt(call, how);
        Ending first = apply(world, again, NEEDED);
        if (!world.line.wasCut()) {
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            return Optional.of(world.line.heard());
        }
        assertThat(first.status()).as("cut %s call %d", how, call).isEqualTo(Status.FAILED);
        world.line.mend();
        Ending second = apply(world, again, NEEDED);
        assertThat(second.status())
                .as("cut %s call %d: %s", how, call, second.reason())
                .isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values())
                .as("cut %s call %d", how, call)
                .hasSize(6)
                .containsOnly("7.0.15");
        assertThat(world.hosts.harm()).as("cut %s call %d", how, call).isEmpty();
        assertThat(world.hosts.masters()).as("cut %s call %d", how, call).containsExactly(R1);
        assertThat(world.hosts.begun())
                .as("cut %s call %d: the others go on as they were", how, call)
                .containsEntry(R1, 1)
                .containsEntry("/base/r3/orders/redis-server", 1);
        return Optional.empty();
    }

    @Test
    void onceALaterOneLeadsThereIsNoWayBack() {
        World world = standing();
        assertThat(apply(world, later, NEEDED).status()).isEqualTo(Status.SUCCEEDED);
        Map<String, Integer> begun = world.hosts.begun();
        Ending back = apply(world, again, NEEDED);
        assertThat(back.status()).isEqualTo(Status.FAILED);
        assertThat(back.reason())
                .contains(
                        "would be started as Redis 7.0.15", "r2/redis-server runs 8.0.2", "going back means a restore");
        assertThat(world.hosts.begun()).isEqualTo(begun);
        assertThat(world.hosts.harm()).isEmpty();
    }

    /** A roll puts nothing aside. */
    @Test
    void aRollAloneTakesNobodyBack() {
        World world = halfway();
        assertThat(apply(world, again, Restarts.none()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(provisioning(world).whyNoRoll(again, "").orElse("")).contains("an older Redis cannot read");
    }

    /** What does not come up as the later one is not tried as that again. */
    @Test
    void aReplicaThatDoesNotComeUpAsTheLaterOneComesBackAsTheOneOfBefore() {
        World world = standing();
        world.refuses =
                script -> script.name().equals("start") && script.arguments().contains(R2);
        Ending gone = apply(world, later, NEEDED);
        assertThat(gone.status()).isEqualTo(Status.FAILED);
        assertThat(gone.reason()).contains("step r2/redis-server/start");
        assertThat(world.hosts.versions()).hasSize(5).doesNotContainKey(R2);

        world.refuses = script -> false;
        assertThat(provisioning(world).plan(again, NEEDED).steps())
                .extracting(Step::id)
                .containsSubsequence(
                        "r2/redis-server/follow",
                        "r2/redis-server/aside",
                        "r2/redis-server/prepare",
                        "r2/redis-server/start",
                        "r2/redis-server/linked");
        assertThat(provisioning(world).plan(later, NEEDED).steps())
                .extracting(Step::id)
                .as("as the later one it is only started")
                .contains("r2/redis-server/start")
                .doesNotContain("r2/redis-server/aside");
        Ending ending = apply(world, again, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("7.0.15");
        assertThat(world.hosts.begun()).containsEntry(R1, 1).containsEntry(R2, 2);
        assertThat(world.hosts.masters()).containsExactly(R1);
        assertThat(world.hosts.harm()).isEmpty();
    }

    @Test
    void aSentinelThatDoesNotComeUpAsTheLaterOneComesBackAsTheOneOfBefore() {
        World world = standing();
        String sentinel = "/base/r1/orders/redis-sentinel";
        world.refuses =
                script -> script.name().equals("start") && script.arguments().contains(sentinel);
        Ending gone = apply(world, later, NEEDED);
        assertThat(gone.status()).isEqualTo(Status.FAILED);
        assertThat(gone.reason()).contains("step r1/redis-sentinel/start");
        assertThat(world.hosts.versions()).hasSize(5).doesNotContainKey(sentinel);

        world.refuses = script -> false;
        assertThat(provisioning(world).plan(later, NEEDED).steps())
                .extracting(Step::id)
                .as("as the later one it is only started")
                .contains("r1/redis-sentinel/start")
                .doesNotContain("r1/redis-sentinel/prepare");
        assertThat(provisioning(world).plan(again, NEEDED).steps())
                .extracting(Step::id)
                .containsSubsequence("r1/redis-sentinel/prepare", "r1/redis-sentinel/start")
                .noneMatch(id -> id.endsWith("/aside"));
        Ending ending = apply(world, again, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("7.0.15");
        assertThat(world.hosts.begun())
                .containsEntry(sentinel, 2)
                .containsEntry(R1, 1)
                .containsEntry(R2, 1);
        assertThat(world.hosts.harm()).isEmpty();
    }

    /** What keeps its data from being put aside is found while it still serves. */
    @Test
    void whoseDataCannotBePutAsideIsNotStopped() {
        World world = halfway();
        Map<String, Integer> begun = world.hosts.begun();
        world.refuses = script ->
                script.name().equals("aside") && script.arguments().getLast().equals("try");
        Ending back = apply(world, again, NEEDED);
        assertThat(back.status()).isEqualTo(Status.FAILED);
        assertThat(back.reason()).contains("step r2/redis-server/aside-tried", "no room");
        assertThat(world.hosts.running()).hasSize(6);
        assertThat(world.hosts.begun()).isEqualTo(begun);
        assertThat(world.hosts.versions()).containsEntry(R2, "8.0.2");
    }

    /** Archives lie beside each other, so that it could be made; the plan says what that comes to. */
    @Test
    void aNewMemberThatWouldRunALaterVersionThanTheOthersIsWarnedOf() {
        World world = standing();
        Plan plan = provisioning(world).plan(cluster(2, "8.0.2", 4));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings())
                .filteredOn(warning -> warning.contains("a new member"))
                .singleElement()
                .asString()
                .startsWith(
                        "r4: archive: apply --rolling: a new member, redis-server, would run 8.0.2 beside 7.0.15 of r1/");
        assertThat(provisioning(world).plan(cluster(2, "7.0.15", 4)).warnings())
                .noneMatch(warning -> warning.contains("a new member"));
    }

    /** With another replica away as well the master would be alone, and nobody is emptied. */
    @Test
    void whoIsDownIsNotEmptiedBesideAMasterThatIsAlone() {
        World world = halfway();
        world.hosts.kill(R2);
        world.hosts.kill("/base/r3/orders/redis-server");
        assertThat(provisioning(world).plan(again, NEEDED).steps())
                .extracting(Step::id)
                .contains("r2/redis-server/start", "r3/redis-server/start")
                .noneMatch(id -> id.endsWith("/aside"));
    }

    /** All Sentinels and the first replica run the later one, and nobody else. */
    private World halfway() {
        while (true) {
            World world = standing();
            world.line.cutAt(HALF.get(), ScriptedHosts.Cut.BEFORE);
            assertThat(apply(world, later, NEEDED).status()).isEqualTo(Status.FAILED);
            world.line.mend();
            if (world.hosts.versions().getOrDefault(R2, "").equals("8.0.2")) {
                assertThat(world.hosts.versions())
                        .containsEntry(R1, "7.0.15")
                        .containsEntry("/base/r3/orders/redis-server", "7.0.15")
                        .containsEntry("/base/r1/orders/redis-sentinel", "8.0.2");
                return world;
            }
            HALF.incrementAndGet();
        }
    }

    /** Six instances that run out of the first archive. */
    private World standing() {
        World world = new World();
        Ending made = apply(world, before, Restarts.none());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly("7.0.15");
        return world;
    }

    private Ending apply(World world, ClusterState to, Restarts restarts) {
        Journal journal = ScriptedWork.journal(to);
        Ending ending = provisioning(world).carryOut(to, "", restarts, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** Whom a verification finds to run another version than the later one. */
    private List<String> otherVersions(World world) {
        return provisioning(world).verify(later).findings().stream()
                .filter(finding -> finding.rule().equals("version"))
                .map(finding -> finding.subject() + " " + finding.found())
                .toList();
    }

    private Ending roll(World world, ClusterState to) {
        Journal journal = ScriptedWork.journal(to);
        return provisioning(world).roll(to, "", journal, () -> false);
    }

    private Provisioning provisioning(World world) {
        return work.provisioning(world.line, world, world.hosts);
    }

    private static ClusterState cluster(long revision, String version) {
        return cluster(revision, version, 3);
    }

    private static ClusterState cluster(long revision, String version, int many) {
        Map<String, String> archive = Map.of("file", file(version), "sha256", sha256(version));
        Map<String, Object> redis = Map.of("install", "archive", "version", version, "archive", archive);
        return Scripted.cluster(revision, Map.of("redis", redis), many);
    }

    private static String file(String version) {
        return "redis-" + version + ".tar.gz";
    }

    private static String sha256(String version) {
        return version.substring(0, 1).repeat(64);
    }

    /** Scripted hosts on which versions lie beside each other. */
    private static final class World implements Freight {
        private final ScriptedHosts hosts = new ScriptedHosts();
        private final CutHosts line = new CutHosts(hosts, this::effect);
        /** By host what archives.sh says of each version. */
        private final Map<String, String> trees = new TreeMap<>();

        private Predicate<Script> refuses = script -> false;

        @Override
        public Weight weigh(String artefact) {
            String version = artefact.replaceAll("^redis-|\\.tar\\.gz$", "");
            return new Load(artefact, 4711, sha256(version));
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            return line.reached(access, () -> {
                String version = version(script);
                String lies = "archive.tree=" + version + " ours " + load.sha256() + " whole\narchive.user=" + version
                        + " u orders\n";
                trees.merge(access.host(), lies, String::concat);
                return new Reply.Done(0, "received 4711 bytes\nchanged\n", "");
            });
        }

        private Reply effect(HostAccess access, Script script) {
            if (refuses.test(script)) {
                return new Reply.Done(1, "", "there is no room");
            }
            String lies = trees.getOrDefault(access.host(), "");
            return switch (script.name()) {
                case "archives" -> new Reply.Done(0, lies + "archive.end=yes\n", "");
                case "unpack" -> {
                    boolean there = lies.contains("archive.tree=" + version(script) + " ");
                    yield new Reply.Done(0, there ? "unchanged\n" : "wanted\n", "");
                }
                default -> hosts.run(access, script);
            };
        }

        /** After the lease, where it lies, and the verb. */
        private static String version(Script script) {
            return script.arguments().get(8);
        }
    }
}
