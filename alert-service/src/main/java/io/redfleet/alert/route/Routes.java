package io.redfleet.alert.route;

import io.redfleet.contracts.alert.Incident;
import java.util.List;

/** Every route whose threshold is met is taken. */
public record Routes(List<Route> routes) {
    public Routes {
        routes = List.copyOf(routes);
    }

    public static Routes none() {
        return new Routes(List.of());
    }

    public List<ReceiverName> receivers(Incident incident) {
        return routes.stream()
                .filter(route -> incident.severity().compareTo(route.atLeast()) >= 0)
                .map(Route::receiver)
                .toList();
    }
}
