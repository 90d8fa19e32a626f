package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.TuningSurvey;
import io.redfleet.provisioner.tuning.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a step on a whole machine changes, for a person: what holds and shall hold, then the file if it differs. */
final class TuningDiff {
    private TuningDiff() {}

    static List<String> of(TuningPlan.Wanted wanted, TuningSurvey seen) {
        List<String> diff = new ArrayList<>();
        for (Action.Tune.Setting setting : wanted.settings()) {
            if (!TuningPlan.holds(setting, seen)) {
                diff.add("- " + setting.key() + " " + found(setting, seen));
                diff.add("+ " + setting.key() + " " + setting.value());
            }
        }
        TuningSurvey.File file = seen.files().get(wanted.part());
        if (file == null || !file.hash().equals(HostFiles.hash(wanted.lines()))) {
            String path = wanted.part().path();
            String text = String.join("\n", wanted.lines()) + "\n";
            diff.addAll(Optional.ofNullable(file)
                    .flatMap(there -> TextDiff.of(path, there.hash(), there.text(), text, Accounts.NONE))
                    .orElseGet(() -> whole(path, wanted.lines(), file != null)));
        }
        return diff;
    }

    private static List<String> whole(String path, List<String> lines, boolean present) {
        List<String> diff = new ArrayList<>();
        if (present) {
            diff.add("- " + path + ": as it is");
        }
        lines.stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> diff.add("+ " + path + ": " + line));
        return diff;
    }

    private static String found(Action.Tune.Setting setting, TuningSurvey seen) {
        return setting.key().equals(TuningPlan.HUGE_PAGES)
                ? seen.hugePages()
                : seen.live().getOrDefault(setting.key(), "(not known to this kernel)");
    }
}
