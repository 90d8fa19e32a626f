package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.tuning.TuningPart;
import java.util.ArrayList;
import java.util.List;

/** What tune.sh is told. */
final class Tuning {
    private Tuning() {}

    static List<String> set(Action.Tune it) {
        List<String> arguments = new ArrayList<>(
                List.of(Surveyor.WHOLE_MACHINE, it.owner(), "set", it.part().word()));
        for (Action.Tune.Setting setting : it.settings()) {
            arguments.addAll(List.of(setting.key(), setting.least() ? "least" : "is", setting.value()));
        }
        arguments.add("--");
        arguments.addAll(it.lines());
        return arguments;
    }

    static List<String> restore(Action.Untune it) {
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, it.owner(), "restore"));
        it.parts().stream().map(TuningPart::word).forEach(arguments::add);
        return arguments;
    }
}
