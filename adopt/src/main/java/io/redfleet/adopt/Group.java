package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that was heard of one master's cluster.
 *
 * @param sentinels each process once, the one that was asked first among them
 * @param nodes the named master first, by the addresses that Sentinels gave
 * @param early what was found while they were asked
 */
record Group(String masterName, List<SentinelSeen> sentinels, List<NodeSeen> nodes, List<Finding> early) {
    Group {
        sentinels = List.copyOf(sentinels);
        nodes = List.copyOf(nodes);
        early = List.copyOf(early);
    }

    /** Those that answered and monitor this master. */
    List<SentinelSeen> watching() {
        return sentinels.stream()
                .filter(sentinel -> sentinel.master(masterName).isPresent())
                .toList();
    }

    /** Whom most Sentinels name; of equally many the one that was named first. */
    Optional<Endpoint> master() {
        return most(watching().stream()
                .flatMap(sentinel -> sentinel.names(masterName).stream())
                .toList());
    }

    /** What each Sentinel says of one setting; those that do not say it are not among them. */
    Map<Endpoint, String> settings(String field) {
        Map<Endpoint, String> said = new LinkedHashMap<>();
        watching()
                .forEach(sentinel -> sentinel.master(masterName)
                        .map(fields -> fields.getOrDefault(field, ""))
                        .filter(value -> !value.isEmpty())
                        .ifPresent(value -> said.put(sentinel.at(), value)));
        return said;
    }

    /** What most Sentinels were told; empty where it is no whole number. */
    Optional<Integer> setting(String field) {
        return most(List.copyOf(settings(field).values()))
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Integer::valueOf);
    }

    List<NodeSeen> answering() {
        return nodes.stream().filter(NodeSeen::answered).toList();
    }

    static <T> Optional<T> most(List<T> said) {
        Map<T, Integer> counts = new LinkedHashMap<>();
        said.forEach(one -> counts.merge(one, 1, Integer::sum));
        return counts.entrySet().stream()
                .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
                .map(Map.Entry::getKey);
    }

    /** The values of something among the nodes that answered, each once, in their order. */
    List<String> among(Function<NodeSeen, String> value) {
        return answering().stream()
                .map(value)
                .filter(one -> !one.isEmpty())
                .distinct()
                .toList();
    }
}
