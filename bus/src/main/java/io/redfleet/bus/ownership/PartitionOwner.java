package io.redfleet.bus.ownership;

import io.redfleet.bus.codec.BusRecord;

/**
 * The work on one partition. All calls for all partitions of a process come from one thread, one at a time; each must
 * return soon and leave waiting to others.
 */
public interface PartitionOwner {
    /** Records of one reading, of all partitions together. */
    int MOST_AT_ONCE = 500;

    /**
     * A record of a state topic, from the beginning on, in order within its topic. Between topics the order is free.
     */
    void replayed(BusRecord record);

    /** Everything that lay there when the partition was taken over has been replayed: work may begin. */
    void caughtUp();

    /** A record that came after that, of a state topic or of a stream. */
    void arrived(BusRecord record, Done done);

    /**
     * Whether it takes records. While it does not, nothing of the partition is read; what had been read before still comes, as many
     * as {@link #MOST_AT_ONCE}. Asked before each reading.
     */
    default boolean hasRoom() {
        return true;
    }

    /** The partition belongs to another, or the process ends: stop at once; nothing more will be called. */
    void released();

    /** Told once a stream's record is dealt with for good; a crash before that brings the record again. Thread-safe. */
    interface Done {
        void done();
    }
}
