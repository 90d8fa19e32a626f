package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.plan.PackageAction;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What packages.sh is told. */
final class Apt {
    /** A minute to meet others, one to try, four to fetch, four to install; what systemd and dpkg are told has minutes too. */
    static final Duration PATIENCE = Duration.ofMinutes(20);

    private Apt() {}

    /** The verb, and what it is about. */
    static List<String> words(PackageAction it) {
        List<String> words = new ArrayList<>();
        switch (it) {
            case PackageAction.ReadLists lists -> words.add("lists");
            case PackageAction.Install install -> {
                words.add("install");
                install.pins().forEach((name, version) -> words.add(name + "=" + version));
            }
            case PackageAction.Change change -> {
                words.add("change");
                change.pins().forEach((name, version) -> words.add(name + "=" + version));
            }
            case PackageAction.Release release -> {
                words.add("release");
                words.addAll(release.named());
            }
            case PackageAction.InstallMonit install ->
                words.addAll(List.of("monit", "install", MonitPackage.NAME + "=" + install.version()));
            case PackageAction.ReleaseMonit release -> {
                words.addAll(List.of("monit", "release"));
                words.addAll(release.named());
            }
        }
        return words;
    }

    static List<String> arguments(PackageAction it) {
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, it.owner(), it.cluster(), it.base()));
        arguments.addAll(words(it));
        return arguments;
    }
}
