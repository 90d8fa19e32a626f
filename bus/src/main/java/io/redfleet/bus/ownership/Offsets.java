package io.redfleet.bus.ownership;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where a stream has been dealt with without a gap. Records may finish in any order; the offset to commit is that of
 * the oldest unfinished one. Thread-safe.
 */
final class Offsets {
    private final Map<TopicPartition, TreeSet<Long>> unfinished = new HashMap<>(); // guarded by this
    private final Map<TopicPartition, Long> next = new HashMap<>(); // guarded by this
    private final Map<TopicPartition, Long> committed = new HashMap<>(); // guarded by this

    synchronized void begun(TopicPartition partition, long offset) {
        unfinished.computeIfAbsent(partition, p -> new TreeSet<>()).add(offset);
        next.put(partition, offset + 1);
    }

    synchronized void finished(TopicPartition partition, long offset) {
        TreeSet<Long> open = unfinished.get(partition);
        if (open != null) {
            open.remove(offset);
        }
    }

    /** What can be committed and has not been yet. */
    synchronized Map<TopicPartition, Long> toCommit() {
        Map<TopicPartition, Long> due = new HashMap<>();
        next.forEach((partition, end) -> {
            TreeSet<Long> open = unfinished.get(partition);
            long safe = open == null || open.isEmpty() ? end : open.first();
            if (committed.getOrDefault(partition, -1L) < safe) {
                due.put(partition, safe);
            }
        });
        return due;
    }

    synchronized void committed(Map<TopicPartition, Long> offsets) {
        committed.putAll(offsets);
    }

    synchronized void forget(int partition) {
        unfinished.keySet().removeIf(key -> key.partition() == partition);
        next.keySet().removeIf(key -> key.partition() == partition);
        committed.keySet().removeIf(key -> key.partition() == partition);
    }
}
