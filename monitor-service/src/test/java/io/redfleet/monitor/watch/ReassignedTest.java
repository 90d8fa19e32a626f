package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.roster.Roster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A new spec of a cluster that is watched. */
class ReassignedTest {
    private final Watched watched = new Watched();

    @Test
    void anotherZoneChangesNothingThatWasSeen() {
        watched.well(1_000);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);
        watched.answer(Orders.R2, new Reply.Pong(), 3_000);
        watched.monitored(false, 4_000);
        InstanceWatch before = watched.watch.instances().get(Orders.R2);

        watched.see(new Observation.Reassigned(inZone("b")), 5_000);

        InstanceWatch after = watched.watch.instances().get(Orders.R2);
        assertThat(after).isNotNull().satisfies(now -> {
            assertThat(now.view().member().zone()).isEqualTo("b");
            assertThat(now.monitored()).as("nobody has asked for it").isFalse();
        });
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("view.member")
                .isEqualTo(before);
    }

    @Test
    void theNextDeathIsNotTakenForARepeatOfAnEarlierOne() {
        watched.well(1_000);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);
        watched.answer(Orders.R2, new Reply.Pong(), 3_000);
        watched.see(new Observation.Reassigned(inZone("b")), 4_000);
        watched.answer(Orders.R2, new Reply.Refused(), 5_000);

        List<Fact> deaths = watched.facts.stream()
                .filter(fact -> fact.event() instanceof InstanceEvent.Down)
                .toList();
        assertThat(deaths).hasSize(2);
        assertThat(deaths.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    private static Roster inZone(String zone) {
        ClusterState state = Orders.state();
        ClusterSpec spec = state.spec();
        List<HostSpec> hosts = spec.hosts().stream()
                .map(host ->
                        new HostSpec(host.name(), host.address(), zone, host.ssh(), host.directory(), host.instances()))
                .toList();
        ClusterSpec moved = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                hosts,
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                spec.security());
        return Roster.of(new ClusterState(
                state.schema(),
                state.uid(),
                2,
                state.phase(),
                state.reason(),
                at(4_000).wall(),
                moved));
    }
}
