package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members come and go, on hosts that are nothing but a state; every way is cut off at calls to hosts. */
class MembersRunTest {
    private static final String R3 = "10.0.0.13";
    private static final String R4 = "10.0.0.14";

    private ScriptedHosts hosts = new ScriptedHosts();
    private final Set<String> dead = new TreeSet<>();
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void aHostIsAddedAndNothingThatRunsIsTouchedButTheQuorum() {
        run(made(1, "r1", "r2", "r3"));
        Plan plan = plan(made(2, "r1", "r2", "r3", "r4"));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> plan.effect(step) == Effect.START)
                .extracting(Step::id)
                .containsExactly("r4/redis-server/start", "r4/redis-sentinel/start");
        assertThat(plan.steps())
                .filteredOn(step -> plan.effect(step) == Effect.LIVE)
                .extracting(Step::title)
                .containsExactly(
                        "set [quorum] in r1/redis-sentinel",
                        "set [quorum] in r2/redis-sentinel",
                        "set [quorum] in r3/redis-sentinel");
        assertThat(plan.steps())
                .filteredOn(step -> plan.effect(step) == Effect.STOP)
                .isEmpty();
        assertThat(run(made(2, "r1", "r2", "r3", "r4")).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.running()).hasSize(8);
        assertThat(hosts.starts()).isEqualTo(8);
    }

    @Test
    void aHostLeavesInThisOrder() {
        run(made(1, "r1", "r2", "r3", "r4"));
        Plan plan = plan(removed());
        assertThat(plan.obstacles()).isEmpty();
        List<String> order = plan.steps().stream()
                .map(Step::id)
                .filter(id -> !id.endsWith("/revision"))
                .toList();
        assertThat(order)
                .containsExactly(
                        "r1/redis-sentinel/settings",
                        "r2/redis-sentinel/settings",
                        "r3/redis-sentinel/settings",
                        "r4/redis-server/fade",
                        "r4/redis-server/stop",
                        "r4/redis-sentinel/stop",
                        "r1/redis-sentinel/reset",
                        "r2/redis-sentinel/reset",
                        "r3/redis-sentinel/reset",
                        "r4/redis-server/retire",
                        "r4/redis-sentinel/retire");
        assertThat(plan.stages())
                .filteredOn(stage -> stage.getFirst().action() instanceof Action.Reset)
                .as("one after the other")
                .hasSize(3);
        assertThat(plan.steps())
                .map(Step::action)
                .filteredOn(Action.Reset.class::isInstance)
                .first()
                .satisfies(action -> {
                    Action.Reset reset = (Action.Reset) action;
                    assertThat(reset.gone()).containsExactly(R4 + ":26379", R4 + ":6379");
                    assertThat(reset.peers()).containsExactly("10.0.0.12:26379", R3 + ":26379");
                    assertThat(reset.replicas()).isEqualTo(2);
                    assertThat(reset.sentinels()).isEqualTo(3);
                    assertThat(reset.quiet()).isEqualTo(Duration.ofSeconds(30));
                });
    }

    @Test
    void aLostHostIsForgottenOnceItsSuccessorIsThereAndNothingOnItIsTouched() {
        run(made(1, "r1", "r2", "r3"));
        loseR3();
        Plan plan = plan(replaced());
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps()).extracting(Step::host).doesNotContain("r3");
        List<String> order = plan.steps().stream().map(Step::id).toList();
        assertThat(order.indexOf("r1/redis-sentinel/reset")).isGreaterThan(order.indexOf("r4/redis-sentinel/quorum"));
        assertThat(plan.steps())
                .filteredOn(step -> plan.effect(step) == Effect.STOP)
                .isEmpty();
        assertThat(run(replaced()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.forgotten(R3 + ":6379")).isTrue();
    }

    @Test
    void theMasterDoesNotLeaveBeforeSomebodyElseLeads() {
        ClusterState three = made(1, "r1", "r2", "r3");
        run(three);
        ClusterState without = leaving(2, spec("r2", "r3", "r4"), three.spec(), "r1", false);
        assertRefused(without, "r1: redis-server: is the master that the Sentinels name: switch over first");
        // Nobody can switch from one that is no member.
        assertRefused(without, "if the one that stands has it no more, apply one with it before");
    }

    @Test
    void aHostThatGivesNoAnswerLeavesOnlyAsLostAndOneThatDoesIsNotLost() {
        run(made(1, "r1", "r2", "r3"));
        assertRefused(replaced(), "r3: lost: the host answers, so it is not lost: say remove=r3 instead of lost=r3");
        loseR3();
        ClusterState removed = leaving(2, spec("r1", "r2", "r4"), spec("r1", "r2", "r3"), "r3", false);
        assertRefused(removed, "if its machine is lost for good, say lost=r3");
    }

    private void assertRefused(ClusterState cluster, String reason) {
        List<String> before = hosts.changes();
        Ending ending = run(cluster);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains(reason);
        assertThat(hosts.changes()).isEqualTo(before);
    }

    /** What is changed between the two specs. */
    enum Change {
        ADD,
        REMOVE,
        REPLACE
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void whereItIsCutTheNextRunConvergesAndHarmsNothing(Change change) {
        for (ScriptedHosts.Cut how : ScriptedHosts.Cut.values()) {
            assertThat(Cuts.some(call -> converges(change, how, call))).isGreaterThan(15);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(Change.class)
    void whereverItIsCutTheNextRunConvergesAndHarmsNothing(Change change) {
        for (ScriptedHosts.Cut how : ScriptedHosts.Cut.values()) {
            int cuts = Cuts.all(call -> converges(change, how, call));
            System.out.printf("%s, cut %s: at each of %d calls%n", change, how, cuts);
            assertThat(cuts).isGreaterThan(15);
        }
    }

    private Optional<List<String>> converges(Change change, ScriptedHosts.Cut how, int call) {
        hosts = new ScriptedHosts();
        dead.clear();
        ClusterState before = change == Change.REMOVE ? made(1, "r1", "r2", "r3", "r4") : made(1, "r1", "r2", "r3");
        assertThat(run(before).status()).isEqualTo(Status.SUCCEEDED);
        if (change == Change.REPLACE) {
            loseR3();
        }
        ClusterState after = switch (change) {
            case ADD -> made(2, "r1", "r2", "r3", "r4");
            case REMOVE -> removed();
            case REPLACE -> replaced();
        };
        hosts.cutAt(call, how);
        Ending first = run(after);
        if (!hosts.wasCut()) {
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            return Optional.of(hosts.heard());
        }
        String where = change + " cut " + how + " call " + call;
        assertThat(first.status()).as(where).isEqualTo(Status.FAILED);
        hosts.mend();
        Ending second = run(after);
        assertThat(second.status()).as(where + ": " + second.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(run(after).reason()).as(where).isEqualTo("nothing to change");
        assertThat(hosts.harm()).as(where).isEmpty();
        assertThat(hosts.masters()).as(where).containsExactly("/base/r1/orders/redis-server");
        assertThat(hosts.running()).as(where).hasSize(change == Change.ADD ? 8 : 6);
        if (change != Change.ADD) {
            String gone = change == Change.REMOVE ? R4 : R3;
            assertThat(hosts.forgotten(gone + ":6379")).as(where).isTrue();
            assertThat(hosts.forgotten(gone + ":26379")).as(where).isTrue();
        }
        return Optional.empty();
    }

    private void loseR3() {
        hosts.kill("/base/r3/orders/redis-server");
        hosts.kill("/base/r3/orders/redis-sentinel");
        dead.add("r3");
    }

    private static ClusterState removed() {
        return leaving(2, spec("r1", "r2", "r3"), spec("r1", "r2", "r3", "r4"), "r4", false);
    }

    private static ClusterState replaced() {
        return leaving(2, spec("r1", "r2", "r4"), spec("r1", "r2", "r3"), "r3", true);
    }

    private static ClusterState leaving(
            long revision, ClusterSpec wanted, ClusterSpec before, String name, boolean lost) {
        List<Leaving> leaving = before.hosts().stream()
                .filter(host -> host.name().value().equals(name))
                .map(host -> new Leaving(host, lost))
                .toList();
        return state(revision, wanted).leftBy(leaving);
    }

    private static ClusterState made(long revision, String... names) {
        return state(revision, spec(names));
    }

    private static ClusterState state(long revision, ClusterSpec spec) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u"), revision, Phase.ACCEPTED, "", Instant.EPOCH, spec);
    }

    private static ClusterSpec spec(String... names) {
        List<Map<String, String>> described = Arrays.stream(names)
                .map(name -> Map.of("name", name, "address", "10.0.0.1" + name.substring(1)))
                .toList();
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described, "redis", Map.of())));
        return ((SpecReader.Good) reading).spec();
    }

    private Plan plan(ClusterState cluster) {
        return provisioning().plan(cluster);
    }

    private Ending run(ClusterState cluster) {
        Journal journal = ScriptedWork.journal(cluster);
        return provisioning().carryOut(cluster, journal, () -> false);
    }

    /** Machines that are dead give no answer. */
    private Provisioning provisioning() {
        Hosts reached = new HostsSaying(
                hosts,
                (access, script) -> dead.contains(access.host())
                        ? new Reply.Failed(Trouble.UNREACHABLE, access + ": no route to host")
                        : hosts.run(access, script));
        return work.provisioning(reached, hosts);
    }
}
