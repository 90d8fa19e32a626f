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
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of addresses of the cluster's hosts. R2 listens on 6301, its Sentinel on 26301; all three are at 127.0.0.1. */
class AddressChecksTest {
    private static final String ONCE = "check host cache with address r2\n  if failed port 6301 then alert\n";
    private static final String TWICE = ONCE.replace("6301", "6301 protocol redis for 2 cycles");
    private static final String RULE = "r2 cache: failed port 6301";
    private static final String RULE_TWICE = RULE + " protocol redis for 2 cycles";

    private final Watched watched = new Watched();

    @Test
    void aPortThatRefusesIsToldOfItsHostAndSoIsItsEnd() {
        under(TWICE);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        assertThat(told()).isEmpty();
        watched.cycle(10_000);
        watched.cycle(15_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE_TWICE, 2, 2));
        assertThat(facts().getLast().about().reason()).isEqualTo("r2: port 6301: refuses connections");

        watched.answer(Orders.R2, new Reply.Pong(), 19_000);
        watched.cycle(20_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE_TWICE, 2, 2), new CheckSucceeded(RULE_TWICE));
        assertThat(facts().getLast().about().reason()).isEqualTo("r2: port 6301: answers PING");
    }

    @Test
    void itIsJudgedWhetherOrNotAnybodyWatchesTheInstance() {
        under(ONCE);
        watched.monitored(Orders.R2, false, 2_000);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE, 1, 1));
        assertThat(watched.asks).isEmpty();
    }

    /** By one probe: what hangs is not failed yet by our own judgment. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PONG    | REDFLEET | protocol redis | false",
                "REFUSED | REDFLEET | ''             | true",
                "LOADING | REDFLEET | protocol redis | false",
                "DENIED  | REDFLEET | protocol redis | false",
                "SILENT  | REDFLEET | ''             | false",
                "PONG    | MONIT    | protocol redis | false",
                "REFUSED | MONIT    | protocol redis | true",
                "LOADING | MONIT    | protocol redis | true",
                "LOADING | MONIT    | ''             | false",
                "DENIED  | MONIT    | protocol redis | true",
                "SILENT  | MONIT    | protocol redis | true",
                "SILENT  | MONIT    | ''             | false",
            })
    void whoseJudgmentItIsHoldsHereToo(String reply, Compat compat, String protocol, boolean failed) {
        under(ONCE.replace("6301", "6301 " + protocol), compat);
        watched.answer(Orders.R2, reply(reply), 4_000);
        watched.cycle(5_000);
        assertThat(told()).hasSize(failed ? 1 : 0);
    }

    @Test
    void thereIsNoGraceForWhatHasJustBeenStarted() {
        String process = """
                check process redis-server matching redis
                  start program = "/usr/bin/systemctl start redis-server"
                  if failed port 6301 protocol redis then alert
                """;
        under(process + ONCE.replace("6301", "6301 protocol redis"), Compat.MONIT);
        watched.see(new Observation.Answered(Orders.R2, new Reply.Defective("MISCONF"), Orders.run("run-2")), 4_000);
        watched.cycle(5_000);
        assertThat(watched.told(Orders.R2)).noneMatch(CheckFailed.class::isInstance);
        assertThat(told()).containsExactly(new CheckFailed(RULE + " protocol redis", 1, 1));
    }

    @Test
    void nothingIsSaidOfAPortBeforeItWasProbed() {
        watched.see(new Observation.Reassigned(Orders.roster(ONCE, Compat.REDFLEET)), 500);
        watched.cycle(5_000);
        assertThat(told()).isEmpty();
        assertThat(health(6_000).hosts()).isEmpty();

        watched.well(7_000);
        watched.cycle(10_000);
        assertThat(health(11_000).hosts())
                .isEqualTo(Map.of("r2 cache", new CheckHealth(0, 0, Map.of(), List.of("failed port 6301"))));
    }

    @Test
    void aTakeoverGoesOnCountingByItsOwnProbes() {
        under(TWICE);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);

        watched.watch = HealthRecord.restore(Orders.roster(TWICE, Compat.REDFLEET), health(6_000), at(7_000));
        watched.cycle(8_000);
        assertThat(told())
                .as("what the former owner saw was counted by that one")
                .isEmpty();
        watched.answer(Orders.R2, new Reply.Refused(), 9_000);
        watched.cycle(10_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE_TWICE, 2, 2));
    }

    @Test
    void whatWasToldAfterTheLastHealthIsNotToldAgainAndItsNumberIsNotGivenAgain() {
        under(ONCE);
        ClusterHealth health = health(4_000);
        watched.answer(Orders.R2, new Reply.Refused(), 4_500);
        watched.cycle(5_000);
        assertThat(told()).hasSize(1);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(ONCE, Compat.REDFLEET), health, at(12_000)),
                List.copyOf(watched.facts),
                at(12_000));
        watched.answer(Orders.R2, new Reply.Refused(), 14_000);
        watched.cycle(15_000);
        assertThat(told()).hasSize(1);
        watched.answer(Orders.R2, new Reply.Pong(), 19_000);
        watched.cycle(20_000);
        watched.answer(Orders.R2, new Reply.Refused(), 24_000);
        watched.cycle(25_000);
        assertThat(told())
                .containsExactly(new CheckFailed(RULE, 1, 1), new CheckSucceeded(RULE), new CheckFailed(RULE, 1, 1));
        assertThat(facts().stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void anAddressThatSeveralHostsHaveIsToldOfTheFirst() {
        under("""
                check host all with address 127.0.0.1
                  if failed port 6301 then alert
                  if failed port 26302 then alert
                """);
        assertThat(watched.watch.hostChecks()).containsOnlyKeys(new HostChecks.Place(new HostName("r1"), "all"));
        watched.answer(Orders.S3, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 all: failed port 26302", 1, 1));
    }

    /** No spec says so; whatever one said, nothing would come of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "check host ssh with address r2\n  if failed port 22 then alert\n",
                "check host others with address r2\n  if failed port 6300 then alert\n",
                "check host away with address 169.254.169.254\n  if failed port 80 then alert\n",
                "check host here with address localhost\n  if failed port 6301 then alert\n",
                "check host pinged with address r2\n  if failed ping then alert\n",
            })
    void whatNobodyOfTheClusterListensAtIsNotJudged(String rules) {
        under(rules);
        watched.answer(Orders.R1, new Reply.Refused(), 4_000);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        watched.cycle(10_000);
        assertThat(told()).isEmpty();
        assertThat(health(11_000).hosts()).isEmpty();
    }

    @Test
    void itIsJudgedAtEachNthCycle() {
        under(TWICE.replace("  if", "  every 2 cycles\n  if"));
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        watched.cycle(10_000);
        assertThat(told()).isEmpty();
        assertThat(health(11_000).hosts().get("r2 cache"))
                .satisfies(cache -> assertThat(cache.skipped()).isEqualTo(1));
        watched.cycle(15_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE_TWICE, 2, 2));
    }

    @Test
    void whatANewSpecSaysOfAnotherAddressBeginsAnewAndTheOldOneEnds() {
        under(ONCE);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        watched.cycle(5_000);
        assertThat(told()).containsExactly(new CheckFailed(RULE, 1, 1));

        watched.see(new Observation.Reassigned(Orders.roster(ONCE + "  group a\n", Compat.REDFLEET)), 6_000);
        watched.cycle(7_000);
        assertThat(told()).as("it says what it said").hasSize(1);

        String moved = ONCE.replace("r2", "r3").replace("6301", "6302");
        watched.see(new Observation.Reassigned(Orders.roster(moved, Compat.REDFLEET)), 8_000);
        assertThat(told()).last().isEqualTo(new CheckSucceeded(RULE));
        watched.answer(Orders.R3, new Reply.Refused(), 9_000);
        watched.cycle(10_000);
        assertThat(told()).last().isEqualTo(new CheckFailed("r3 cache: failed port 6302", 1, 1));
    }

    private static Reply reply(String word) {
        return switch (word) {
            case "PONG" -> new Reply.Pong();
            case "REFUSED" -> new Reply.Refused();
            case "LOADING" -> new Reply.Loading();
            case "DENIED" -> new Reply.Denied("WRONGPASS");
            case "SILENT" -> new Reply.Silent();
            default -> throw new IllegalArgumentException(word);
        };
    }

    private ClusterHealth health(long millis) {
        return HealthRecord.of(watched.watch, at(millis).wall(), null);
    }

    private void under(String rules) {
        under(rules, Compat.REDFLEET);
    }

    private void under(String rules, Compat compat) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, compat)), 500);
        watched.well(1_000);
    }

    /** Of hosts alone: what is told of instances is another matter. */
    private List<Fact> facts() {
        return watched.facts.stream()
                .filter(fact -> fact.event() instanceof CheckFailed || fact.event() instanceof CheckSucceeded)
                .filter(fact -> fact.about().instance() == null)
                .toList();
    }

    private List<Event> told() {
        return facts().stream().map(Fact::event).toList();
    }
}
