package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.packages.RpmPackages;
import io.redfleet.provisioner.plan.RpmAction;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What packages-rpm.sh is told. */
final class Dnf {
    /** A minute to meet others, one to try, four to fetch, one to try again, four to install and five before it is killed. */
    static final Duration PATIENCE = Duration.ofMinutes(30);

    private Dnf() {}

    /** The verb, and what it is about. */
    static List<String> words(RpmAction it) {
        return switch (it) {
            case RpmAction.ReadLists lists -> List.of("lists");
            case RpmAction.Install install -> List.of("install", RpmPackages.NAME + "=" + install.version());
            case RpmAction.Release release -> {
                List<String> words = new ArrayList<>(List.of("release"));
                words.addAll(release.named());
                yield words;
            }
        };
    }

    static List<String> arguments(RpmAction it) {
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, it.owner(), it.cluster(), it.base()));
        arguments.addAll(words(it));
        return arguments;
    }
}
