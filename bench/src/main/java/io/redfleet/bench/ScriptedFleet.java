package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Many scripted clusters. Each instance is a listening socket of this JVM, and each probing connection one more: {@code ulimit
 * -n} has to be twice and a half the number of instances.
 */
final class ScriptedFleet implements AutoCloseable {
    private final List<ScriptedCluster> clusters = new ArrayList<>();

    /**
     * @param size how many clusters, called {@code prefix-0} and so on
     * @param nodes how many Redis each has beside its three Sentinels
     * @param probe the time between two PINGs of an instance
     */
    ScriptedFleet(String prefix, int size, int nodes, Duration probe) {
        for (int i = 0; i < size; i++) {
            clusters.add(new ScriptedCluster(prefix + "-" + i, nodes, probe));
        }
    }

    List<ScriptedCluster> clusters() {
        return List.copyOf(clusters);
    }

    /** Puts every cluster's record on the bus. */
    void put(BusProducer producer) throws Exception {
        for (ScriptedCluster cluster : clusters) {
            WatchBench.await(producer, BusMessage.of(Topic.CLUSTERS, cluster.name(), cluster.state()));
        }
    }

    Stream<ScriptedNode> nodes() {
        return clusters.stream().flatMap(ScriptedCluster::nodes);
    }

    boolean watched() {
        return clusters.stream().allMatch(ScriptedCluster::watched);
    }

    void forgetProbes() {
        clusters.stream()
                .flatMap(ScriptedCluster::nodes)
                .forEach(node -> node.probes().forget());
    }

    /** Whether every instance of these clusters has been probed later than this. */
    boolean probedSince(Set<String> names, long nanos) {
        return nodes(names).allMatch(node -> node.probes().probedSince(nanos));
    }

    /** For each instance of these clusters the longest time between two probes since {@link #forgetProbes()}, in ns. */
    LongStream longestGaps(Set<String> names) {
        return nodes(names).mapToLong(node -> node.probes().longestGap());
    }

    @Override
    public void close() {
        clusters.forEach(ScriptedCluster::close);
    }

    private Stream<ScriptedNode> nodes(Set<String> names) {
        return clusters.stream()
                .filter(cluster -> names.contains(cluster.name()))
                .flatMap(ScriptedCluster::nodes);
    }
}
