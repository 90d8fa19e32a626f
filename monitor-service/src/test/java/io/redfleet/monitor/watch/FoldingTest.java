package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.Orders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cut anywhere: the last health record and the events after it give what the dead owner knew, as far as others can tell. */
class FoldingTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noNumberIsGivenTwiceAcrossACrash(long seed) {
        World world = new World(seed);
        Random chance = new Random(seed);
        ClusterWatch watch = ClusterWatch.fresh(Orders.roster(), at(0));
        ClusterHealth health = HealthRecord.of(watch, at(0).wall(), null);
        List<Fact> later = new ArrayList<>();
        for (int step = 1; step <= 900; step++) {
            long now = step * 200L;
            for (Observation seen : world.step(now)) {
                Turn turn = watch.after(seen, at(now));
                later.addAll(turn.facts());
                watch = turn.next();
            }
            Turn look = watch.after(new Observation.Looked(), at(now));
            later.addAll(look.facts());
            watch = look.next();
            if (chance.nextInt(40) == 0) {
                ClusterWatch next =
                        Folding.fold(HealthRecord.restore(Orders.roster(), health, at(now)), later, at(now));
                equalWhatWasTold(watch, next);
                watch = next;
            }
            if (chance.nextInt(60) == 0) {
                health = HealthRecord.of(watch, at(now).wall(), null);
                later.clear();
            }
        }
    }

    private static void equalWhatWasTold(ClusterWatch dead, ClusterWatch next) {
        dead.instances().forEach((id, before) -> {
            InstanceWatch after = next.instances().get(id);
            assertThat(after).isNotNull();
            if (after != null) {
                assertThat(after.view().pulse().flips())
                        .as("flips of " + id)
                        .isEqualTo(before.view().pulse().flips());
                assertThat(after.view().pulse().failed())
                        .as("whether " + id + " is failed")
                        .isEqualTo(before.view().pulse().failed());
                assertThat(after.runId()).as("run of " + id).isEqualTo(before.runId());
            }
        });
        dead.counters().forEach((what, number) -> {
            if (!what.startsWith("failover")) {
                assertThat(next.counters()).containsEntry(what, number);
            }
        });
        // Below 1 nothing was told: where a watch began is found again at the first look.
        assertThat(Math.max(0, next.chronicle().switched()))
                .isEqualTo(Math.max(0, dead.chronicle().switched()));
    }
}
