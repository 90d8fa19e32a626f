package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.tuning.TuningPart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which steps wait for which, and which go together. */
class StretchTest {
    private static final String R1 = "r1/redis-server";
    private static final String S1 = "r1/redis-sentinel";
    private static final String R2 = "r2/redis-server";

    @Test
    void whatIsLocalGoesByHostInItsOrderAndByUser() {
        List<List<Step>> stages = List.of(
                List.of(Steps.prepare(R1), Steps.prepare(S1), Steps.prepare(R2)),
                List.of(Steps.note(R1), Steps.note(S1), Steps.note(R2)),
                List.of(Steps.file(R1), Steps.file(R2)),
                List.of(Steps.guard(R1), Steps.guard(R2)),
                List.of(Steps.unit(R1, true), Steps.unit(S1, true), Steps.unit(R2, true)));
        assertThat(shown(stages))
                .containsExactly(
                        List.of(
                                "r1/redis-server/prepare r1/redis-sentinel/prepare r1/redis-server/revision"
                                        + " r1/redis-sentinel/revision",
                                "r2/redis-server/prepare r2/redis-server/revision"),
                        List.of(
                                "r1/redis-server/config"
                                        + " | r1/redis-server/guard r1/redis-server/unit r1/redis-sentinel/unit",
                                "r2/redis-server/config | r2/redis-server/guard r2/redis-server/unit"));
    }

    @Test
    void noHostIsConfiguredBeforeAllArePreparedAndThereHostsWaitOnce() {
        assertThat(shown(List.of(
                        List.of(Steps.prepare(R1)),
                        List.of(),
                        List.of(Steps.file(R2)),
                        List.of(Steps.file(R1)),
                        List.of(Steps.guard(R1)),
                        List.of(Steps.file(S1)))))
                .containsExactly(
                        List.of("r1/redis-server/prepare"),
                        List.of(
                                "r2/redis-server/config",
                                "r1/redis-server/config | r1/redis-server/guard | r1/redis-sentinel/config"));
        assertThat(shown(List.of(List.of(Steps.unit(R1, true)), List.of(Steps.file(R2)))))
                .as("nothing is prepared")
                .containsExactly(List.of("r1/redis-server/unit", "r2/redis-server/config"));
    }

    @Test
    void theSettingsOfAMachineGoInOneSessionAndNothingElseIsBegunBeforeAllAreSet() {
        assertThat(shown(List.of(
                        List.of(Steps.tune(R1, TuningPart.SYSCTL), Steps.tune(R2, TuningPart.SYSCTL)),
                        List.of(Steps.tune(R1, TuningPart.LIMITS), Steps.tune(R2, TuningPart.LIMITS)),
                        List.of(Steps.prepare(R1)),
                        List.of(Steps.note(R1)),
                        List.of(Steps.file(R1)))))
                .containsExactly(
                        List.of("r1/tuning/sysctl r1/tuning/limits", "r2/tuning/sysctl r2/tuning/limits"),
                        List.of("r1/redis-server/prepare r1/redis-server/revision"),
                        List.of("r1/redis-server/config"));
    }

    @Test
    void whatLooksAtOthersOrStartsSomethingKeepsItsStage() {
        List<List<Step>> stages = List.of(
                List.of(Steps.note(R1), Steps.note(R2)),
                List.of(Steps.start(R1)),
                List.of(Steps.start(R2), Steps.start(S1)),
                List.of(Steps.file(S1)));
        assertThat(shown(stages))
                .containsExactly(
                        List.of("r1/redis-server/revision", "r2/redis-server/revision"),
                        List.of("r1/redis-server/start"),
                        List.of("r2/redis-server/start", "r1/redis-sentinel/start"),
                        List.of("r1/redis-sentinel/config"));
    }

    @Test
    void aStageThatIsLocalByHalfIsAStageAndItsStepsGoAtOnce() {
        List<List<Step>> stages = List.of(
                List.of(Steps.note(R1)), List.of(Steps.note(S1), Steps.start(R1)), List.of(Steps.unit(R1, true)));
        assertThat(shown(stages))
                .containsExactly(
                        List.of("r1/redis-server/revision"),
                        List.of("r1/redis-sentinel/revision", "r1/redis-server/start"),
                        List.of("r1/redis-server/unit"));
    }

    @Test
    void whatTakesMoreThanAScriptGoesAlone() {
        List<List<Step>> stages = List.of(List.of(Steps.upload(R1), Steps.upload(S1)));
        assertThat(shown(stages)).containsExactly(List.of("r1/redis-server/config | r1/redis-sentinel/config"));
    }

    @Test
    void aBatchHasABound() {
        int most = Stretch.MOST_IN_A_BATCH;
        List<Stretch> stretches = Stretch.of(List.of(Collections.nCopies(most + 1, Steps.note(R1))));
        assertThat(stretches)
                .singleElement()
                .satisfies(stretch -> assertThat(stretch.lanes())
                        .singleElement()
                        .satisfies(
                                lane -> assertThat(lane.stream().map(List::size).toList())
                                        .containsExactly(most, 1)));
    }

    /** Of each stretch its lanes: ids with blanks, and bars between batches. */
    private static List<List<String>> shown(List<List<Step>> stages) {
        List<List<String>> all = new ArrayList<>();
        for (Stretch stretch : Stretch.of(stages)) {
            all.add(stretch.lanes().stream().map(StretchTest::lane).toList());
        }
        return all;
    }

    private static String lane(List<List<Step>> lane) {
        Stream<String> batches = lane.stream()
                .map(batch -> String.join(" ", batch.stream().map(Step::id).toList()));
        return String.join(" | ", batches.toList());
    }
}
