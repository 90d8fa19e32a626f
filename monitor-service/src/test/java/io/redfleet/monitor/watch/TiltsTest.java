package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.roster.Roster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentinels that do not trust their own time. */
class TiltsTest {
    private static final String RULE = Orders.S1.host() + " tilt " + Orders.S1.name();

    private final Watched watched = new Watched();

    /** A look every ten seconds: 1 in tilt, 0 out of it, . nothing heard, ? an INFO without the field. */
    @ParameterizedTest(name = "{0}: {1} told, {2} ended")
    @CsvSource({
        // One jump is over after half a minute.
        "11110000, 0, 0",
        "111111, 0, 0",
        "1111111, 1, 0",
        "11111111111111, 1, 0",
        "111111100, 1, 1",
        // Out of it for one look: it begins anew.
        "111110111111, 0, 0",
        "1111101111111, 1, 0",
        "11111110111111101, 2, 2",
        // A look or two that are missed are no break, a longer silence is.
        "111..11, 1, 0",
        "111...1111, 0, 0",
        "111...1111111, 1, 0",
        // What is not said is not known: it neither begins, nor ends, nor breaks.
        "???????, 0, 0",
        "1??1??1, 1, 0",
        "1111111???, 1, 0",
        "0000000, 0, 0",
    })
    void onlyWhatLastsIsToldAndItsEndIs(String looks, int told, int ended) {
        for (int i = 0; i < looks.length(); i++) {
            long now = 1_000 + i * 10_000L;
            switch (looks.charAt(i)) {
                case '1' -> figured(Orders.S1, Map.of("sentinel_tilt", "1"), now);
                case '0' -> figured(Orders.S1, Map.of("sentinel_tilt", "0"), now);
                case '?' -> figured(Orders.S1, Map.of("redis_mode", "sentinel"), now);
                default -> {
                    // Nobody answers.
                }
            }
        }
        assertThat(told()).filteredOn(failed()::equals).hasSize(told);
        assertThat(told()).filteredOn(succeeded()::equals).hasSize(ended);
        assertThat(told()).hasSize(told + ended);
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void theReasonNamesTheSentinelAndWhatItMeans() {
        tilted(Orders.S1, 0, 60);
        assertThat(watched.facts.getLast().about().reason())
                .startsWith(Orders.S1 + " has been in tilt for 60 s")
                .contains("no failover");
    }

    @Test
    void aDataNodeIsInNone() {
        tilted(Orders.R1, 0, 120);
        assertThat(told()).isEmpty();
    }

    @Test
    void ofOneThatNobodyWatchesNothingIsRaisedAndTheEndIsToldAllTheSame() {
        watched.monitored(Orders.S1, false, 500);
        tilted(Orders.S1, 0, 120);
        assertThat(told()).isEmpty();
        watched.monitored(Orders.S1, true, 125_000);
        tilted(Orders.S1, 130, 130);
        assertThat(told()).containsExactly(failed());
        watched.monitored(Orders.S1, false, 135_000);
        figured(Orders.S1, Map.of("sentinel_tilt", "0"), 141_000);
        assertThat(told()).containsExactly(failed(), succeeded());
    }

    @Test
    void whoeverOwnsTheClusterNextRepeatsNothingAndForgetsNothing() {
        ClusterHealth before = health(0);
        tilted(Orders.S1, 0, 60);
        crash(before, 65_000);
        tilted(Orders.S1, 70, 140);
        assertThat(told()).as("told after the last health").containsExactly(failed());

        takeOver(health(145_000), 150_000);
        tilted(Orders.S1, 160, 230);
        figured(Orders.S1, Map.of("sentinel_tilt", "0"), 240_000);
        assertThat(told()).containsExactly(failed(), succeeded());
        crash(before, 250_000);
        figured(Orders.S1, Map.of("sentinel_tilt", "0"), 251_000);
        assertThat(told()).hasSize(2);
    }

    @Test
    void ofWhoLeavesItIsOver() {
        tilted(Orders.S1, 0, 60);
        watched.see(new Observation.Reassigned(without(Orders.S1)), 70_000);
        assertThat(told()).containsExactly(failed(), succeeded());
    }

    /** Every ten seconds, from and to a second, both included. */
    private void tilted(InstanceId id, int from, int to) {
        for (int second = from; second <= to; second += 10) {
            figured(id, Map.of("sentinel_tilt", "1"), 1_000 + second * 1_000L);
        }
    }

    private void figured(InstanceId id, Map<String, String> fields, long millis) {
        watched.see(new Observation.Figured(id, new Figures(fields)), millis);
    }

    private ClusterHealth health(long millis) {
        return HealthRecord.of(watched.watch, at(millis).wall(), null);
    }

    private void takeOver(ClusterHealth health, long millis) {
        watched.watch = HealthRecord.restore(watched.watch.roster(), health, at(millis));
    }

    private void crash(ClusterHealth health, long millis) {
        takeOver(health, millis);
        watched.watch = Folding.fold(watched.watch, List.copyOf(watched.facts), at(millis));
    }

    private static Roster without(InstanceId gone) {
        Roster all = Orders.roster();
        Map<InstanceId, Member> members = new LinkedHashMap<>(all.members());
        members.remove(gone);
        return new Roster(
                all.cluster(),
                all.uid(),
                all.labels(),
                all.phase(),
                all.stood(),
                all.sentinel(),
                all.watch(),
                members,
                all.promotable(),
                all.user(),
                all.ca(),
                all.rules());
    }

    private List<Event> told() {
        return watched.facts.stream()
                .map(Fact::event)
                .filter(event -> event instanceof CheckFailed || event instanceof CheckSucceeded)
                .toList();
    }

    private static Event failed() {
        return new CheckFailed(RULE, 1, 1);
    }

    private static Event succeeded() {
        return new CheckSucceeded(RULE);
    }
}
