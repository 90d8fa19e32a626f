package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinedTest {
    private static final Actor ANN = new Actor("ann", "t1");

    /** Count of the fleet, whether it is disarmed; count of the labels, and which are disarmed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            4 off 1 a | 4 off 2 a,b | 4 off 2 a,b
            4 off 2 a | 4 off 1 a,b | 4 off 2 a
            5 on 1 a  | 4 off 2 a,b | 5 on 2 a,b
            4 off 2 a | 5 on 0 -    | 5 on 2 a
            4 off 2 a | 5 off 1 b   | 5 off 2 a
            4 off 2 a | 4 off 2 b   | 4 off 2 a,b
            4 off 2 - | 4 off 2 b   | 4 off 2 b
            4 on 2 a  | 4 off 3 -   | 4 on 3 -
            0 off 1 a | 1 on 0 -    | 1 on 1 a
            """)
    void theFleetAndTheLabelsGoByTheirOwnCounts(String known, String read, String stands) {
        assertThat(Joined.of(record(known), record(read))).isEqualTo(record(stands));
        assertThat(Joined.of(record(read), record(known))).isEqualTo(record(stands));
    }

    @Test
    void ofALabelThatTwoDisarmedAtOnceTheFirstStaysWhoeverLooks() {
        LabelBrake first = new LabelBrake(new Label("k=a"), "x", new Actor("bob", "t2"), at(0).wall());
        LabelBrake second = new LabelBrake(new Label("k=a"), "y", ANN, at(1).wall());
        FleetBrake one = record("1 off 1 -").with(new LabelBrakes(2, List.of(first)));
        FleetBrake other = record("1 off 1 -").with(new LabelBrakes(2, List.of(second)));

        assertThat(Joined.of(one, other)).isEqualTo(one);
        assertThat(Joined.of(other, one)).isEqualTo(one);
    }

    /** However often and in whatever order records are read, all come to the same labels. */
    @Test
    void inWhateverOrderRecordsAreReadTheSameLabelsStand() {
        Random chance = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<FleetBrake> records = IntStream.range(0, 4)
                    .mapToObj(i ->
                            record(chance.nextInt(3) + (chance.nextBoolean() ? " on " : " off ") + chance.nextInt(3)
                                    + " " + List.of("-", "a", "b", "a,b").get(chance.nextInt(4))))
                    .toList();
            FleetBrake forth = records.stream().reduce(Joined::of).orElseThrow();
            FleetBrake back = records.reversed().stream().reduce(Joined::of).orElseThrow();
            FleetBrake twice = Stream.concat(records.stream(), records.stream())
                    .reduce(Joined::of)
                    .orElseThrow();

            assertThat(back).isEqualTo(forth);
            assertThat(twice).isEqualTo(forth);
        }
    }

    @Test
    void ofOrdersTheNewestAreKept() {
        List<CommandId> twenty =
                IntStream.range(0, 20).mapToObj(i -> new CommandId("c" + i)).toList();
        CommandId more = new CommandId("more");

        assertThat(Joined.orders(twenty, List.of(more))).hasSize(16).endsWith(new CommandId("c19"), more);
        assertThat(Joined.orders(List.of(more, twenty.getFirst()), List.of(more)))
                .containsExactly(twenty.getFirst(), more);
    }

    private static FleetBrake record(String text) {
        String[] parts = text.strip().split(" ", -1);
        boolean disarmed = parts[1].equals("on");
        List<LabelBrake> labels = parts[3].equals("-")
                ? List.of()
                : Arrays.stream(parts[3].split(",", -1))
                        .map(value -> new LabelBrake(new Label("k=" + value), "x", ANN, at(0).wall()))
                        .toList();
        return new FleetBrake(
                FleetBrake.SCHEMA,
                disarmed,
                "a drill",
                ANN,
                at(0).wall(),
                Long.parseLong(parts[0]),
                new LabelBrakes(Long.parseLong(parts[2]), labels));
    }
}
