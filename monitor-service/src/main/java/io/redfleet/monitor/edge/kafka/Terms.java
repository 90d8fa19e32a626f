package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.Term;

/** The terms in which one ownership of a partition speaks. Begun and raised by the reading thread, asked by any. */
final class Terms {
    private final Tenure tenure;
    private final int partition;
    private volatile Term first = Term.NONE;
    private volatile Term current = Term.NONE;

    Terms(Tenure tenure, int partition) {
        this.tenure = tenure;
        this.partition = partition;
    }

    /** @param last the highest that was found */
    void begin(Term last) {
        current = tenure.begin(partition, last);
        first = current;
    }

    Term current() {
        return current;
    }

    /** Above a term that is not ours, and not below ours. */
    Term raise(Term foreign) {
        Term above = tenure.raise(partition, foreign);
        current = above;
        return above;
    }

    void end() {
        tenure.end(partition);
    }

    boolean concern(ClusterName cluster) {
        return ClusterPartitioner.partition(cluster.value()) == partition;
    }

    /** Whether it is of this ownership; what is of no term is nobody's, and is not looked into. */
    boolean isOurs(Term told) {
        Term begun = first;
        return told.equals(Term.NONE)
                || (told.monitor().equals(begun.monitor()) && told.number() >= begun.number() && begun.number() > 0);
    }
}
