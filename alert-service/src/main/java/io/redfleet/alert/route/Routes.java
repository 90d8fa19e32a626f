package io.redfleet.alert.route;

import io.redfleet.contracts.alert.Incident;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every route whose threshold is met is taken; there is one at most for a receiver. */
public record Routes(List<Route> routes) {
    public Routes {
        routes = List.copyOf(routes);
    }

    public static Routes none() {
        return new Routes(List.of());
    }

    public List<ReceiverName> receivers(Incident incident) {
        return routes.stream()
                .filter(route -> route.takes(incident))
                .map(Route::receiver)
                .toList();
    }

    /** Whoever is reminded of anything, and how long after the last notice. */
    public Map<ReceiverName, Duration> periods() {
        Map<ReceiverName, Duration> periods = new LinkedHashMap<>();
        for (Route route : routes) {
            if (route.repeat() instanceof Repeat.Every(Duration period)) {
                periods.put(route.receiver(), period);
            }
        }
        return periods;
    }

    /** How long after the last notice this receiver is reminded of this incident; empty if it is not. */
    public Optional<Duration> period(ReceiverName receiver, Incident incident) {
        return receivers(incident).contains(receiver)
                ? Optional.ofNullable(periods().get(receiver))
                : Optional.empty();
    }
}
