package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCheckTest {
    /** F: a cycle that finds it failing, .: one that finds it well. R: a restart, -: nothing, X: given up. */
    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource({
        "F, R",
        "F..F, R--R",
        "FFFFF, RRRRR",
        // Judged before the test and one cycle late: the sixth cycle gives up, whatever it would find.
        "FFFFFF, RRRRRX",
        "FFFFF., RRRRRX",
        // One clean cycle inside the window is enough to prevent it.
        "FF.FFFF, RR-RRRR",
        "FFFF..FFF.., RRRR--RRR--",
        // After five judged cycles the window closes and a new one opens with the next restart.
        "F.....FFFFFF, R-----RRRRRX",
    })
    void cyclesAreJudgedByATumblingWindow(String cycles, String expected) {
        StringBuilder said = new StringBuilder();
        ServiceCheck check = fresh();
        for (int i = 0; i < cycles.length(); i++) {
            ServiceCheck.Judged judged = check.judge(seen(cycles.charAt(i) == 'F'), Instant.ofEpochSecond(i));
            boolean over = !judged.next().isWatched();
            said.append(over ? 'X' : judged.deed().isPresent() ? 'R' : '-');
            check = judged.deed().isPresent() ? judged.next().tried() : judged.next();
        }
        assertThat(said).hasToString(expected);
    }

    /** Nobody would ever close the window: a later spec with a limit would find it full. */
    @Test
    void whereNothingIsLimitedNothingIsCounted() {
        String rules = "check process redis-server with pidfile /run/redis.pid\n  if failed port 6379 then restart\n";
        ServiceRules unlimited = Objects.requireNonNull(ServiceRules.read(rules).get("redis-server"));
        ServiceCheck check = ServiceCheck.fresh(unlimited, true);
        for (int i = 0; i < 5; i++) {
            check = check.asked().tried();
        }
        assertThat(check.window()).isEqualTo(Window.CLOSED);

        String limit = rules + "  if 5 restarts within 5 cycles then timeout\n";
        ServiceCheck next =
                check.under(Objects.requireNonNull(ServiceRules.read(limit).get("redis-server")));
        assertThat(next.window()).isEqualTo(Window.CLOSED);
        assertThat(next.judge(new Seen(Presence.UNKNOWN, List.of()), Instant.EPOCH)
                        .next()
                        .isWatched())
                .isTrue();
    }

    @Test
    void whatIsHeldBackMovesNothingAndIsAskedForAgain() {
        ServiceCheck once = fresh().judge(seen(true), Instant.EPOCH).next().tried();
        ServiceCheck check = once;
        for (int i = 0; i < 20; i++) {
            ServiceCheck.Judged judged = check.judge(seen(true), Instant.EPOCH);
            assertThat(judged.deed()).isPresent();
            check = judged.next().withheld();
            assertThat(check.window()).isEqualTo(once.window());
        }
    }

    @Test
    void whileOneWaitsToBeTriedNothingIsJudged() {
        ServiceCheck asked = fresh().judge(seen(true), Instant.EPOCH).next();
        assertThat(asked.window()).isEqualTo(Window.CLOSED);
        ServiceCheck.Judged judged = asked.judge(seen(true), Instant.EPOCH);
        assertThat(judged.next()).isEqualTo(asked);
        assertThat(judged.told()).isEmpty();
        assertThat(judged.deed()).isEmpty();
        assertThat(asked.tried().window()).isEqualTo(new Window(1, 0));
    }

    @Test
    void anotherProcessGoesOnFromWhatWasRemembered() {
        ServiceCheck here = fresh();
        for (int i = 0; i < 3; i++) {
            here = here.judge(seen(true), Instant.EPOCH).next().tried();
        }
        ServiceCheck there = fresh().with(here.window(), here.health());
        assertThat(there.window()).isEqualTo(new Window(3, 2));
        assertThat(there.judge(seen(true), Instant.EPOCH).told())
                .as("it is failed already")
                .noneMatch(Told::alert);
        assertThat(there.asked().window()).isEqualTo(there.window());
        assertThat(there.asked().tried().window())
                .isEqualTo(there.judge(seen(true), Instant.EPOCH).next().tried().window());
    }

    @Test
    void aStopThatWasTriedIsNoAttempt() {
        ServiceCheck check = fresh().judge(seen(true), Instant.EPOCH).next().tried();
        Window before = check.window();
        assertThat(check.asked(Deed.Verb.STOP).tried().window()).isEqualTo(before);
        assertThat(check.asked().tried().window()).isNotEqualTo(before);
        assertThat(check.asked(Deed.Verb.STOP)
                        .under(ServiceRules.ARTICLE)
                        .tried()
                        .window())
                .isEqualTo(before);
    }

    @Test
    void whoIsFailedOrNotWatchedHoldsUpWhatDependsOnIt() {
        ServiceCheck check = fresh();
        String skipped = "test skipped as required service 'instance' ";
        assertThat(check.holdsUp()).isEmpty();
        ServiceCheck failed = check.judge(seen(true), Instant.EPOCH).next().tried();
        assertThat(failed.holdsUp()).contains(skipped + "has errors");
        assertThat(failed.judge(seen(false), Instant.EPOCH).next().holdsUp()).isEmpty();
        assertThat(ServiceCheck.fresh(ServiceRules.ARTICLE, false).holdsUp()).contains(skipped + "is not monitored");
    }

    @Test
    void whoIsHeldUpIsNotJudged() {
        ServiceCheck once = fresh().judge(seen(true), Instant.EPOCH).next().tried();
        ServiceCheck.Judged held = once.judge(seen(true), true, Instant.EPOCH);
        assertThat(held.next()).as("not even its restart limit").isEqualTo(once);
        assertThat(held.told()).isEmpty();
        assertThat(held.deed()).isEmpty();
    }

    private static ServiceCheck fresh() {
        return ServiceCheck.fresh(ServiceRules.ARTICLE, true);
    }

    private static Seen seen(boolean failing) {
        return new Seen(Presence.UNKNOWN, List.of(failing ? Result.failed("silent") : Result.passed("answers")));
    }
}
