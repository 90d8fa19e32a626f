package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Until when each of several scripts may run, by a clock of the test's own. */
class PaceTest {
    private static final long SECOND = 1_000_000_000;
    private static final String MARK = "\nabcd ";
    private static final Script FIRST = script("first", 10);
    private static final Script SECOND_ONE = script("second", 1);
    private static final Script LAST = script("last", 5);

    private final Bounded out = new Bounded(100);
    /** It may begin anywhere, and pass its end. */
    private final long begun = Long.MAX_VALUE - 3 * SECOND;

    private final Pace pace = new Pace(List.of(FIRST, SECOND_ONE, LAST), MARK, out, begun);

    @Test
    void eachHasItsTimeFromTheEndOfTheOneBefore() {
        assertThat(pace.late(at(9))).isEmpty();
        say("changed\n" + MARK + "0\n");
        assertThat(pace.late(at(9.5))).isEmpty();
        assertThat(pace.late(at(10.4))).as("later than the first had to be").isEmpty();
        assertThat(pace.late(at(10.6))).contains(SECOND_ONE);
        say(MARK + "0\n");
        assertThat(pace.late(at(10.7))).as("it has ended after all").isEmpty();
        assertThat(pace.late(at(15.6))).isEmpty();
        assertThat(pace.late(at(15.8))).contains(LAST);
    }

    @Test
    void theFirstIsLateWhereNothingIsHeard() {
        say("changed\n");
        assertThat(pace.late(at(10))).isEmpty();
        assertThat(pace.late(at(10.1))).contains(FIRST);
    }

    @Test
    void anEndThatComesInPiecesIsOne() {
        say("x" + MARK.substring(0, 4));
        assertThat(pace.late(at(9))).isEmpty();
        say(MARK.substring(4) + "0\n");
        assertThat(pace.late(at(9.5))).isEmpty();
        say("unchanged\n");
        assertThat(pace.late(at(10.6))).contains(SECOND_ONE);
    }

    @Test
    void endsThatAHostInventsGiveItNoMoreTime() {
        say(MARK + MARK + MARK + MARK);
        assertThat(pace.late(at(1))).isEmpty();
        say(MARK + MARK);
        assertThat(pace.late(at(5.9))).isEmpty();
        say(MARK);
        assertThat(pace.late(at(6.1))).contains(LAST);
    }

    @Test
    void oneThatIsAloneHasItsTimeWhateverItSays() {
        Pace alone = Pace.alone(SECOND_ONE, begun);
        assertThat(alone.late(at(0.9))).isEmpty();
        assertThat(alone.late(at(1.1))).contains(SECOND_ONE);
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    private long at(double seconds) {
        return begun + (long) (seconds * SECOND);
    }

    private static Script script(String name, int seconds) {
        return new Script(name, "true", List.of(), Duration.ofSeconds(seconds));
    }
}
