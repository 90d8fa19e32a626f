package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose Redis is built, on scripted hosts: in which order, and wherever the way there is cut. */
class BuildRunTest {
    private static final String FILE = "redis_8.0.2.orig.tar.gz";
    private static final String SOURCE = "0123456789abcdef".repeat(4);
    private static final String BUILT = "b".repeat(64);
    private static final String ORIGIN = "8.0.2-" + SOURCE + "-process";
    private static final String ARCHIVE = "redis-" + ORIGIN + "-x86_64-glibc2.41.tar.gz";

    private final ClusterState cluster = cluster();
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void itIsBuiltOnceBeforeAnyHostIsLeasedAndThenUnpackedOnEach() {
        World world = new World();
        Journal journal = ScriptedWork.journal(cluster);
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
        Ending ending = run(world, ScriptedWork.journal(cluster), id, () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        World other = new World();
        assertThat(run(other, ScriptedWork.journal(cluster), "0123456789abcdef", () -> false)
                        .reason())
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
        Ending ending = run(world, ScriptedWork.journal(cluster), "", () -> world.order.contains("build start"));
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(world.order).contains("build stop").doesNotContain("lease", "send", "prepare");
    }

    @Test
    void whoLosesTheWorkLetsTheBuildGoOnAndTheNextOwnerFetchesIt() {
        World world = new World();
        world.endless = true;
        RecordingLedger ledger = new RecordingLedger();
        Journal journal = ScriptedWork.journal(cluster, ledger);
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
        Journal next = new Journal(new RecordingLedger(), ScriptedWork.CLOCK, ledger.last(OperationState.class));
        Ending ending = run(world, next, "", () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.builds).isEqualTo(1);
    }

    @Test
    void whoTakesOverOnceItIsFetchedComesToTheEnd() {
        World world = new World();
        RecordingLedger ledger = new RecordingLedger();
        world.fetching = ledger::lose;
        Journal journal = ScriptedWork.journal(cluster, ledger);
        assertThatThrownBy(() -> provisioning(world).carryOut(cluster, "", journal, () -> false))
                .isInstanceOf(Ledger.Lost.class);
        OperationState left = ledger.last(OperationState.class);
        assertThat(left.steps())
                .filteredOn(step -> step.status() == StepState.Status.RUNNING)
                .extracting(StepState::id)
                .containsExactly("build/compile");

        world.fetching = () -> {};
        RecordingLedger second = new RecordingLedger();
        Ending ending = run(world, new Journal(second, ScriptedWork.CLOCK, left), "", () -> false);
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
        Journal journal = ScriptedWork.journal(cluster);
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
    void whereItIsCutTheNextRunConvergesAndBuildsOnce(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(attempt(how))).isGreaterThan(30);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConvergesAndBuildsOnce(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(attempt(how))).isGreaterThan(30);
    }

    private Cuts.Attempt attempt(ScriptedHosts.Cut how) {
        return CutHosts.attempt(how, World::new, world -> world.line, this::run, (world, cut) -> {
            assertThat(world.hosts.harm()).as(cut).isEmpty();
            assertThat(world.hosts.starts()).as(cut).isEqualTo(6);
            assertThat(world.builds).as(cut).isEqualTo(1);
            assertThat(world.trees).as(cut).containsOnlyKeys("r1", "r2", "r3");
        });
    }

    private Ending run(World world) {
        return run(world, ScriptedWork.journal(cluster), "", () -> false);
    }

    private Ending run(World world, Journal journal, String wanted, BooleanSupplier cancelled) {
        Ending ending = provisioning(world).carryOut(cluster, wanted, journal, cancelled);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Provisioning provisioning(World world) {
        return work.provisioning(world.line, world, (access, request) -> {
            world.order.add("lease");
            return world.hosts.ask(access, request);
        });
    }

    private static ClusterState cluster() {
        Map<String, Object> host = Map.of("address", "10.9.9.9", "ssh", Map.of("user", "builder"));
        Map<String, Object> source = Map.of("file", FILE, "sha256", SOURCE, "buildHost", host);
        Map<String, Object> redis = Map.of("install", "source", "version", "8.0.2", "source", source);
        return Scripted.cluster(1, Map.of("redis", redis));
    }

    /** Scripted hosts, a build host that needs one question more than none, and a shelf. */
    private static final class World implements Freight {
        private final ScriptedHosts hosts = new ScriptedHosts();
        private final CutHosts line = new CutHosts(hosts, this::effect);
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
            return line.reached(access, () -> {
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
            return line.reached(access, () -> {
                order.add("build fetch");
                onShelf = true;
                fetching.run();
                return new Reply.Done(0, "", "");
            });
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
