package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How old a health record gets while nothing changes. */
class HealthPaceTest {
    private static final Term TERM = new Term(1, "monitor-0");

    private final Recorded bus = new Recorded();
    private final Fleet fleet =
            new Fleet(bus, bus, new FleetSettings("monitor-0", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));

    /** Nobody could tell a host that is well from one that nobody judges any more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "check system machine\n  if memory > 80% then alert\n",
                "check host cache with address r2\n  if failed port 6301 then alert\n"
            })
    void ofAClusterWithChecksOfItsHostsItIsWrittenThoughItSaysNothingNew(String rules) {
        watch(rules);
        List<Instant> written = quiet();
        assertThat(written).hasSizeBetween(5, 6);
        for (int i = 1; i < written.size(); i++) {
            assertThat(Duration.between(written.get(i - 1), written.get(i)))
                    .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "check process redis-server with pidfile /run/redis.pid\n"})
    void ofAnyOtherClusterItIsNot(String rules) {
        watch(rules);
        assertThat(quiet()).isEmpty();
    }

    /** When a record was written, of three minutes in which nothing is heard after the first. */
    private List<Instant> quiet() {
        run(250, 60_000);
        int before = bus.healths.size();
        run(60_250, 240_000);
        return bus.healths.stream().skip(before).map(ClusterHealth::at).toList();
    }

    private void run(long from, long until) {
        for (long now = from; now <= until; now += 250) {
            fleet.tick(at(now));
        }
    }

    private void watch(String rules) {
        ClusterState state = Orders.state();
        WatchSpec watch = state.spec().watch();
        fleet.watch(
                new ClusterState(
                        state.schema(),
                        state.uid(),
                        state.revision(),
                        state.phase(),
                        state.reason(),
                        state.since(),
                        state.spec().with(new WatchSpec(watch.mode(), watch.probe(), watch.cycle(), rules))),
                Past.none(TERM),
                at(0));
    }
}
