package io.redfleet.monitor.edge.config;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisTrio;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Two monitor processes on a broker of their own, over one real trio that is registered under several names. */
final class Watchmen implements AutoCloseable {
    static final Duration DOWN_AFTER = Duration.ofSeconds(2);
    static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(1);

    final TestBroker broker;
    final RedisTrio trio;
    final Stage stage;
    final List<MonitorChild> monitors;
    final List<ClusterName> clusters;

    private Watchmen(Path directory, List<String> names) {
        broker = TestBroker.start();
        stage = Stage.empty(broker, directory);
        monitors = List.of(
                MonitorChild.start(broker, directory, "monitor-a", SETTLE),
                MonitorChild.start(broker, directory, "monitor-b", SETTLE));
        trio = RedisTrio.start("orders", DOWN_AFTER);
        clusters = names.stream().map(ClusterName::new).toList();
        for (String name : names) {
            stage.put(Accepted.stateOf(name, trio, DOWN_AFTER));
        }
    }

    /** All is healthy and both are ready. */
    static Watchmen posted(Path directory, List<String> names) {
        Watchmen watchmen = new Watchmen(directory, names);
        watchmen.monitors.forEach(MonitorChild::awaitReady);
        watchmen.awaitHealthy();
        return watchmen;
    }

    void awaitHealthy() {
        clusters.forEach(cluster -> stage.awaitHealth(cluster, Watchmen::healthy));
    }

    /** But for one thing: that one trio has several names is a conflict of addresses, which is open ten seconds after it was seen. */
    static boolean healthy(ClusterHealth health) {
        Verdict verdict = health.verdict();
        return switch (verdict.diagnosis()) {
            case HEALTHY -> true;
            case DEGRADED -> verdict.reason().matches("open: conflict [^,]+(, conflict [^,]+)*");
            default -> false;
        };
    }

    Term term(ClusterName cluster) {
        return stage.health(cluster).map(ClusterHealth::term).orElse(Term.NONE);
    }

    /** Whose word counts for this cluster. */
    MonitorChild owner(ClusterName cluster) {
        String name = term(cluster).monitor();
        return monitors.stream()
                .filter(monitor -> monitor.instance().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody owns " + cluster));
    }

    MonitorChild other(MonitorChild one) {
        return monitors.get(1 - monitors.indexOf(one));
    }

    /** Milliseconds until a later term than this one is claimed. */
    long millisUntilSucceeded(ClusterName cluster, Term term, long sinceNanos) {
        Await.until("a successor of " + term, WITHIN, () -> term(cluster).outranks(term));
        return (System.nanoTime() - sinceNanos) / 1_000_000;
    }

    static InstanceId node(int number) {
        return new InstanceId("r" + number + "/redis-server");
    }

    @Override
    public void close() {
        monitors.forEach(MonitorChild::close);
        stage.close();
        trio.close();
        broker.close();
    }
}
