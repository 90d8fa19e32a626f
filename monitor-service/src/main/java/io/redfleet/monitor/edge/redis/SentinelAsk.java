package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.topology.SentinelAnswers;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.watch.Observation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks one Sentinel what it holds true of its master; all questions at once, answered together or not at all.
 *
 * <p>Its entries of replicas and Sentinels are most of what it says. While it holds nobody for down they are asked for in each
 * third round only; from then on in each.
 */
final class SentinelAsk implements NodeLine.Views {
    private static final int WHOLE_EVERY = 3;

    private final InstanceId sentinel;
    private final String masterName;
    private final Supplier<Moment> clock;
    private final Consumer<Observation> sink;
    private boolean troubled;
    private Set<Endpoint> listed = Set.of();
    private int round;

    SentinelAsk(InstanceId sentinel, String masterName, Supplier<Moment> clock, Consumer<Observation> sink) {
        this.sentinel = sentinel;
        this.masterName = masterName;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void ask(Wire wire, Runnable done) {
        Moment askedAt = clock.get();
        Future<Map<String, String>> master =
                orElse(wire.send("SENTINEL", "MASTER", masterName).map(Answers::fields), Map.of());
        Future<String> quorum = wire.send("SENTINEL", "CKQUORUM", masterName)
                .map(Said::string)
                .recover(failure -> Failures.isReply(failure)
                        ? Future.succeededFuture(Failures.text(failure))
                        : Future.failedFuture(failure));
        Future<List<Map<String, String>>> replicas;
        Future<List<Map<String, String>>> sentinels;
        boolean whole = troubled || round++ % WHOLE_EVERY == 0;
        if (whole) {
            replicas = orElse(wire.send("SENTINEL", "REPLICAS", masterName).map(Answers::entries), List.of());
            sentinels = orElse(wire.send("SENTINEL", "SENTINELS", masterName).map(Answers::entries), List.of());
        } else {
            replicas = Future.succeededFuture(List.of());
            sentinels = Future.succeededFuture(List.of());
        }
        Future.all(master, quorum, replicas, sentinels).onComplete(all -> {
            done.run();
            if (all.succeeded()) {
                List<Map<String, String>> others = new ArrayList<>(replicas.result());
                others.addAll(sentinels.result());
                SentinelAnswers answers = new SentinelAnswers(master.result(), quorum.result(), others);
                SentinelView view = whole
                        ? answers.view(sentinel, askedAt)
                        : answers.view(sentinel, askedAt).listing(listed);
                listed = view.lists();
                troubled = !view.quorumReachable() || !view.seesDown().isEmpty() || view.failingOver();
                sink.accept(new Observation.Viewed(view));
            }
        });
    }

    /** An error reply, as for a master name that it does not know, is an answer; a lost connection is none. */
    private static <T> Future<T> orElse(Future<T> answer, T otherwise) {
        return answer.recover(failure ->
                Failures.isReply(failure) ? Future.succeededFuture(otherwise) : Future.failedFuture(failure));
    }
}
