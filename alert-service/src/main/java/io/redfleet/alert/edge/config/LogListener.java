package io.redfleet.alert.edge.config;

import io.redfleet.alert.edge.kafka.BusReader;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.bus.codec.BusRecord;

/** Writes what the loops tell into the log. */
public record LogListener(AlertLog log) implements StoreLoop.Listener, BusReader.Listener {
    @Override
    public void waits(String loop, String reason) {
        log.waits(loop, reason);
    }

    @Override
    public void goesOn(String loop) {
        log.goesOn(loop);
    }

    @Override
    public void broke(String loop, RuntimeException bug) {
        log.broke(loop, bug);
    }

    @Override
    public void passedOver(BusRecord record, RuntimeException bug) {
        log.passedOver(record, bug);
    }
}
