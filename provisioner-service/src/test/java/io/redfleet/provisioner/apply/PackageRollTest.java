package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From one version of packages to another, on scripted hosts: whatever starts on a host runs what is installed there. */
class PackageRollTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final Restarts NEEDED = new Restarts.Needed("");
    private static final String OLD = "5:7.0.15-1";
    private static final String NEW = "5:7.2.4-1";
    private static final String S1 = "/base/r1/orders/redis-sentinel";
    private static final String R1 = "/base/r1/orders/redis-server";
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";
    /** After so many calls the first replica has started as the later one: the same in each test. */
    private static final AtomicInteger HALF = new AtomicInteger();

    private final ClusterState before = cluster(1, "7.0");
    private final ClusterState later = cluster(2, "7.2");
    private final ClusterState again = cluster(3, "7.0");
    private int ids;

    @Test
    void withoutAWordNoVersionIsChangedAndThePlanSaysWhatItNeeds() {
        World world = standing();
        Plan plan = provisioning(world).plan(later);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.refused())
                .hasSize(6)
                .allSatisfy(refused -> assertThat(refused.reason()).contains("needs --rolling (restart of "))
                .first()
                .satisfies(refused ->
                        assertThat(refused.diff()).containsExactly("- runs Redis 7.0.15", "+ runs Redis 7.2.4"));
        assertThat(apply(world, later, Restarts.none()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.versions.values()).containsOnly(OLD);
        assertThat(world.hosts.begun().values()).containsOnly(1);
    }

    @Test
    void theFirstTurnOnAHostBringsTheOtherVersionToIt() {
        World world = standing();
        Plan plan = provisioning(world).plan(cluster(1, "7.2"), NEEDED);
        assertThat(plan.due().stream().flatMap(List::stream).map(Step::id))
                .containsExactly(
                        "r1/packages/change",
                        "r1/redis-sentinel/prepare",
                        "r1/redis-sentinel/stop",
                        "r1/redis-sentinel/start",
                        "r1/redis-sentinel/joined-1",
                        "r1/redis-sentinel/settled-1",
                        "r2/redis-sentinel/settled-1",
                        "r3/redis-sentinel/settled-1");
        assertThat(plan.steps())
                .filteredOn(step -> step.id().endsWith("/packages/change"))
                .hasSize(3)
                .first()
                .satisfies(step -> {
                    assertThat(step.title())
                            .isEqualTo("put redis-tools=" + NEW + " redis-server=" + NEW + " redis-sentinel=" + NEW
                                    + " in place of what r1 has, and hold it");
                    assertThat(step.diff()).contains("- redis-server=" + OLD, "+ redis-server=" + NEW);
                });
        assertThat(plan.steps()).extracting(Step::id).doesNotHaveDuplicates();
    }

    /** It would run the later version at once, and whoever is older loads nothing that it sends once it leads. */
    @Test
    void aNewMemberIsNotMadeBesideOlderOnesWithoutTheWordThatRestartsThem() {
        World world = standing();
        assertThat(apply(world, later, Restarts.none()).status()).isEqualTo(Status.SUCCEEDED);
        ClusterState wider = cluster(3, "7.2", 4);
        Plan plan = provisioning(world).plan(wider);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r4");
            assertThat(obstacle.reason())
                    .startsWith("apply --rolling: a new member, redis-server, would run 7.2.4 beside 7.0.15 of r1/");
        });
        assertThat(apply(world, wider, Restarts.none()).status()).isEqualTo(Status.FAILED);
        assertThat(world.versions).hasSize(3).doesNotContainKey("r4");

        Plan agreed = provisioning(world).plan(wider, NEEDED);
        assertThat(agreed.obstacles()).isEmpty();
        assertThat(agreed.steps()).extracting(Step::id).contains("r4/packages/install");
        assertThat(provisioning(world).plan(cluster(3, "7.0", 4)).obstacles())
                .as("at the version that runs")
                .isEmpty();
    }

    /** The packages are there by then, and the instances go on as they were started. */
    @Test
    void norBesideThoseWhoseHostsHaveTheLaterVersionAndWhoDoNotRunItYet() {
        World world = halfway();
        assertThat(provisioning(world).plan(cluster(3, "7.2", 4)).obstacles())
                .singleElement()
                .satisfies(obstacle ->
                        assertThat(obstacle.reason()).contains("would run 7.2.4 beside 7.0.15 of r1/redis-server"));
    }

    /** A Sentinel has stored nothing: it comes back by the packages of before alone. */
    @Test
    void aSentinelThatDoesNotComeUpAsTheLaterOneComesBackAsTheOneOfBefore() {
        World world = standing();
        world.refuses = script -> script.name().equals("unit-start")
                && script.arguments().contains(S1)
                && NEW.equals(world.versions.get("r1"));
        Ending gone = apply(world, later, NEEDED);
        assertThat(gone.status()).isEqualTo(Status.FAILED);
        assertThat(gone.reason()).contains("step r1/redis-sentinel/start");
        assertThat(world.versions)
                .containsEntry("r1", NEW)
                .containsEntry("r2", OLD)
                .containsEntry("r3", OLD);

        assertThat(provisioning(world).plan(later, NEEDED).steps())
                .extracting(Step::id)
                .as("as the later one it is only started")
                .contains("r1/redis-sentinel/start")
                .doesNotContain("r1/packages/change");
        assertThat(provisioning(world).plan(again, NEEDED).steps())
                .extracting(Step::id)
                .containsSubsequence("r1/packages/change", "r1/redis-sentinel/prepare", "r1/redis-sentinel/start")
                .noneMatch(id -> id.endsWith("/aside"));
        Ending ending = apply(world, again, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        arrived(world, OLD, "7.0.15");
    }

    /** What its host's data node has stored the earlier one would not load, and it may die at any time. */
    @Test
    void aSentinelBringsNoEarlierPackagesUnderADataNodeThatRunsTheLaterOne() {
        World world = halfway();
        world.hosts.kill("/base/r2/orders/redis-sentinel");
        assertThat(provisioning(world).plan(again, NEEDED).steps())
                .extracting(Step::id)
                .contains("r2/redis-sentinel/start")
                .doesNotContain("r2/redis-sentinel/prepare");
    }

    /** What was begun by lists that are old may be offered no more. */
    @Test
    void whereAChangeWasBegunAndHasNotComeTheListsAreReadFirst() {
        World world = standing();
        world.others = "packages.notes=pending u\n";
        assertThat(provisioning(world).plan(later, NEEDED).steps())
                .extracting(Step::id)
                .containsExactly("r1/packages/lists", "r2/packages/lists", "r3/packages/lists");
        world.others += "packages.read=5\n";
        assertThat(provisioning(world).plan(later, NEEDED).stages().get(1))
                .extracting(Step::id)
                .containsExactly("r1/packages/change");
        world.others = "packages.notes=pending u\npackages.dpkg=redis-server hold installed " + NEW + "\n";
        assertThat(provisioning(world).plan(later, NEEDED).stages().get(1))
                .extracting(Step::id)
                .as("half of it has come, and the rest is not kept waiting")
                .containsExactly("r1/packages/change");
    }

    @Test
    void whereAptDoesNotAnswerThatIsWhatIsSaid() {
        World world = standing();
        world.offered = List.of();
        world.others = "packages.policy.failed=apt-cache policy redis-tools: failed\n";
        assertThat(provisioning(world).plan(later, NEEDED).obstacles())
                .hasSize(3)
                .first()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains("apt-cache policy redis-tools: failed, so nobody knows whether apt offers it"));
    }

    /** A security update: Redis says the same of itself, and is another file. */
    @Test
    void anotherRevisionOfDebiansIsAnotherVersionToo() {
        World world = standing();
        world.offered = List.of(NEW, "5:7.0.15-2", OLD);
        ClusterState mended = cluster(1, "5:7.0.15-2");
        assertThat(provisioning(world).plan(mended).refused())
                .hasSize(6)
                .first()
                .satisfies(refused ->
                        assertThat(refused.diff()).contains("- redis-tools=" + OLD, "+ redis-tools=5:7.0.15-2"));
        Plan plan = provisioning(world).plan(mended, NEEDED);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.due().getFirst()).extracting(Step::id).containsExactly("r1/packages/change");
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        int cuts = 0;
        while (true) {
            World world = standing();
            world.hosts.oneByOne();
            world.cutAt(cuts, how);
            Ending first = apply(world, later, NEEDED);
            if (world.calls <= cuts) {
                assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
                break;
            }
            assertThat(first.status()).as("cut %s call %d", how, cuts).isEqualTo(Status.FAILED);
            world.mend();
            Ending second = apply(world, later, NEEDED);
            assertThat(second.status())
                    .as("cut %s call %d: %s", how, cuts, second.reason())
                    .isEqualTo(Status.SUCCEEDED);
            arrived(world, NEW, "7.2.4");
            assertThat(world.hosts.masters()).as("cut %s call %d", how, cuts).hasSize(1);
            cuts++;
        }
        assertThat(cuts).isGreaterThan(60);
    }

    /** On each host the earlier version comes once what the later one has stored there is out of its way. */
    @Test
    void onTheWayBackAReplicaIsEmptiedBeforeItsHostHasTheEarlierVersion() {
        World world = halfway();
        Plan plan = provisioning(world).plan(cluster(2, "7.0"), NEEDED);
        assertThat(plan.due().stream().flatMap(List::stream).map(Step::id))
                .startsWith(
                        "r2/redis-server/linked-1",
                        "r2/redis-server/aside-tried",
                        "r2/redis-server/stop",
                        "r2/redis-server/aside",
                        "r2/packages/change",
                        "r2/redis-server/prepare",
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/level-1");
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsSubsequence("r2/redis-server/start", "r1/packages/change", "r1/redis-sentinel/stop")
                .doesNotHaveDuplicates();
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverTheWayBackIsCutTheNextRunGoesOn(ScriptedHosts.Cut how) {
        int cuts = 0;
        while (true) {
            World world = halfway();
            world.hosts.oneByOne();
            world.cutAt(cuts, how);
            Ending first = apply(world, again, NEEDED);
            if (world.calls <= cuts) {
                assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
                break;
            }
            assertThat(first.status()).as("cut %s call %d", how, cuts).isEqualTo(Status.FAILED);
            world.mend();
            Ending second = apply(world, again, NEEDED);
            assertThat(second.status())
                    .as("cut %s call %d: %s", how, cuts, second.reason())
                    .isEqualTo(Status.SUCCEEDED);
            arrived(world, OLD, "7.0.15");
            assertThat(world.hosts.masters()).as("cut %s call %d", how, cuts).containsExactly(R1);
            cuts++;
        }
        assertThat(cuts).isGreaterThan(20);
    }

    @Test
    void onceALaterOneLeadsThereIsNoWayBackAndNoPackageIsTouched() {
        World world = standing();
        assertThat(apply(world, later, NEEDED).status()).isEqualTo(Status.SUCCEEDED);
        Ending back = apply(world, again, NEEDED);
        assertThat(back.status()).isEqualTo(Status.FAILED);
        assertThat(back.reason()).contains("would be started as Redis 7.0.15", "going back means a restore");
        arrived(world, NEW, "7.2.4");
    }

    @Test
    void whoSharesThePackagesWithAnotherClusterKeepsThem() {
        World world = standing();
        world.others = "packages.notes=cluster u2 billing\n";
        Plan plan = provisioning(world).plan(later, NEEDED);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .hasSize(3)
                .first()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains("used by billing (uid u2)", "not changed while another cluster uses it"));
    }

    @Test
    void whatAptDoesNotOfferIsLookedForInNewListsOnce() {
        World world = standing();
        world.offered = List.of(OLD);
        Plan lists = provisioning(world).plan(later, NEEDED);
        assertThat(lists.obstacles()).isEmpty();
        assertThat(lists.steps())
                .extracting(Step::id)
                .containsExactly("r1/packages/lists", "r2/packages/lists", "r3/packages/lists");
        world.others = "packages.read=5\n";
        assertThat(provisioning(world).plan(later, NEEDED).obstacles())
                .hasSize(3)
                .first()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains("apt does not offer it for all of them; of redis-tools it offers " + OLD));
    }

    private static void arrived(World world, String packages, String release) {
        assertThat(world.versions.values()).hasSize(3).containsOnly(packages);
        assertThat(world.hosts.versions().values()).hasSize(6).containsOnly(release);
        assertThat(world.hosts.harm()).isEmpty();
    }

    /** Six instances that run what came first. */
    private World standing() {
        World world = new World();
        Ending made = apply(world, before, Restarts.none());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        arrived(world, OLD, "7.0.15");
        return world;
    }

    /** All Sentinels and the first replica run the later one; what else runs, on hosts that have it by now, does not. */
    private World halfway() {
        while (true) {
            World world = standing();
            world.cutAt(HALF.get(), ScriptedHosts.Cut.BEFORE);
            assertThat(apply(world, later, NEEDED).status()).isEqualTo(Status.FAILED);
            world.mend();
            if (world.hosts.versions().getOrDefault(R2, "").equals("7.2.4")) {
                assertThat(world.hosts.versions()).containsEntry(R1, "7.0.15").containsEntry(R3, "7.0.15");
                assertThat(world.versions.values()).containsOnly(NEW);
                return world;
            }
            HALF.incrementAndGet();
        }
    }

    private Ending apply(World world, ClusterState to, Restarts restarts) {
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(to));
        Ending ending = provisioning(world).carryOut(to, "", restarts, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Provisioning provisioning(World world) {
        Leases leases = new Leases(world.hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        Surveyor surveyor = new Surveyor(world, Runnable::run, CLOCK, PlainLocksmith.accounts());
        return new Provisioning(surveyor, new PlanRun(new Hands(world), Runnable::run, CLOCK), leases);
    }

    private static ClusterState cluster(long revision, String version) {
        return cluster(revision, version, 3);
    }

    private static ClusterState cluster(long revision, String version, int many) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, many)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i))
                .toList();
        Map<String, Object> spec = Map.of(
                "service", "systemd", "hosts", hosts, "redis", Map.of("install", "packages", "version", version));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                revision,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    /** Scripted hosts with packages, all three of Redis's at one version. */
    private static final class World implements Hosts {
        private final ScriptedHosts hosts = new ScriptedHosts();
        /** What dpkg has, by host. */
        private final Map<String, String> versions = new TreeMap<>();

        private Predicate<Script> refuses = script -> false;

        private List<String> offered = List.of(NEW, OLD);
        /** Lines that every host says besides. */
        private String others = "";

        private int calls;
        private int cutAt = Integer.MAX_VALUE;
        private ScriptedHosts.Cut cut = ScriptedHosts.Cut.BEFORE;

        /** From the n-th call from now on, counted from 0, nothing is reached. */
        void cutAt(int call, ScriptedHosts.Cut how) {
            calls = 0;
            cutAt = call;
            cut = how;
        }

        void mend() {
            cutAt = Integer.MAX_VALUE;
            hosts.mend();
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            // As CutHosts has it: what is written after all is done decides nothing.
            return script.name().equals("canary")
                    ? effect(access, script)
                    : reached(access, () -> effect(access, script));
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return reached(access, () -> hosts.put(access, file));
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }

        private Reply reached(HostAccess access, Supplier<Reply> effect) {
            int call = calls++;
            Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost");
            if (call > cutAt || (call == cutAt && cut == ScriptedHosts.Cut.BEFORE)) {
                return lost;
            }
            Reply reply = effect.get();
            return call == cutAt ? lost : reply;
        }

        private Reply effect(HostAccess access, Script script) {
            if (refuses.test(script)) {
                return new Reply.Done(1, "", "it does not come up");
            }
            if (!script.name().equals("packages")) {
                return hosts.run(access, script);
            }
            return script.by() == RunAs.ROOT
                    ? changed(access.host(), script.arguments())
                    : new Reply.Done(0, said(access.host()), "");
        }

        /** After the lease, the machine, whose they are and the lease's place: the verb, and what it is about. */
        private Reply changed(String host, List<String> arguments) {
            assertThat(arguments.get(7)).isIn("install", "change");
            String version = arguments.get(8).substring("redis-tools=".length());
            if (version.equals(versions.put(host, version))) {
                return new Reply.Done(0, "unchanged\n", "");
            }
            hosts.upgrade(host, version.replaceAll("^5:|-.*$", ""));
            return new Reply.Done(0, "changed\n", "");
        }

        private String said(String host) {
            String version = versions.getOrDefault(host, "");
            List<String> lines = new ArrayList<>(List.of("packages.apt=yes"));
            for (String name : HostPackages.ALL) {
                lines.add("packages.dpkg=" + name
                        + (version.isEmpty() ? " unknown not-installed " : " hold installed " + version));
                lines.add("packages.policy=" + name + ":");
                lines.add("packages.policy=  Candidate: " + OLD);
                for (String each : offered) {
                    lines.add("packages.policy=     " + each + " 500");
                    lines.add("packages.policy=        500 file:/srv/packages ./ Packages");
                }
            }
            if (!version.isEmpty()) {
                lines.addAll(List.of(
                        "packages.noted=yes", "packages.notes=# redfleet-packages", "packages.notes=cluster u orders"));
            }
            return String.join("\n", lines) + "\n" + others + "packages.end=yes\n";
        }
    }
}
