package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;

/** Takes note of records that cannot be read. Called by any thread. */
public interface Losses {
    void lost(BusRecord record, String why);
}
