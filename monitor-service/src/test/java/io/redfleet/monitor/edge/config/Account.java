package io.redfleet.monitor.edge.config;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What stands on the bus about one cluster, as a consumer reads it: in the order of the log, for one id the first record.
 *
 * @param records all of them
 * @param repeats records whose id had come before
 * @param faults what no consumer should have to bear, in words
 */
record Account(int records, int repeats, List<Fact> facts, List<String> faults) {

    static Account of(Stage stage, ClusterName cluster) {
        List<Fact> all = stage.facts(cluster).toList();
        Map<String, Fact> byId = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (Fact fact : all) {
            Fact before = byId.putIfAbsent(fact.id(), fact);
            if (before != null && !before.event().getClass().equals(fact.event().getClass())) {
                faults.add(fact.id() + " is " + before.event() + " and " + fact.event());
            }
        }
        List<Fact> facts = List.copyOf(byId.values());
        faults.addAll(outOfStep(facts));
        return new Account(all.size(), all.size() - facts.size(), facts, faults);
    }

    private static List<String> outOfStep(List<Fact> facts) {
        List<String> faults = new ArrayList<>();
        Map<InstanceId, Boolean> down = new HashMap<>();
        Set<Integer> switched = new HashSet<>();
        for (Fact fact : facts) {
            InstanceId instance = fact.about().instance();
            Event event = fact.event();
            if (event instanceof InstanceEvent.Down && Boolean.TRUE.equals(down.put(instance, true))) {
                faults.add(fact.id() + ": down, and it was down");
            } else if (event instanceof InstanceEvent.Up && Boolean.FALSE.equals(down.put(instance, false))) {
                faults.add(fact.id() + ": up, and it was up");
            } else if (event instanceof FailoverEvent.Switched told && !switched.add(told.epoch())) {
                faults.add(fact.id() + ": epoch " + told.epoch() + " switches a second time");
            } else if (event instanceof FailoverEvent.Completed told
                    && !switched.contains(told.report().epoch())) {
                faults.add(fact.id() + ": completed without a switch");
            }
        }
        down.forEach((instance, open) -> {
            if (open) {
                faults.add(instance + " is still told as down");
            }
        });
        return faults;
    }

    /** Whether anything tells that this run of the instance has ended. */
    boolean tellsTheEndOf(InstanceId instance, String runId) {
        return of(instance).anyMatch(event -> switch (event) {
            case InstanceEvent.Down down -> down.runId().equals(runId);
            case InstanceEvent.Hung hung -> hung.runId().equals(runId);
            case InstanceEvent.Restarted restarted -> restarted.runIdBefore().equals(runId);
            default -> false;
        });
    }

    /** Whether anybody saw this run while it lasted. */
    boolean tellsTheBeginningOf(InstanceId instance, String runId) {
        return of(instance).anyMatch(event -> switch (event) {
            case InstanceEvent.Up up -> up.runId().equals(runId);
            case InstanceEvent.Restarted restarted -> restarted.runIdAfter().equals(runId);
            default -> false;
        });
    }

    private Stream<Event> of(InstanceId instance) {
        return facts.stream()
                .filter(fact -> instance.equals(fact.about().instance()))
                .map(Fact::event);
    }

    /** How many events of a cluster this monitor has told, in any of its terms. */
    static long by(Stage stage, ClusterName cluster, String monitor) {
        return stage.of(Topic.EVENTS)
                .filter(seen -> seen.record().clusterKey().equals(cluster.value()))
                .filter(seen ->
                        seen.record().headers().getOrDefault(Term.HEADER, "").endsWith("/" + monitor))
                .count();
    }
}
