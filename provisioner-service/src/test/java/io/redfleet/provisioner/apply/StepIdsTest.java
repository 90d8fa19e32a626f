package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.StepState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepIdsTest {
    /** Whoever comes after an owner that was in its third round begins a fourth: what he tells is told from what was told. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                            | 0",
                "r1/redis-server/start                                         | 0",
                "r1/redis-server/start r1/redis-sentinel/settled#2             | 2",
                "r1/a/start#12 r1/a/start#3 r1/a/start                         | 12",
                "r1/a/start#                                                   | 0",
                "r1/a/start#x                                                  | 0",
                "r1/a/start#12345678901                                        | 0",
            })
    void aRecordSaysHowManyRoundsThereWere(String ids, int rounds) {
        List<StepState> steps = Arrays.stream(ids.split(" ", -1))
                .filter(id -> !id.isEmpty())
                .map(id -> new StepState(id, "r1", "title", StepState.Status.DONE, "", 0))
                .toList();
        assertThat(StepIds.before(steps)).isEqualTo(rounds);
    }
}
