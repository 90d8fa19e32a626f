package io.redfleet.monitor.check;

import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.ControlFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All services that are judged together, in the order in which they are: that of the file, but nobody before whom he depends
 * on. Immutable.
 */
public final class Plan {
    private final Map<String, ServiceEntry> services;

    private Plan(Map<String, ServiceEntry> services) {
        this.services = services;
    }

    /**
     * @param reminder a failure is told again at each n-th cycle; 0: never
     * @throws IllegalArgumentException checks that depend on what is not there, or in a circle
     */
    public static Plan of(ControlFile file, int reminder) {
        return of(file, reminder, Window.CLOSED);
    }

    /** @param window in which restarts are counted, with none in it */
    static Plan of(ControlFile file, int reminder, Window window) {
        Map<String, Check> left = new LinkedHashMap<>();
        file.checks().forEach(check -> left.put(check.name(), check));
        Map<String, ServiceEntry> ordered = new LinkedHashMap<>();
        while (!left.isEmpty()) {
            Check next = left.values().stream()
                    .filter(check -> ordered.keySet().containsAll(check.dependsOn()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("who depends on whom: " + left.keySet()));
            left.remove(next.name());
            List<String> children = file.checks().stream()
                    .filter(check -> check.dependsOn().contains(next.name()))
                    .map(Check::name)
                    .toList();
            ordered.put(next.name(), ServiceEntry.of(next, children, reminder, window));
        }
        return new Plan(ordered);
    }

    /** Parents first. */
    public Iterable<ServiceEntry> services() {
        return services.values();
    }

    /** @throws IllegalArgumentException there is none of this name */
    public ServiceEntry service(String name) {
        ServiceEntry service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("There is no service named \"" + name + "\"");
        }
        return service;
    }

    /** Whoever depends on it, however far; of two the one that depends on the other comes first. */
    List<ServiceEntry> below(String name) {
        Set<String> found = new HashSet<>(Set.of(name));
        List<ServiceEntry> below = new ArrayList<>();
        for (ServiceEntry service : services.values()) {
            if (service.parents().stream().anyMatch(found::contains)) {
                found.add(service.name());
                below.addFirst(service);
            }
        }
        return below;
    }

    /** Whatever it depends on, however far; of two the one that the other depends on comes first. */
    List<ServiceEntry> above(String name) {
        Set<String> found = new HashSet<>(service(name).parents());
        List<ServiceEntry> above = new ArrayList<>();
        for (ServiceEntry service : List.copyOf(services.values()).reversed()) {
            if (found.contains(service.name())) {
                found.addAll(service.parents());
                above.addFirst(service);
            }
        }
        return above;
    }

    /** Everything watched, and nothing known. */
    public Map<String, ServiceState> fresh() {
        Map<String, ServiceState> states = new HashMap<>();
        services.values()
                .forEach(service -> states.put(service.name(), ServiceState.fresh(service, Watched.INITIALIZING)));
        return states;
    }
}
