package io.redfleet.provisioner.apply;

import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.plan.Step;
import java.util.List;

/**
 * What a step is called in a record of several rounds: a later round may plan one of the same name again. What is told of a step
 * goes by that, and of two facts of one name the first counts.
 */
final class StepIds {
    private static final String MARK = "#";

    private StepIds() {}

    static String id(Step step, int round) {
        return round == 1 ? step.id() : step.id() + MARK + round;
    }

    /**
     * After how many rounds whoever goes on with a record begins, so that his are told from an earlier owner's. None where that one
     * came to no second: what it had begun in its first is done again under the same names.
     */
    static int before(List<StepState> steps) {
        return steps.stream().mapToInt(step -> round(step.id())).max().orElse(0);
    }

    /** 0 for one of the first, or whose end is no number. */
    private static int round(String id) {
        String end = id.substring(id.lastIndexOf(MARK) + 1);
        return id.contains(MARK) && end.matches("[0-9]{1,6}") ? Integer.parseInt(end) : 0;
    }
}
