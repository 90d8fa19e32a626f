package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.OwnAction;
import io.redfleet.provisioner.survey.Place;
import java.util.List;

/** What adopt.sh and release.sh are given. */
final class Adopting {
    private Adopting() {}

    static String script(OwnAction action) {
        return switch (action) {
            case OwnAction.Adopt adopt -> "adopt";
            case OwnAction.Release release -> "release";
        };
    }

    static List<String> arguments(OwnAction action) {
        return switch (action) {
            case OwnAction.Adopt it -> {
                Place place = it.place();
                yield List.of(
                        it.bin(),
                        it.directory(),
                        it.owner(),
                        it.binary(),
                        place.isRedis() ? "redis" : "sentinel",
                        it.at().config(),
                        it.pidfile(),
                        it.data(),
                        "" + it.pid(),
                        place.port(),
                        place.engine().word(),
                        it.log(),
                        place.vendorUnit().orElse(""));
            }
            case OwnAction.Release it -> List.of(it.directory(), it.owner());
        };
    }
}
