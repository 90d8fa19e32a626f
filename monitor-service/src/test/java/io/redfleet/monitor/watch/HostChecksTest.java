package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.monitor.Orders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks of the cluster's hosts. */
class HostChecksTest {
    private static final String FULL =
            "check filesystem disk with path /home/ops/redfleet\n  if space > 80% then alert\n";
    private static final String TWICE =
            "check system machine\n  if memory > 80% for 2 cycles then alert else if succeeded for 2 cycles then alert\n";

    private final Watched watched = new Watched();

    @Test
    void aFilesystemThatFillsIsToldOfItsHostAndSoIsItsEnd() {
        under(FULL);
        say("r1", 90, 10, 4_000);
        say("r2", 10, 10, 4_000);
        watched.cycle(5_000);
        watched.cycle(10_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 disk: space > 80%", 1, 1));
        assertThat(watched.facts.getLast().about().reason()).isEqualTo("r1: space is 90.0%");
        assertThat(watched.facts.getLast().about().instance()).isNull();

        say("r1", 50, 10, 14_000);
        watched.cycle(15_000);
        assertThat(told()).last().isEqualTo(new CheckSucceeded("r1 disk: space > 80%"));
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void theSameFailureAtTwoHostsIsTwo() {
        under(FULL);
        say("r1", 90, 10, 4_000);
        say("r2", 90, 10, 4_000);
        watched.cycle(5_000);
        assertThat(told())
                .containsExactlyInAnyOrder(
                        new CheckFailed("r1 disk: space > 80%", 1, 1), new CheckFailed("r2 disk: space > 80%", 1, 1));
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void aHostThatSaysNothingNewIsNoResult() {
        under(TWICE);
        say("r1", 10, 90, 4_000);
        watched.cycle(5_000);
        watched.cycle(10_000);
        assertThat(told()).isEmpty();
        say("r1", 10, 90, 14_000);
        watched.cycle(15_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 machine: memory > 80% for 2 cycles", 2, 2));
    }

    @Test
    void aTakeoverInTheMiddleLosesNoCount() {
        under(TWICE);
        say("r1", 10, 90, 4_000);
        watched.cycle(5_000);

        ClusterHealth health = HealthRecord.of(watched.watch, at(6_000).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(TWICE, Compat.REDFLEET), health, at(7_000));
        say("r1", 10, 90, 9_000);
        watched.cycle(10_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 machine: memory > 80% for 2 cycles", 2, 2));
    }

    @Test
    void whatWasToldAfterTheLastHealthIsNotToldAgainAndItsNumberIsNotGivenAgain() {
        under(FULL);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        say("r1", 90, 10, 4_500);
        watched.cycle(5_000);
        assertThat(told()).hasSize(1);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(FULL, Compat.REDFLEET), health, at(12_000)),
                List.copyOf(watched.facts),
                at(12_000));
        say("r1", 90, 10, 14_000);
        watched.cycle(15_000);
        assertThat(told()).hasSize(1);
        say("r1", 10, 10, 19_000);
        watched.cycle(20_000);
        say("r1", 90, 10, 24_000);
        watched.cycle(25_000);
        assertThat(told())
                .containsExactly(
                        new CheckFailed("r1 disk: space > 80%", 1, 1),
                        new CheckSucceeded("r1 disk: space > 80%"),
                        new CheckFailed("r1 disk: space > 80%", 1, 1));
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void aRuleThatANewSpecHasNoMoreEnds() {
        under(FULL);
        say("r1", 90, 10, 4_000);
        watched.cycle(5_000);
        under(FULL.replace("80%", "70%"));
        assertThat(told()).last().isEqualTo(new CheckSucceeded("r1 disk: space > 80%"));
        say("r1", 90, 10, 9_000);
        watched.cycle(10_000);
        assertThat(told()).last().isEqualTo(new CheckFailed("r1 disk: space > 70%", 1, 1));

        under("");
        assertThat(told()).last().isEqualTo(new CheckSucceeded("r1 disk: space > 70%"));
        assertThat(watched.watch.hostChecks()).isEmpty();
    }

    @Test
    void aHostThatIsNotHeardIsNotJudged() {
        under(FULL);
        say("r1", 90, 10, 4_000);
        watched.see(
                new Observation.HostSeen(
                        facts("r1", 90, 10, 4_500).unreachable(at(4_500).wall(), "no route")),
                4_500);
        watched.cycle(5_000);
        assertThat(told()).isEmpty();
    }

    /** What was never judged, and what was judged and never failed, are two things to a reader. */
    @Test
    void whichRulesWereJudgedIsWrittenDownAndSurvivesATakeover() {
        String rules = FULL + "  if inode > 80% then alert\n";
        under(rules);
        assertThat(health(3_000).hosts()).isEmpty();
        say("r1", 10, 10, 4_000);
        watched.cycle(5_000);
        assertThat(health(6_000).hosts())
                .as("a filesystem that counts no inodes; two hosts that were not heard")
                .isEqualTo(Map.of("r1 disk", new CheckHealth(0, 0, Map.of(), List.of("space > 80%"))));

        watched.watch = HealthRecord.restore(Orders.roster(rules, Compat.REDFLEET), health(6_000), at(7_000));
        assertThat(health(8_000).hosts()).isEqualTo(health(6_000).hosts()).hasSize(1);

        say("r1", 90, 10, 9_000);
        watched.cycle(10_000);
        assertThat(health(11_000).hosts().get("r1 disk")).satisfies(disk -> {
            assertThat(disk.unfailed()).isEmpty();
            assertThat(disk.rules()).containsOnlyKeys("space > 80%");
        });
        watched.watch = HealthRecord.restore(Orders.roster(rules, Compat.REDFLEET), health(11_000), at(12_000));
        assertThat(health(13_000).hosts()).isEqualTo(health(11_000).hosts());
    }

    @Test
    void aRuleOfANewSpecIsNotJudgedUntilItIs() {
        under(FULL + TWICE);
        say("r1", 10, 10, 4_000);
        watched.cycle(5_000);
        assertThat(health(5_000).hosts()).containsOnlyKeys("r1 disk", "r1 machine");

        under(FULL.replace("80%", "70%") + TWICE);
        assertThat(health(5_500).hosts()).containsOnlyKeys("r1 machine");
        say("r1", 10, 10, 9_000);
        watched.cycle(10_000);
        assertThat(health(11_000).hosts())
                .containsEntry("r1 disk", new CheckHealth(0, 0, Map.of(), List.of("space > 70%")));
    }

    @Test
    void aCycleThatIsPassedOverJudgesNothing() {
        String second = FULL.replace("  if", "  every 2 cycles\n  if");
        under(second);
        say("r1", 10, 10, 4_000);
        watched.cycle(5_000);
        under(second.replace("80%", "70%"));
        say("r1", 10, 10, 9_000);
        watched.cycle(10_000);
        assertThat(health(11_000).hosts().get("r1 disk"))
                .satisfies(disk -> assertThat(disk.skipped()).isEqualTo(1))
                .satisfies(disk -> assertThat(disk.unfailed()).isEmpty());
        say("r1", 10, 10, 14_000);
        watched.cycle(15_000);
        assertThat(health(16_000).hosts())
                .containsEntry("r1 disk", new CheckHealth(0, 0, Map.of(), List.of("space > 70%")));
    }

    private ClusterHealth health(long millis) {
        return HealthRecord.of(watched.watch, at(millis).wall(), null);
    }

    private void under(String rules) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, Compat.REDFLEET)), 500);
        watched.well(1_000);
    }

    private void say(String host, int space, int memory, long millis) {
        watched.see(new Observation.HostSeen(facts(host, space, memory, millis)), millis);
    }

    /** @param space used, in percent, as memory */
    private static HostFacts facts(String host, int space, int memory, long millis) {
        return new HostFacts(
                HostFacts.SCHEMA,
                Orders.roster().cluster(),
                new HostName(host),
                at(millis).wall(),
                true,
                "",
                "boot",
                0.5,
                100,
                100 - memory,
                100,
                100 - space,
                0,
                Map.of(),
                new MachineFacts(2, 0, 0, 0, 0, space, 0, 0, 0, 0, 0, 0, 0));
    }

    private List<Event> told() {
        return watched.facts.stream()
                .map(Fact::event)
                .filter(event -> event instanceof CheckFailed || event instanceof CheckSucceeded)
                .toList();
    }
}
