package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For how long leases that were asked for at once are waited for at once. */
class AtOnceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # in their order     | ms out of turn | held | out of turn | over
            asked asked asked    | 0              | 0    | false       | false
            held asked asked     | 0              | 1    | false       | false
            held held held       | 0              | 3    | false       | true
            # one has what is not its turn
            asked held asked     | 0              | 0    | true        | false
            held asked held      | 950            | 1    | true        | false
            held asked held      | 1000           | 1    | true        | true
            # what was held out of turn is in turn now
            held held asked      | 1000           | 2    | false       | false
            asked asked asked    | 1000           | 0    | false       | false
            # another has it, wherever it is
            busy asked asked     | 0              | 0    | false       | true
            asked asked busy     | 0              | 0    | false       | true
            held held busy       | 0              | 2    | false       | true
            held busy held       | 0              | 1    | true        | true
            # it will not be held
            asked lost asked     | 0              | 0    | false       | true
            held held lost       | 0              | 2    | false       | true
            """)
    void forHowLongTheyAreWaitedForAtOnce(String states, long outOfTurn, int held, boolean some, boolean over) {
        AtOnce now = new AtOnce(
                Arrays.stream(states.split(" ", -1)).map(AtOnceTest::state).toList());
        assertThat(now.held()).isEqualTo(held);
        assertThat(now.outOfTurn()).isEqualTo(some);
        assertThat(now.over(Duration.ofMillis(outOfTurn))).isEqualTo(over);
    }

    @ParameterizedTest
    @CsvSource({"0", "1000"})
    void nothingIsOver(long outOfTurn) {
        assertThat(new AtOnce(List.of()).over(Duration.ofMillis(outOfTurn))).isTrue();
    }

    private static LeaseState state(String word) {
        return switch (word) {
            case "asked" -> new LeaseState.Asked();
            case "held" -> new LeaseState.Held();
            case "busy" -> new LeaseState.Busy("it is held by another", "somebody");
            case "lost" -> new LeaseState.Lost("gone");
            default -> throw new IllegalArgumentException(word);
        };
    }
}
