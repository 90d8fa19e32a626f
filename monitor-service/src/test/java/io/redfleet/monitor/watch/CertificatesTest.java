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
import io.redfleet.monitor.roster.Roster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances whose certificates end sooner or later. */
class CertificatesTest {
    private static final String SOON = "r1 certificate redis-server: less than 30 days are left";
    private static final String VERY_SOON = "r1 certificate redis-server: less than 7 days are left";
    private static final String OVER = "r1 certificate redis-server: it is over";
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Watched watched = new Watched();

    @Test
    void eachMarkIsToldOnceAsTimeGoesOn() {
        long ends = 31 * DAY;
        shown(Orders.R1, ends, 0);
        shown(Orders.R1, ends, DAY - 1);
        assertThat(told()).isEmpty();
        shown(Orders.R1, ends, DAY);
        shown(Orders.R1, ends, 2 * DAY);
        assertThat(told()).containsExactly(failed(SOON));
        assertThat(watched.facts.getFirst().about().reason())
                .startsWith("r1/redis-server shows a certificate that ends at ")
                .endsWith("less than 30 days are left");
        shown(Orders.R1, ends, 24 * DAY);
        shown(Orders.R1, ends, 30 * DAY);
        assertThat(told()).containsExactly(failed(SOON), failed(VERY_SOON));
        shown(Orders.R1, ends, ends);
        assertThat(told()).containsExactly(failed(SOON), failed(VERY_SOON), failed(OVER));
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void anotherOneEndsAllThatWasTold() {
        shown(Orders.R1, DAY, 2 * DAY);
        shown(Orders.R1, 100 * DAY, 3 * DAY);
        assertThat(told())
                .containsExactly(
                        failed(SOON),
                        failed(VERY_SOON),
                        failed(OVER),
                        succeeded(SOON),
                        succeeded(VERY_SOON),
                        succeeded(OVER));
        shown(Orders.R1, 100 * DAY, 80 * DAY);
        assertThat(told()).hasSize(7).last().isEqualTo(failed(SOON));
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    /** Two of one host have read the file at different times. */
    @Test
    void eachInstanceIsForItself() {
        shown(Orders.R1, 20 * DAY, 0);
        shown(Orders.S1, 100 * DAY, 1);
        assertThat(told()).containsExactly(failed(SOON));
        shown(new InstanceId("r9/redis-server"), DAY, 2);
        assertThat(told()).as("nobody's").hasSize(1);
    }

    @Test
    void whoeverOwnsTheClusterNextRepeatsNothingAndForgetsNothing() {
        ClusterHealth before = health(0);
        shown(Orders.R1, 20 * DAY, 1_000);
        crash(before, 2_000);
        shown(Orders.R1, 20 * DAY, 3_000);
        assertThat(told()).as("told after the last health").containsExactly(failed(SOON));

        takeOver(health(4_000), 5_000);
        shown(Orders.R1, 20 * DAY, 6_000);
        shown(Orders.R1, 100 * DAY, 7_000);
        assertThat(told()).containsExactly(failed(SOON), succeeded(SOON));
        crash(before, 8_000);
        shown(Orders.R1, 100 * DAY, 9_000);
        assertThat(told()).hasSize(2);
    }

    @Test
    void ofWhoLeavesItIsOver() {
        shown(Orders.R1, 20 * DAY, 0);
        shown(Orders.R2, 20 * DAY, 0);
        watched.see(new Observation.Reassigned(without(Orders.R1)), 1_000);
        assertThat(told())
                .containsExactly(
                        failed(SOON),
                        failed("r2 certificate redis-server: less than 30 days are left"),
                        succeeded(SOON));
    }

    private void shown(InstanceId id, long ends, long now) {
        watched.see(new Observation.Certified(id, at(ends).wall()), now);
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

    private static CheckFailed failed(String rule) {
        return new CheckFailed(rule, 1, 1);
    }

    private static CheckSucceeded succeeded(String rule) {
        return new CheckSucceeded(rule);
    }
}
