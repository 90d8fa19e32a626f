package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.monitor.Orders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Six hosts, the first four of them behind a jump host. */
class JumpMachinesTest {
    private static final String JUMP = "ops@10.0.0.9:22";
    private static final ClusterState STATE = state(number -> JUMP);

    private final Machines machines = new Machines();

    @BeforeEach
    void allAreReached() {
        machines.follow(STATE, at(0));
        for (int number = 1; number <= 6; number++) {
            machines.heard(facts(number, true, "", 250), at(250));
        }
    }

    @Test
    void aJumpHostIsAMachineBesideThoseBehindIt() {
        assertThat(machines.count(at(60_000))).isEqualTo(new Machines.Count(7, List.of()));
    }

    @Test
    void aJumpHostThatGivesNoAnswerIsOneMachineThatIsAway() {
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, false, JUMP, 20_000), at(20_000));
        }
        assertThat(machines.count(at(29_750)).away()).as("not yet for 10 s").isEmpty();
        Machines.Count count = machines.count(at(30_000));
        assertThat(count.known()).as("six hosts and the jump host").isEqualTo(7);
        assertThat(count.away())
                .containsExactly(
                        new Machines.Away("jump host " + JUMP, at(20_000).wall()));
        assertThat(HostBrake.reason(count, null)).isEmpty();
    }

    @Test
    void aJumpHostThroughWhichSomebodyIsReachedIsNotAway() {
        for (int number = 1; number <= 3; number++) {
            machines.heard(facts(number, false, JUMP, 20_000), at(20_000));
        }
        assertThat(machines.count(at(60_000)).away()).isEmpty();
    }

    @Test
    void hostsBehindAJumpHostThatAnswersAreAwayThemselves() {
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, false, JUMP, 20_000), at(20_000));
        }
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, false, "", 40_000), at(40_000));
        }
        assertThat(machines.count(at(49_750)).away())
                .as("that word is a new one")
                .isEmpty();
        Machines.Count count = machines.count(at(50_000));
        assertThat(count.away()).extracting(Machines.Away::name).containsExactlyInAnyOrder("r1", "r2", "r3", "r4");
        assertThat(HostBrake.reason(count, null)).isPresent();
    }

    @Test
    void aJumpHostIsOneMachineWhoeverLogsInThere() {
        machines.follow(state(number -> "user" + number + "@10.0.0.9:22"), at(300));
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, true, "", 350), at(350));
        }
        assertThat(machines.count(at(15_000))).isEqualTo(new Machines.Count(7, List.of()));
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, false, "user" + number + "@10.0.0.9:22", 20_000), at(20_000));
        }
        Machines.Count count = machines.count(at(60_000));
        assertThat(count)
                .isEqualTo(new Machines.Count(
                        7,
                        List.of(new Machines.Away(
                                "jump host user1@10.0.0.9:22", at(20_000).wall()))));
        assertThat(HostBrake.reason(count, null)).isEmpty();
    }

    @Test
    void twoPortsOfOneAddressAreTwoJumpHosts() {
        machines.follow(state(number -> "ops@10.0.0.9:" + (number <= 2 ? 22 : 2222)), at(300));
        for (int number = 1; number <= 4; number++) {
            machines.heard(facts(number, true, "", 350), at(350));
        }
        assertThat(machines.count(at(15_000)).known()).isEqualTo(8);
    }

    @Test
    void aHostThatTwoUsersReachThroughOneJumpHostIsOneMachine() {
        ClusterState other = state(new ClusterName("carts"), number -> "dba@10.0.0.9:22");
        machines.follow(other, at(300));
        for (int number = 1; number <= 6; number++) {
            machines.heard(facts(other.name(), number, true, "", 350), at(350));
        }
        assertThat(machines.count(at(15_000)).known()).isEqualTo(7);
    }

    private static HostFacts facts(int number, boolean reachable, String jump, long millis) {
        return facts(STATE.name(), number, reachable, jump, millis);
    }

    private static HostFacts facts(ClusterName cluster, int number, boolean reachable, String jump, long millis) {
        Instant when = at(millis).wall();
        return new HostFacts(
                HostFacts.SCHEMA,
                cluster,
                new HostName("r" + number),
                when,
                reachable,
                "",
                "boot-1",
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                MachineFacts.UNKNOWN,
                jump);
    }

    private static ClusterState state(IntFunction<String> via) {
        return state(Orders.state().name(), via);
    }

    /** @param via the jump host of the first four, by their number */
    private static ClusterState state(ClusterName name, IntFunction<String> via) {
        ClusterState orders = Orders.state();
        ClusterSpec spec = orders.spec();
        HostSpec like = spec.hosts().getFirst();
        List<HostSpec> hosts = IntStream.rangeClosed(1, 6)
                .mapToObj(number -> new HostSpec(
                        new HostName("r" + number),
                        "10.0.0.1" + number,
                        "",
                        new SshSpec("ops", 22, "key", null, number <= 4 ? via.apply(number) : null),
                        like.directory(),
                        like.instances()))
                .toList();
        ClusterSpec moved = new ClusterSpec(
                name,
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                hosts,
                hosts.getFirst().name(),
                spec.service(),
                spec.watch(),
                spec.security());
        return new ClusterState(
                orders.schema(), orders.uid(), 1, orders.phase(), orders.reason(), orders.since(), moved);
    }
}
