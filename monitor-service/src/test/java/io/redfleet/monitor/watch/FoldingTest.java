package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.remedy.Brakes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
        Set<String> ids = new HashSet<>();
        Set<InstanceId> unwatched = new HashSet<>();
        Brakes brakes = Brakes.OFF;
        for (int step = 1; step <= 900; step++) {
            long now = step * 200L;
            for (Observation seen : world.step(now)) {
                Turn turn = watch.after(seen, at(now));
                told(turn, later, ids);
                watch = turn.next();
            }
            Turn look = watch.after(new Observation.Looked(), at(now));
            told(look, later, ids);
            watch = look.next();
            if (step % 25 == 0) {
                Turn.OfCycle cycle = watch.cycle(brakes, "", at(now));
                brakes = cycle.brakes();
                told(cycle.turn(), later, ids);
                watch = cycle.turn().next();
            }
            if (chance.nextInt(100) == 0) {
                InstanceId one = List.copyOf(watch.instances().keySet()).get(chance.nextInt(6));
                unwatched.add(one);
                CommandId id = new CommandId("order-" + step);
                Turn order = watch.monitored(id, one, chance.nextBoolean(), new Actor("ann", "t1"), at(now));
                told(order, later, ids);
                watch = order.next();
            }
            if (chance.nextInt(40) == 0) {
                ClusterWatch next =
                        Folding.fold(HealthRecord.restore(Orders.roster(), health, at(now)), later, at(now));
                equalWhatWasTold(watch, next, unwatched);
                watch = next;
            }
            if (chance.nextInt(60) == 0) {
                health = HealthRecord.of(watch, at(now).wall(), null);
                later.clear();
            }
        }
    }

    /** Of what an instance did and how its rules stand all owners together tell each thing once: no id comes twice. */
    private static void told(Turn turn, List<Fact> later, Set<String> ids) {
        turn.facts().stream()
                .filter(fact -> fact.event() instanceof InstanceEvent || fact.event() instanceof WatchEvent)
                .forEach(fact -> assertThat(ids.add(fact.id())).as(fact.id()).isTrue());
        later.addAll(turn.facts());
    }

    /** @param unwatched by order, for some time: what such an instance does is told to nobody, and known to one owner alone */
    private static void equalWhatWasTold(ClusterWatch dead, ClusterWatch next, Set<InstanceId> unwatched) {
        dead.instances().forEach((id, before) -> {
            InstanceWatch after = next.instances().get(id);
            assertThat(after).isNotNull();
            if (after != null) {
                assertThat(after.monitored())
                        .as("whether " + id + " is monitored")
                        .isEqualTo(before.monitored());
                assertThat(after.check().failed())
                        .as("the failed rules of " + id)
                        .isEqualTo(before.check().failed());
            }
            if (after != null && !unwatched.contains(id)) {
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
            if (!what.startsWith("failover") && !what.startsWith("order ")) {
                assertThat(next.counters()).containsEntry(what, number);
            }
        });
        // Below 1 nothing was told: where a watch began is found again at the first look.
        assertThat(Math.max(0, next.chronicle().switched()))
                .isEqualTo(Math.max(0, dead.chronicle().switched()));
    }
}
