package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.Window;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.StateViews;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What resources read: the board, and of it what a caller may see. */
public final class Fleet {
    private final StateViews views;
    private final BusReading reading;

    public Fleet(StateViews views, BusReading reading) {
        this.views = views;
        this.reading = reading;
    }

    Board board() {
        return views.board(stale());
    }

    /** Whether Kafka is silent, so that whatever is read here may be old. */
    boolean stale() {
        return !reading.silence().isZero();
    }

    /** For how long it has been; zero while it speaks. */
    Duration silence() {
        return reading.silence();
    }

    /** The cluster, if it is there and in the caller's scope; 404 tells the two from each other for nobody. */
    ClusterState cluster(Board board, Caller caller, String name) {
        return named(name)
                .flatMap(board::cluster)
                .filter(scope(caller))
                .orElseThrow(() -> ProblemException.notFound("No cluster is called " + shown(name)));
    }

    /**
     * Whether a record of this cluster is the caller's to see. Its scope is that of the cluster that stands: what
     * remains of one that is gone is the fleet's, and never that of a later one of the same name.
     */
    boolean sees(Board board, Caller caller, ClusterName cluster, ClusterUid uid) {
        return caller.coversFleet()
                || board.cluster(cluster)
                        .filter(standing -> standing.uid().equals(uid))
                        .filter(scope(caller))
                        .isPresent();
    }

    /** The same, asked for every event: without drawing a board. */
    boolean sees(Caller caller, String cluster, String uid) {
        return caller.coversFleet()
                || views.cluster(cluster)
                        .filter(standing -> standing.uid().value().equals(uid))
                        .filter(scope(caller))
                        .isPresent();
    }

    /** The clusters in scope, for life. */
    List<String> uids(Caller caller) {
        return board().clusters().values().stream()
                .filter(scope(caller))
                .map(cluster -> cluster.uid().value())
                .toList();
    }

    /** Whether the caller may ask for what happened to a cluster of this name. */
    boolean knows(Caller caller, String cluster) {
        return caller.coversFleet()
                || views.cluster(cluster).filter(scope(caller)).isPresent();
    }

    static Predicate<ClusterState> scope(Caller caller) {
        return cluster -> caller.covers(cluster.spec().labels());
    }

    static Optional<ClusterName> named(String name) {
        return ClusterName.allowed(name) ? Optional.of(new ClusterName(name)) : Optional.empty();
    }

    static Window window(@Nullable String limit, @Nullable String after) {
        int size = Query.limit(limit);
        try {
            return after == null || after.isEmpty() ? Window.first(size) : Window.after(size, after);
        } catch (IllegalArgumentException e) {
            throw Query.broken("after", String.valueOf(after), "the 'next' of a page before");
        }
    }

    static String shown(String value) {
        return "'" + io.redfleet.gateway.access.Shown.of(value) + "'";
    }
}
