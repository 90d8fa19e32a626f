package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that dies in a cluster whose label is disarmed, or is not any more, or only now. */
class LabelledClusterTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final Actor ANN = new Actor("ann", "t1");

    private final Recorded bus = new Recorded();
    private final Fleet fleet =
            new Fleet(bus, bus, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
    private long now;

    @BeforeEach
    void aClusterThatIsWell() {
        fleet.brake().caughtUp();
        fleet.watch(ofTeam("checkout"), Past.none(new Term(1, "m1")), at(0));
        run(15_000, Set.of());
        assertThat(fleet.watched(ORDERS)).get().matches(watch -> watch.well());
    }

    @Test
    void withoutABrakeItsRestartIsAskedFor() {
        label("team=search", true);
        run(60_000, Set.of(Orders.R2));

        assertThat(bus.asks).isNotEmpty();
        assertThat(would()).isEmpty();
    }

    @Test
    void underTheBrakeItIsSaidWhatWouldHaveBeenDoneUntilTheLabelsOfTheClusterChange() {
        label("team=checkout", true);
        run(60_000, Set.of(Orders.R2));
        assertThat(bus.asks).isEmpty();
        assertThat(would())
                .singleElement()
                .satisfies(event -> assertThat(event.because())
                        .startsWith("the label team=checkout is disarmed by ann since 2026-01-01T00:00:15Z: a drill"));

        fleet.watch(ofTeam("search"), Past.none(new Term(1, "m1")), at(now));
        run(now + 30_000, Set.of(Orders.R2));

        assertThat(bus.asks).isNotEmpty();
    }

    @Test
    void itComesUnderTheBrakeWithItsLabels() {
        label("team=search", true);
        fleet.watch(ofTeam("search"), Past.none(new Term(1, "m1")), at(now));
        run(60_000, Set.of(Orders.R2));

        assertThat(bus.asks).isEmpty();
        assertThat(would()).hasSize(1);
    }

    @Test
    void rearmedItIsActedOnAgain() {
        label("team=checkout", true);
        run(60_000, Set.of(Orders.R2));
        label("team=checkout", false);
        run(90_000, Set.of(Orders.R2));

        assertThat(bus.asks).isNotEmpty();
    }

    private List<WatchEvent.WouldHave> would() {
        return bus.facts.stream()
                .map(fact -> fact.event())
                .filter(WatchEvent.WouldHave.class::isInstance)
                .map(WatchEvent.WouldHave.class::cast)
                .toList();
    }

    private void label(String label, boolean disarm) {
        Brake.Wish wish = new Brake.Wish(disarm, "a drill", ANN, null, new Label(label));
        fleet.brake().set(wish, at(now), (record, position) -> {});
    }

    /** As the lines would: everybody answers once a second but the dead, whom the Sentinels see down. */
    private void run(long until, Set<InstanceId> dead) {
        for (; now <= until; now += 250) {
            fleet.tick(at(now));
            if (now % 1_000 == 0) {
                look(dead);
            }
        }
    }

    private void look(Set<InstanceId> dead) {
        for (InstanceId id : Orders.SENTINELS) {
            fleet.observe(ORDERS, new Observation.Answered(id, new Reply.Pong(), Orders.run(id.name())), at(now));
        }
        for (InstanceId id : Orders.NODES) {
            boolean down = dead.contains(id);
            Reply reply = down ? new Reply.Refused() : new Reply.Pong();
            fleet.observe(ORDERS, new Observation.Answered(id, reply, down ? null : Orders.run(id.name())), at(now));
            if (!down) {
                Standing standing = id.equals(Orders.R1)
                        ? Standing.master(5, 2 - dead.size())
                        : Standing.replica(Orders.address(1), "connected", 5);
                fleet.observe(ORDERS, new Observation.Stood(id, standing), at(now));
            }
        }
        for (int sentinel = 1; sentinel <= 3; sentinel++) {
            SentinelView seen = dead.isEmpty()
                    ? Orders.view(sentinel, 1, 1, at(now))
                    : new SentinelView(
                            Orders.SENTINELS.get(sentinel - 1),
                            Orders.address(1),
                            1,
                            Set.of("master"),
                            true,
                            3,
                            Set.of(Orders.address(2)),
                            at(now));
            fleet.observe(ORDERS, new Observation.Viewed(seen), at(now));
        }
    }

    private static ClusterState ofTeam(String team) {
        ClusterState state = Orders.state();
        ClusterSpec spec = state.spec();
        ClusterSpec labelled = new ClusterSpec(
                spec.name(),
                Map.of("team", team),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                spec.security());
        return new ClusterState(state.schema(), state.uid(), 1, state.phase(), state.reason(), state.since(), labelled);
    }
}
