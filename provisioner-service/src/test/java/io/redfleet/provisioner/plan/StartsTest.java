package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.gate.RollingGate;
import io.redfleet.provisioner.gate.StartGate;
import io.redfleet.provisioner.gate.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is started by a plan, in which order, and by which links. */
class StartsTest {
    private static final String ALIVE = "pid=7\ni.redis-server.start=1\n";
    private static final String PONG = "ping=PONG\ni.redis-server.info=redis_version";

    private final RunningTrio trio = new RunningTrio();

    @Test
    void afterAnOutageTheMasterIsStartedAloneAndTheRestOnlyForeseen() {
        List.of("r1", "r2", "r3").forEach(this::down);
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(ids(plan.due()))
                .containsExactly(
                        "r1/redis-server/follow",
                        "r1/redis-server/start",
                        "r1/redis-server/ready",
                        "r1/redis-sentinel/well",
                        "r2/redis-sentinel/well",
                        "r3/redis-sentinel/well");
        assertThat(ids(plan.stages()).subList(6, plan.steps().size()))
                .containsExactly(
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/linked",
                        "r3/redis-server/follow",
                        "r3/redis-server/start",
                        "r3/redis-server/linked");
        assertThat(Planner.plan(trio.cluster, trio.survey(), new Restarts.Needed(""))
                        .due())
                .as("where restarts were agreed to")
                .isEqualTo(plan.due());
    }

    /** Whoever started it has died over the rest. */
    @Test
    void aMasterThatLoadsIsWaitedForInTheSameWay() {
        List.of("r2", "r3").forEach(this::down);
        trio.says("r1", "survey", "ping=LOADING\ni.redis-server.x=x", PONG);
        Plan plan = trio.plan();
        assertThat(ids(plan.due()))
                .containsExactly(
                        "r1/redis-server/ready",
                        "r1/redis-sentinel/well",
                        "r2/redis-sentinel/well",
                        "r3/redis-sentinel/well");
    }

    @Test
    void aSentinelThatIsDownIsNotAskedForTheMaster() {
        List.of("r1", "r2", "r3").forEach(this::down);
        trio.says("r3", "survey", "i.redis-sentinel.x=x", "i.redis-sentinel.ping=PONG");
        assertThat(ids(trio.plan().due()))
                .contains("r1/redis-sentinel/well", "r2/redis-sentinel/well")
                .doesNotContain("r3/redis-sentinel/well");
    }

    /** An apply before this one has started it and was cut off, or a boot has. */
    @ParameterizedTest
    @CsvSource({
        "'s_down,o_down,master', true",
        "'master,failover_in_progress', true",
        "'s_down,master,disconnected', false",
        "master, false",
    })
    void whereSentinelsHoldALivingMasterForDownItIsAwaitedToo(String flags, boolean awaited) {
        List.of("r2", "r3").forEach(this::down);
        String field = "i.redis-sentinel.master=";
        trio.says("r2", "survey", field + "flags\n" + field + flags + "\n" + field + "name\n", field + "name\n");
        Plan plan = trio.plan();
        assertThat(ids(plan.stages())).endsWith("r3/redis-server/linked");
        if (awaited) {
            assertThat(ids(plan.due()))
                    .containsExactly("r1/redis-sentinel/well", "r2/redis-sentinel/well", "r3/redis-sentinel/well");
        } else {
            assertThat(ids(plan.stages())).startsWith("r2/redis-server/follow");
            assertThat(plan.foreseen()).isZero();
        }
    }

    @Test
    void replicasAloneAreStartedAtOnce() {
        List.of("r2", "r3").forEach(this::down);
        Plan plan = trio.plan();
        assertThat(plan.foreseen()).isZero();
        assertThat(ids(plan.due()))
                .containsExactly(
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/linked",
                        "r3/redis-server/follow",
                        "r3/redis-server/start",
                        "r3/redis-server/linked");
    }

    @Test
    void aLinkThatIsGoneIsMadeAnewAndNothingIsRestartedForIt() {
        assertThat(trio.plan().steps()).isEmpty();
        unlinked("redis-sentinel");
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(ids(plan.stages())).containsExactly("r2/redis-sentinel/link");
        assertThat(plan.steps()).singleElement().satisfies(step -> {
            assertThat(plan.effect(step)).isEqualTo(Effect.NONE);
            assertThat(step.diff())
                    .containsExactly("+ /home/ops/redfleet/bin/redis-sentinel -> /usr/bin/redis-check-rdb");
        });
    }

    @Test
    void whoIsDownWithoutALinkGetsThatFirst() {
        down("r2");
        unlinked("redis-server");
        assertThat(ids(trio.plan().stages()))
                .containsExactly(
                        "r2/redis-server/link",
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/linked");
    }

    /** They would stop it, and could not start it again. */
    @Test
    void nobodyElseStartsOrRestartsItUntilThen() {
        InstanceId id = new InstanceId("r2/redis-server");
        String reason = "r2/redis-server could not be started: its link to the program is gone; apply makes it anew";
        unlinked("redis-server");
        assertThat(StartGate.comeback(trio.cluster.spec(), trio.survey(), id, ""))
                .isEqualTo(new Verdict.Withheld("unlinked", reason));
        assertThat(RollingGate.judge(trio.cluster, trio.survey(), List.of(id), false, ""))
                .contains(new Verdict.Withheld("unlinked", reason));
        InstanceId other = new InstanceId("r3/redis-server");
        assertThat(RollingGate.judge(trio.cluster, trio.survey(), List.of(other), false, ""))
                .as("where another is to be restarted")
                .map(Verdict.Withheld::rule)
                .isNotEqualTo(Optional.of("unlinked"));
        down("r2");
        assertThat(StartGate.judge(trio.cluster.spec(), trio.survey(), id, ""))
                .isEqualTo(new Verdict.Withheld("unlinked", reason));
        assertThat(StartGate.prepared(trio.cluster.spec(), trio.survey(), id)).isInstanceOf(Verdict.Go.class);
    }

    /** Its turn in a rolling change makes links as well, to another Redis. */
    @Test
    void theTurnOfARestartIsNotTakenForIt() {
        unlinked("redis-server");
        trio.says(
                "r2",
                "survey",
                "i.redis-server.outdated=yes\ni.redis-server.unlinked=yes\n",
                "i.redis-server.unlinked=yes\n");
        Plan plan = Planner.plan(trio.cluster, trio.survey(), new Restarts.Needed(""));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(ids(plan.due())).containsExactly("r2/redis-server/link");
        assertThat(ids(plan.stages())).doesNotHaveDuplicates().contains("r2/redis-server/stop");
    }

    private void down(String host) {
        trio.says(host, "survey", "pid=0\n", ALIVE);
        trio.says(host, "survey", "x=x\ni.redis-server.info=redis_version", PONG);
        trio.says(host, "survey", "x=x\n", "listening=yes\ni.redis-server.");
    }

    private void unlinked(String instance) {
        String key = "i." + instance + ".";
        trio.says("r2", "survey", key + "unlinked=yes\n" + key + "conf=yes\n", key + "conf=yes\n");
    }

    private static List<String> ids(List<List<Step>> stages) {
        return stages.stream().flatMap(List::stream).map(Step::id).toList();
    }
}
