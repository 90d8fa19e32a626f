package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code switch.sh} is given. */
final class Switching {
    /**
     * Until the Sentinels show a changed priority (they ask for INFO every 10 s) 25 s, until the replicas are level 3 s, until the
     * old master follows 10 s, until the other replicas do 10 s; and 2 s for each of a few that do not answer.
     */
    private static final Duration BESIDE = Duration.ofSeconds(70);

    private Switching() {}

    /** How long the script may take, with all that it waits for. */
    static Duration most(Action.Switch it) {
        return it.patience().plus(BESIDE);
    }

    static List<String> arguments(Action.Switch it) {
        Endpoint named = it.place().instance().announce();
        List<String> arguments =
                new ArrayList<>(List.of(it.place().host().address(), it.place().port()));
        arguments.addAll(List.of(named.host(), "" + named.port(), it.masterName()));
        arguments.add(it.to().map(Endpoint::host).orElse("any"));
        arguments.add("" + it.to().map(Endpoint::port).orElse(0));
        arguments.add("" + it.pause().toMillis());
        arguments.add("" + it.patience().toSeconds());
        endpoints(arguments, it.candidates());
        endpoints(arguments, it.sentinels());
        return arguments;
    }

    private static void endpoints(List<String> arguments, List<Endpoint> endpoints) {
        arguments.add("" + endpoints.size());
        endpoints.forEach(endpoint -> arguments.add("" + endpoint));
    }
}
