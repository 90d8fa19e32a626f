package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.gate.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Clusters whose record cannot be read: another release wrote it, or something broke it. What it says is not known, so
 * nothing is done on their hosts, and nothing is written over it. Every order but a cancel is refused with the reason, every
 * remediation is withheld. Thread-safe; like the desk's own, its calls are made one at a time.
 */
public final class Parking {
    private final Desk desk;
    private final Map<ClusterName, Parked> parked = new HashMap<>(); // guarded by this
    /** Parked and readable again before {@link #tell} could say either. */
    private final Map<ClusterName, Parked> over = new HashMap<>(); // guarded by this

    /** By operations that cannot be read: until a release that reads them takes over. */
    private final Map<ClusterName, Parked> byWork = new HashMap<>(); // guarded by this
    /** Such operations, while it is replayed; by then it is not known of which cluster of the name they are. */
    private final Map<ClusterName, Map<OperationId, Unread>> work = new HashMap<>(); // guarded by this

    private record Parked(ClusterUid uid, Position at, String why) {}

    private record Unread(Position at, Optional<String> uid, String why) {}

    Parking(Desk desk) {
        this.desk = desk;
    }

    /**
     * The newest record of the cluster, as it is replayed, cannot be read.
     *
     * @param uid as far as it could be made out
     */
    public void replayedUnread(ClusterName name, Position at, Optional<String> uid, String why) {
        synchronized (desk) {
            Line line = desk.line(name);
            ClusterUid known = uid.filter(word -> !word.isBlank())
                    .map(ClusterUid::new)
                    .or(() -> line.cluster().map(ClusterState::uid))
                    .orElseGet(() -> new ClusterUid("unread-" + name));
            park(name, new Parked(known, at, why));
            line.running().ifPresent(job -> job.cancelled().set(true));
        }
    }

    /**
     * An operation of a later release: what is under way on the hosts, or how it ended, is not known. What is merely broken
     * parks nobody: no release would ever read it.
     */
    public synchronized void replayedUnread(
            ClusterName name, OperationId operation, Position at, Optional<String> uid, String why) {
        work.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(operation, new Unread(at, uid, why));
    }

    /** The operation's newest record can be read, or is no more. */
    synchronized void replayedRead(ClusterName name, OperationId operation) {
        work.getOrDefault(name, new HashMap<>()).remove(operation);
    }

    private synchronized @Nullable Parked byWork(ClusterName name) {
        return byWork.get(name);
    }

    private synchronized @Nullable Parked standing(ClusterName name) {
        Parked own = parked.get(name);
        return own == null ? byWork.get(name) : own;
    }

    private synchronized void parkByWork(ClusterName name, ClusterState standing) {
        work.getOrDefault(name, Map.of()).values().stream()
                .filter(one -> one.uid().map(standing.uid().value()::equals).orElse(true))
                .findFirst()
                .ifPresent(one -> byWork.put(name, new Parked(standing.uid(), one.at(), one.why())));
    }

    /** As {@link #replayedUnread}, of a cluster that was worked on until now. */
    public void unread(ClusterName name, Position at, Optional<String> uid, String why) {
        synchronized (desk) {
            boolean fresh = why(name).isEmpty();
            replayedUnread(name, at, uid, why);
            if (fresh) {
                desk.parts().roster().leave(name);
                tell();
            }
        }
    }

    /** What this process writes comes back to it as well; only what lifts a parking is news. */
    public void read(ClusterName name, Optional<ClusterState> state) {
        synchronized (desk) {
            if (!lift(name)) {
                return;
            }
            Line line = desk.line(name);
            line.stands(state.orElse(null));
            state.ifPresent(desk.parts().roster()::follow);
            tell();
            if (line.idle()) {
                desk.legacy().takeOver(line);
            }
        }
    }

    /** All is replayed: tells who is parked, and answers the lines of those who are not. */
    List<Line> opened(Map<ClusterName, Line> lines) {
        lines.forEach((name, line) -> line.cluster().ifPresent(standing -> parkByWork(name, standing)));
        tell();
        return lines.entrySet().stream()
                .filter(entry -> why(entry.getKey()).isEmpty())
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The first unreadable record is the one that is told of. */
    private synchronized void park(ClusterName name, Parked record) {
        parked.putIfAbsent(name, record);
    }

    /** Whether it was parked. */
    synchronized boolean lift(ClusterName cluster) {
        Parked before = parked.remove(cluster);
        if (before != null) {
            over.put(cluster, before);
        }
        return before != null;
    }

    /** Why nothing is done there; empty for a cluster that is not parked. */
    synchronized Optional<String> why(ClusterName cluster) {
        return Optional.ofNullable(standing(cluster))
                .map(one -> "the cluster is parked: its record at " + one.at().topic() + "-"
                        + one.at().partition() + " offset " + one.at().offset() + " cannot be read (" + one.why()
                        + ")");
    }

    /** Why an order is turned away before it is looked at. */
    Optional<Problem> refusal(Order order, Instant now) {
        if (now.isAfter(order.notAfter())) {
            return Optional.of(
                    Problem.of(410, "Too late", "the order was to be carried out until " + order.notAfter()));
        }
        return order.request() instanceof Request.CancelOperation
                ? Optional.empty()
                : why(order.cluster()).map(Problem::conflict);
    }

    Optional<Verdict.Withheld> withheld(ClusterName cluster) {
        return why(cluster).map(reason -> new Verdict.Withheld("parked", reason));
    }

    /** Tells what has not been told by this process; ids follow from the record, so that a repeat is the same event. */
    private void tell() {
        Map<ClusterName, Parked> ended;
        Map<ClusterName, Parked> standing;
        synchronized (this) {
            ended = Map.copyOf(over);
            over.clear();
            Map<ClusterName, Parked> all = new HashMap<>(byWork);
            all.putAll(parked);
            standing = Map.copyOf(all);
        }
        ended.forEach(
                (cluster, one) -> tell(cluster, one, new OperationEvent.Unparked(), "its record can be read again"));
        standing.forEach((cluster, one) -> {
            Event event = new OperationEvent.Parked(one.at(), one.why());
            tell(cluster, one, event, "parked, nothing is done on its hosts: " + one.why());
        });
    }

    private void tell(ClusterName cluster, Parked one, Event event, String reason) {
        // Told apart from a place of the cluster's own record, which may have the same numbers.
        String kind = one.equals(byWork(cluster)) ? "operation-" : "";
        String place = kind + one.at().partition() + "-" + one.at().offset();
        String id = Fact.id(one.uid(), cluster, place, EventTypes.shortName(event.getClass()));
        About about = new About(cluster, one.uid(), null, reason, "", null);
        desk.parts().ledger().tell(new Fact(id, desk.now(), about, event));
    }
}
