package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three checks of which each depends on the one before it: a, then b, then c. */
class ChainTest {
    private static final String ALERT = " if does not exist then alert\n";
    private static final String A = "check process a matching a" + ALERT;
    private static final String B = "check process b matching b depends on a" + ALERT;
    private static final String C = "check process c matching c depends on b" + ALERT;
    private static final Seen THERE =
            new Seen(new Presence.Present(7, 1, Duration.ofDays(1), false), List.of(Result.NONE));
    private static final Seen ABSENT = new Seen(Presence.ABSENT, List.of());

    private Plan plan = plan(A + B + C);
    private Map<String, ServiceState> states = plan.fresh();
    private Instant now = Instant.EPOCH;

    /**
     * Three letters a cycle, of a, b and c. Seen: X absent, . present. Then: F told to be failed, S to have ended, - judged and
     * nothing to tell, w not judged because of its parent.
     */
    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(
            value = {
                "... ... ...,         --- --- ---",
                // From the first cycle: whom nobody has judged yet holds up the next one.
                "XXX XXX .XX ..X ..., Fww Fww SFw -SF --S",
                // What is not judged has no errors: the one after it is judged, as Monit does it.
                "... XXX XXX ...,     --- FwF FwF S-S",
                "... .X. .XX ..X ..., --- -Fw -Fw -SF --S",
                "... X.. .X. ...,     --- Fw- SFw -S-",
                "... ..X X.X ...,     --- --F FwF S-S",
            })
    void anErrorHoldsUpTheNextOneAlone(String cycles, String expected) {
        StringBuilder said = new StringBuilder();
        for (String cycle : cycles.split(" ", -1)) {
            said.append(said.isEmpty() ? "" : " ").append(judged(cycle));
        }
        assertThat(said.toString()).isEqualTo(expected);
    }

    /** Parents first, whatever the order of the file: one that is well again lets all below it be judged in that cycle. */
    @ParameterizedTest
    @ValueSource(strings = {"abc", "acb", "bac", "bca", "cab", "cba"})
    void theOrderOfTheFileChangesNothing(String order) {
        Map<Character, String> checks = Map.of('a', A, 'b', B, 'c', C);
        StringBuilder file = new StringBuilder();
        order.chars().forEach(check -> file.append(checks.get((char) check)));
        plan = plan(file.toString());
        states = plan.fresh();
        assertThat(plan.services()).extracting(ServiceEntry::name).containsExactly("a", "b", "c");
        assertThat(judged("...")).isEqualTo("---");
        assertThat(judged("XXX")).isEqualTo("FwF");
        assertThat(judged(".X.")).isEqualTo("SFw");
        assertThat(judged("...")).as("c has been failed since before it waited").isEqualTo("-SS");
    }

    /** Monit's words, of the parent alone. */
    @Test
    void whyOneWaitsNamesTheOneThatItDependsOn() {
        String skipped = "test skipped as required service ";
        assertThat(waits("a")).isEmpty();
        assertThat(waits("b")).isEqualTo(skipped + "'a' is initializing");
        assertThat(waits("c")).isEqualTo(skipped + "'b' is initializing");
        judged("XXX");
        assertThat(waits("b")).isEqualTo(skipped + "'a' has errors");
        assertThat(waits("c")).isEqualTo(skipped + "'b' is initializing");
        judged(".XX");
        assertThat(waits("b")).isEmpty();
        assertThat(waits("c")).isEqualTo(skipped + "'b' has errors");
        ask("b", Wish.UNMONITOR);
        assertThat(waits("c")).isEqualTo(skipped + "'b' is not monitored");
    }

    /** Of a wish, who is watched afterwards. */
    @ParameterizedTest
    @CsvSource(
            value = {
                "UNMONITOR c, ab",
                "UNMONITOR b, a",
                "UNMONITOR a, -",
                "UNMONITOR a MONITOR a, a",
                "UNMONITOR a MONITOR b, ab",
                "UNMONITOR a MONITOR c, abc",
                "UNMONITOR b MONITOR c, abc",
            })
    void theEndOfTheWatchGoesDownAndItsBeginningUp(String wishes, String watched) {
        judged("...");
        String[] words = wishes.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            ask(words[i + 1], Wish.valueOf(words[i]));
        }
        assertThat(watched()).isEqualTo(watched);
    }

    @Test
    void aRuleThatEndsTheWatchInTheMiddleEndsItBelowAndNotAbove() {
        begin(A + B.replace("then alert", "then unmonitor") + C);
        assertThat(judged("...")).isEqualTo("---");
        assertThat(judged(".XX")).isEqualTo("-F-");
        assertThat(watched()).isEqualTo("a");
        assertThat(judged("XXX")).as("nothing is said of who is not watched").isEqualTo("F--");
    }

    @Test
    void aRestartInTheMiddleStopsAndStartsWhatIsBelowAndNotAbove() {
        begin(A + B.replace("then alert", "then restart") + C);
        judged("...");
        assertThat(cycle(".X.").deeds())
                .extracting(deed -> deed.verb() + " " + deed.service())
                .containsExactly("STOP c", "RESTART b", "START c");
    }

    /** A parent that is looked at every other cycle only is not known in the one between. */
    @Test
    void aParentThatIsPassedOverHoldsUpTheNextOne() {
        begin(A + B.replace("depends", "every 2 cycles depends") + C);
        judged("...");
        judged("..X");
        assertThat(waits("c")).isEqualTo("test skipped as required service 'b' is waiting");
        assertThat(judged("..X")).isEqualTo("--F");
    }

    private void begin(String file) {
        plan = plan(file);
        states = plan.fresh();
    }

    private static Plan plan(String file) {
        Reading reading = Monitrc.read(file);
        assertThat(reading.faults()).isEmpty();
        return Plan.of(reading.file(), 0);
    }

    private Turn cycle(String seen) {
        now = now.plusSeconds(5);
        Map<String, Seen> observed = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            observed.put("abc".substring(i, i + 1), seen.charAt(i) == 'X' ? ABSENT : THERE);
        }
        Turn turn = Round.cycle(plan, states, observed, now);
        states = turn.states();
        return turn;
    }

    private String judged(String seen) {
        Turn turn = cycle(seen);
        StringBuilder said = new StringBuilder();
        for (String service : List.of("a", "b", "c")) {
            List<Told.Change> told = turn.told().stream()
                    .filter(event -> event.service().equals(service))
                    .map(Told::change)
                    .toList();
            boolean watched = state(service).watched().isWatched();
            boolean waits = watched && !waits(service).isEmpty();
            assertThat(told).as(service).hasSizeLessThanOrEqualTo(waits ? 0 : 1);
            said.append(
                    waits ? 'w' : told.isEmpty() ? '-' : told.getFirst().name().charAt(0));
        }
        return said.toString();
    }

    private void ask(String service, Wish wish) {
        Round round = new Round(plan, states, now);
        round.ask(service, wish);
        states = round.end().states();
    }

    private String watched() {
        Set<String> watched = new TreeSet<>();
        states.forEach((service, state) -> {
            if (state.watched().isWatched()) {
                watched.add(service);
            }
        });
        return watched.isEmpty() ? "-" : String.join("", watched);
    }

    private String waits(String service) {
        return plan.service(service).parents().stream()
                .flatMap(parent -> state(parent).holdsUp(parent).stream())
                .findFirst()
                .orElse("");
    }

    private ServiceState state(String service) {
        return Objects.requireNonNull(states.get(service));
    }
}
