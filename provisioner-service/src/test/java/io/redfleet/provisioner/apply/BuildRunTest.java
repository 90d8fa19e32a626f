package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose Redis is built, on scripted hosts: in which order, and wherever the way there is cut. */
class BuildRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final String FILE = "redis_8.0.2.orig.tar.gz";
    private static final String SOURCE = "0123456789abcdef".repeat(4);
    private static final String BUILT = "b".repeat(64);
    private static final String ORIGIN = "8.0.2-" + SOURCE + "-process";
    private static final String ARCHIVE = "redis-" + ORIGIN + "-x86_64-glibc2.41.tar.gz";

    private final ClusterState cluster = cluster();
    private int ids;

    @Test
    void itIsBuiltOnceBeforeAnyHostIsLeasedAndThenUnpackedOnEach() {
        World world = new World();
        Journal journal = journal();
        Ending ending = run(world, journal, "", () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.order.stream().distinct())
                .containsSubsequence(
                        "build look", "build poll", "build start", "build fetch", "lease", "send", "prepare");
        assertThat(world.order.indexOf("lease")).isGreaterThan(world.order.lastIndexOf("build fetch"));
        assertThat(world.order.stream().filter("build start"::equals)).hasSize(1);
        assertThat(world.order.stream().filter("send"::equals)).hasSize(3);
        assertThat(journal.state().steps())
                .filteredOn(step -> step.id().endsWith("build/compile"))
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.status()).isEqualTo(StepState.Status.DONE);
                    assertThat(step.host()).isEqualTo("build");
                    assertThat(step.detail()).contains(ARCHIVE, BUILT);
                });

        world.order.clear();
        assertThat(run(world).reason()).isEqualTo("nothing to change");
        assertThat(world.order).noneMatch(done -> done.startsWith("build") || done.equals("send"));
    }

    @Test
    void thePlanThatWasSeenIsWhatIsDoneThoughItIsBuiltMeanwhile() {
        World world = new World();
        Plan seen = provisioning(world).plan(cluster);
        String id = PlanId.of(cluster, seen);
        Ending ending = run(world, journal(), id, () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        World other = new World();
        assertThat(run(other, journal(), "0123456789abcdef", () -> false).reason())
                .contains("is not what would be done now");
        assertThat(other.order).doesNotContain("build start");
    }

    @Test
    void aBuildThatFailsTouchesNoHost() {
        World world = new World();
        world.fails = true;
        Ending ending = run(world);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("step build/compile", "failed make has failed");
        assertThat(world.order).doesNotContain("lease", "send", "prepare");
        world.fails = false;
        assertThat(run(world).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void whoIsCancelledStopsTheBuildAndTouchesNoHost() {
        World world = new World();
        world.endless = true;
        Ending ending = run(world, journal(), "", () -> world.order.contains("build start"));
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(world.order).contains("build stop").doesNotContain("lease", "send", "prepare");
    }

    @Test
    void whoLosesTheWorkLetsTheBuildGoOnAndTheNextOwnerFetchesIt() {
        World world = new World();
        world.endless = true;
        RecordingLedger ledger = new RecordingLedger();
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        // What a handover does: first the ledger is another's, then all that runs is told to stop.
        BooleanSupplier handedOver = () -> {
            if (world.order.contains("build start")) {
                ledger.lose();
            }
            return ledger.lost();
        };
        assertThatThrownBy(() -> provisioning(world).carryOut(cluster, "", journal, handedOver))
                .isInstanceOf(Ledger.Lost.class);
        assertThat(world.order).contains("build start").doesNotContain("build stop", "lease");

        world.endless = false;
        Journal next = new Journal(new RecordingLedger(), CLOCK, ledger.last(OperationState.class));
        Ending ending = run(world, next, "", () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.builds).isEqualTo(1);
    }

    @Test
    void whoTakesOverOnceItIsFetchedComesToTheEnd() {
        World world = new World();
        RecordingLedger ledger = new RecordingLedger();
        world.fetching = ledger::lose;
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        assertThatThrownBy(() -> provisioning(world).carryOut(cluster, "", journal, () -> false))
                .isInstanceOf(Ledger.Lost.class);
        OperationState left = ledger.last(OperationState.class);
        assertThat(left.steps())
                .filteredOn(step -> step.status() == StepState.Status.RUNNING)
                .extracting(StepState::id)
                .containsExactly("build/compile");

        world.fetching = () -> {};
        RecordingLedger second = new RecordingLedger();
        Ending ending = run(world, new Journal(second, CLOCK, left), "", () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.last(OperationState.class).finishedAt()).isNotNull();
        assertThat(second.last(OperationState.class).steps())
                .filteredOn(step -> step.id().equals("build/compile"))
                .singleElement()
                .satisfies(step -> assertThat(step.status()).isEqualTo(StepState.Status.UNCHANGED));
        assertThat(world.builds).isEqualTo(1);
    }

    @Test
    void whatHasToBeBuiltOnlyUnderTheLeasesIsNotBuiltThere() {
        World world = new World();
        world.lacking = 1;
        Journal journal = journal();
        Ending ending = run(world, journal, "", () -> false);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .isEqualTo("build/compile has to come first, and is done under no lease: apply again");
        assertThat(journal.state().steps()).isEmpty();
        assertThat(world.order).contains("lease").doesNotContain("build start", "send", "prepare");
        assertThat(run(world).status()).isEqualTo(Status.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConvergesAndBuildsOnce(ScriptedHosts.Cut how) {
        int cuts = 0;
        while (true) {
            World world = new World();
            world.cutAt = cuts;
            world.cut = how;
            Ending first = run(world);
            if (world.calls <= cuts) {
                break;
            }
            assertThat(first.status()).as("cut %s call %d", how, cuts).isEqualTo(Status.FAILED);
            world.cutAt = Integer.MAX_VALUE;
            world.hosts.mend();
            Ending second = run(world);
            assertThat(second.status())
                    .as("cut %s call %d: %s", how, cuts, second.reason())
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(run(world).reason()).isEqualTo("nothing to change");
            assertThat(world.hosts.harm()).as("cut %s call %d", how, cuts).isEmpty();
            assertThat(world.hosts.starts()).isEqualTo(6);
            assertThat(world.builds).as("cut %s call %d", how, cuts).isEqualTo(1);
            assertThat(world.trees).containsOnlyKeys("r1", "r2", "r3");
            cuts++;
        }
        assertThat(cuts).isGreaterThan(30);
    }

    private Ending run(World world) {
        return run(world, journal(), "", () -> false);
    }

    private Ending run(World world, Journal journal, String wanted, BooleanSupplier cancelled) {
        Ending ending = provisioning(world).carryOut(cluster, wanted, journal, cancelled);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Journal journal() {
        return new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
    }

    private Provisioning provisioning(World world) {
        Surveyor surveyor = new Surveyor(world, world, Runnable::run, CLOCK, PlainLocksmith.accounts());
        Leases leases = new Leases(
                (access, request) -> {
                    world.order.add("lease");
                    return world.hosts.ask(access, request);
                },
                "provisioner-0",
                () -> "lease-" + ++ids,
                CLOCK,
                Duration.ofMinutes(5));
        return new Provisioning(surveyor, new PlanRun(new Hands(world, world), Runnable::run, CLOCK), leases);
    }

    private static ClusterState cluster() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> host = Map.of("address", "10.9.9.9", "ssh", Map.of("user", "builder"));
        Map<String, Object> source = Map.of("file", FILE, "sha256", SOURCE, "buildHost", host);
        Map<String, Object> redis = Map.of("install", "source", "version", "8.0.2", "source", source);
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", redis)));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    /** Scripted hosts, a build host that needs one question more than none, and a shelf. */
    private static final class World implements Hosts, Freight {
        private final ScriptedHosts hosts = new ScriptedHosts();
        /** The uid that uses the version, by host. */
        private final Map<String, String> trees = new TreeMap<>();

        private final List<String> order = new ArrayList<>();
        private int builds;
        private boolean goesOn;
        private boolean built;
        private boolean onShelf;
        private boolean fails;
        private boolean endless;
        /** How many looks still find no compiler there. */
        private int lacking;

        private Runnable fetching = () -> {};
        private int calls;
        private int cutAt = Integer.MAX_VALUE;
        private ScriptedHosts.Cut cut = ScriptedHosts.Cut.BEFORE;

        @Override
        public Reply run(HostAccess access, Script script) {
            return reached(access, () -> effect(access, script));
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return reached(access, () -> hosts.put(access, file));
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }

        @Override
        public Weight weigh(String artefact) {
            return artefact.equals(FILE) ? new Load(FILE, 3000, SOURCE) : new Load(ARCHIVE, 4711, BUILT);
        }

        @Override
        public Optional<Load> kept(String prefix, String from) {
            return onShelf ? Optional.of(new Load(ARCHIVE, 4711, BUILT)) : Optional.empty();
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            return reached(access, () -> {
                if (access.host().equals(BuildJob.HOST)) {
                    order.add("build start");
                    builds++;
                    goesOn = true;
                    return new Reply.Done(0, "started\n", "");
                }
                order.add("send");
                trees.put(access.host(), script.arguments().get(4));
                return new Reply.Done(0, "received 4711 bytes\nchanged\n", "");
            });
        }

        @Override
        public Reply fetch(HostAccess access, Script script, Load wanted) {
            return reached(access, () -> {
                order.add("build fetch");
                onShelf = true;
                fetching.run();
                return new Reply.Done(0, "", "");
            });
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
            return switch (script.name()) {
                case "build" -> {
                    String verb = script.arguments().get(1);
                    order.add("build " + verb);
                    yield new Reply.Done(0, build(verb) + "\n", "");
                }
                case "archives" -> new Reply.Done(0, lies(access) + "archive.end=yes\n", "");
                case "unpack" -> new Reply.Done(0, trees.containsKey(access.host()) ? "unchanged\n" : "wanted\n", "");
                default -> {
                    order.add(script.name());
                    yield hosts.run(access, script);
                }
            };
        }

        private String build(String verb) {
            return switch (verb) {
                case "look" ->
                    (lacking-- > 0 ? "build.missing=gcc\n" : "")
                            + (built ? "build.made=" + BUILT + "\n" : "")
                            + "build.end=yes";
                case "stop" -> "changed";
                case "poll" -> {
                    if (goesOn && !endless) {
                        // It is over by the next question.
                        goesOn = false;
                        built = !fails;
                        yield "running 5";
                    }
                    if (built) {
                        yield "made " + BUILT + " 4711 " + ARCHIVE;
                    }
                    String over = builds > 0 && fails ? "failed make has failed" : "gone";
                    yield goesOn ? "running 5" : over;
                }
                default -> throw new AssertionError("nobody asks for " + verb);
            };
        }

        private String lies(HostAccess access) {
            String user = trees.get(access.host());
            return user == null
                    ? ""
                    : "archive.tree=8.0.2 ours " + BUILT + " whole\narchive.user=8.0.2 " + user
                            + " orders\narchive.source=8.0.2 " + ORIGIN + "\n";
        }
    }
}
