package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;

/** What {@code reset.sh} is given. */
final class Forgetting {
    private Forgetting() {}

    static List<String> arguments(Action.Reset it) {
        Place place = it.place();
        List<String> arguments = new ArrayList<>(List.of(
                place.host().address(),
                place.port(),
                "" + it.patience().toSeconds(),
                "" + it.quiet().toSeconds(),
                it.masterName(),
                "" + it.replicas(),
                "" + it.sentinels(),
                "" + it.peers().size()));
        arguments.addAll(it.peers());
        arguments.addAll(it.gone());
        return arguments;
    }
}
