package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.recipe.GuardFile;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;

/** Which scripts run an instance by the host's init, and what they are told: by a unit of systemd, or by an init script. */
final class Inits {
    private Inits() {}

    /** @param script its name; it runs as root */
    record Call(String script, List<String> arguments) {
        Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** What is written is carried to it. */
    static Call write(Action.Unit it) {
        List<String> arguments = List.of(it.path(), it.owner(), boot(it));
        return it.place().scripted() ? script("write", arguments) : new Call("unit", arguments);
    }

    /** Whether init starts it at boot; {@code kept}: as its builder has it. */
    static String boot(Action.Unit it) {
        if (it.place().vendorUnit().isPresent()) {
            return "kept";
        }
        return it.boot() ? "yes" : "no";
    }

    static Call end(Action.EndUnit it) {
        Place place = it.place();
        if (place.vendorUnit().isPresent()) {
            return new Call("unit-let-go", List.of(it.path(), it.owner()));
        }
        return place.scripted()
                ? script("gone", List.of(it.path(), it.owner(), GuardFile.path(place), place.directory()))
                : new Call("unit-gone", List.of(it.path(), it.owner()));
    }

    static Call start(Action.Start it) {
        Place place = it.place();
        List<String> arguments = new ArrayList<>(List.of(
                UnitFile.path(place),
                it.directory(),
                place.host().address(),
                place.port(),
                "" + it.patience().toSeconds()));
        if (!place.scripted()) {
            return new Call("unit-start", arguments);
        }
        arguments.add(place.isRedis() ? GuardFile.path(place) : "");
        return new Call("init-start", arguments);
    }

    static Call stop(Action.Stop it) {
        List<String> arguments = new ArrayList<>(List.of(UnitFile.path(it.place())));
        arguments.addAll(Asking.stop(it));
        return new Call(it.place().scripted() ? "init-stop" : "unit-stop", arguments);
    }

    private static Call script(String verb, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(arguments);
        return new Call("init-script", words);
    }
}
