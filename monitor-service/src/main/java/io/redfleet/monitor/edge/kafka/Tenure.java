package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.Term;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether what this process said of a partition may go out now. Asked by the sending threads just before they send, so that
 * a process that was stopped in between, or cut off from the group, keeps to itself what it can no longer know to be true.
 *
 * <p>What was said in the term before ours goes out as well if that term was our own: then nobody has spoken in between, and
 * what still lies in the outbox is the only account of that time.
 */
public final class Tenure {
    /** What becomes of a record. */
    public enum Word {
        GOES,
        /** Nobody can say yet. */
        WAITS,
        /** Another process speaks for the partition, or has spoken since. */
        VOID
    }

    /** What the group says. */
    public interface Membership {
        /** Nobody else owns what is assigned to us. */
        boolean certain();

        Set<Integer> assigned();
    }

    private record Held(Term before, Term current) {}

    private final String monitor;
    private final Membership membership;
    private final Map<Integer, Held> partitions = new ConcurrentHashMap<>();

    public Tenure(String monitor, Membership membership) {
        this.monitor = monitor;
        this.membership = membership;
    }

    /** Taken over, and all read that lies there: {@code last} is the highest term that was found. */
    public Term begin(int partition, Term last) {
        Term current = last.next(monitor);
        partitions.put(partition, new Held(last, current));
        return current;
    }

    /** Somebody has written in a term that is not below ours, though the partition is ours: ours must be above it. */
    public Term raise(int partition, Term above) {
        Held held = partitions.get(partition);
        Term current = above.next(monitor);
        partitions.put(partition, new Held(held == null ? above : held.current(), current));
        return current;
    }

    public void end(int partition) {
        partitions.remove(partition);
    }

    public Word of(String key, Term term) {
        if (key.equals(ClusterName.FLEET.value())) {
            return Word.GOES;
        }
        if (!membership.certain()) {
            return Word.WAITS;
        }
        int partition = ClusterPartitioner.partition(key);
        Held held = partitions.get(partition);
        if (held == null) {
            return membership.assigned().contains(partition) ? Word.WAITS : Word.VOID;
        }
        return term.equals(held.current()) || term.equals(held.before()) ? Word.GOES : Word.VOID;
    }

    /** An event that says no term was told before there were terms: it goes. */
    public Word of(BusMessage event) {
        Optional<Term> term = Term.parse(event.headers().getOrDefault(Term.HEADER, ""));
        return term.isEmpty() ? Word.GOES : of(event.key(), term.get());
    }
}
