package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.Window;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.StateViews;
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
        return views.board(!reading.silence().isZero());
    }

    /** The cluster, if it is there and in the caller's scope; 404 tells the two from each other for nobody. */
    ClusterState cluster(Board board, Caller caller, String name) {
        return named(name)
                .flatMap(board::cluster)
                .filter(scope(caller))
                .orElseThrow(() -> ProblemException.notFound("No cluster is called " + shown(name)));
    }

    /**
     * Whether a record of this cluster is the caller's to see. What remains of a cluster that is gone is the
     * fleet's.
     */
    boolean sees(Board board, Caller caller, ClusterName cluster) {
        return caller.coversFleet()
                || board.cluster(cluster).filter(scope(caller)).isPresent();
    }

    /** The same, asked for every event of a stream: without drawing a board. */
    boolean sees(Caller caller, String cluster) {
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
