package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What scripts are given that make an instance's directory, speak to it, end it, or change its file. */
final class Asking {
    private Asking() {}

    static List<String> prepare(Action.Prepare it) {
        return it.place().engine().after(List.of(it.bin(), it.directory(), it.owner(), it.binary()));
    }

    static List<String> follow(Action.Follow it) {
        return List.of(
                it.directory(),
                it.master().map(master -> master.host()).orElse("none"),
                it.master().map(master -> "" + master.port()).orElse("0"));
    }

    static List<String> aside(Action.Aside it) {
        return it.trial() ? List.of(it.directory(), it.version(), "try") : List.of(it.directory(), it.version());
    }

    static List<String> stop(Action.Stop it) {
        return List.of(
                it.directory(),
                it.marked() ? "mark" : "plain",
                "" + it.patience().toSeconds(),
                it.kill() ? "kill" : "term");
    }

    static List<String> await(Action.Await it) {
        Place place = it.place();
        return List.of(
                it.until().name().toLowerCase(Locale.ROOT),
                place.host().address(),
                place.port(),
                "" + it.patience().toSeconds(),
                it.masterName(),
                "" + it.replicas(),
                "" + it.sentinels());
    }

    static List<String> tell(Action.Tell it) {
        List<String> arguments =
                new ArrayList<>(List.of(it.place().host().address(), it.place().port()));
        for (List<String> command : it.commands()) {
            arguments.add("" + command.size());
            arguments.addAll(command);
        }
        return arguments;
    }

    static List<String> reload(Action.Reload it) {
        return List.of(it.place().host().address(), it.place().port());
    }

    static List<String> configure(Action.Configure it) {
        List<String> arguments = new ArrayList<>(List.of(it.directory()));
        it.lines().forEach((name, line) -> {
            arguments.add(name);
            arguments.add(line);
        });
        return arguments;
    }

    static List<String> appendOnly(Action.AppendOnly it) {
        return List.of(
                it.place().host().address(),
                it.place().port(),
                it.on() ? "on" : "off",
                "" + it.patience().toSeconds());
    }
}
