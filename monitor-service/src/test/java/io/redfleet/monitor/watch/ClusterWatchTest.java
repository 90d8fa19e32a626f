package io.redfleet.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One cluster, watched through what a test lets be seen. */
class ClusterWatchTest {
    private final Watched watched = new Watched();

    @Test
    void theRestartOfAHungInstanceEndsWhatItsHangingBegan() {
        watched.well(1_000);
        watched.answer(Orders.R2, new Reply.Silent(), 2_000, 3_000, 4_000);
        assertThat(watched.told(Orders.R2)).last().isInstanceOf(InstanceEvent.Hung.class);

        watched.operated("remedy", Set.of(Orders.R2), 5_000);
        watched.answer(Orders.R2, new Reply.Refused(), 6_000);
        assertThat(watched.told(Orders.R2))
                .as("stopped by the operation")
                .last()
                .isInstanceOf(InstanceEvent.Hung.class);
        watched.answer(Orders.R2, new Reply.Pong(), 7_000);

        assertThat(watched.told(Orders.R2)).last().isInstanceOf(InstanceEvent.Up.class);
    }

    @Test
    void whatAnOperationStopsAndStartsIsNotToldAtAll() {
        watched.well(1_000);
        watched.operated("restart", Set.of(Orders.R2), 2_000);
        int before = watched.told(Orders.R2).size();

        watched.answer(Orders.R2, new Reply.Refused(), 3_000);
        watched.answer(Orders.R2, new Reply.Pong(), 4_000);

        assertThat(watched.told(Orders.R2)).hasSize(before);
    }

    @Test
    void aConditionThatEndsWhileNobodyWatchesIsToldToHaveEnded() {
        watched.well(1_000);
        watched.quorum(false, 2_000);
        watched.quorum(false, 6_000);
        assertThat(conditions()).containsExactly("QuorumLost");

        watched.monitored(false, 7_000);
        watched.quorum(true, 8_000);

        assertThat(conditions()).containsExactly("QuorumLost", "QuorumRestored");
    }

    @Test
    void aConditionThatBeginsWhileNobodyWatchesIsToldOnceSomebodyDoes() {
        watched.well(1_000);
        watched.monitored(false, 1_500);
        watched.quorum(false, 2_000);
        watched.quorum(false, 6_000);
        watched.quorum(true, 7_000);
        assertThat(conditions()).as("begun and ended unwatched").isEmpty();
        watched.quorum(false, 8_000);
        watched.quorum(false, 12_000);

        watched.monitored(true, 13_000);
        watched.quorum(false, 13_500);

        assertThat(conditions()).containsExactly("QuorumLost");
    }

    private java.util.List<String> conditions() {
        return watched.facts.stream()
                .map(fact -> fact.event())
                .filter(TopologyEvent.class::isInstance)
                .map(Event::getClass)
                .map(Class::getSimpleName)
                .toList();
    }
}
