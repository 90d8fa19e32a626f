package io.redfleet.alert.edge.config;

import io.redfleet.alert.edge.kafka.BusReader;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.bus.codec.BusRecord;
import org.jboss.logging.Logger;

/** Everything that this service logs: RFA001 to RFA099. A trouble is told when it begins and when it ends. */
public final class AlertLog implements StoreLoop.Listener, BusReader.Listener {
    private static final Logger LOG = Logger.getLogger("io.redfleet.alert");

    public void started(String instance, int receivers) {
        LOG.infof("RFA001 started: instance=%s receivers=%d", instance, receivers);
    }

    public void ended(String instance) {
        LOG.infof("RFA002 ended: instance=%s", instance);
    }

    @Override
    public void waits(String loop, String reason) {
        LOG.warnf("RFA010 waits and tries again: loop=%s error=%s", loop, reason);
    }

    @Override
    public void goesOn(String loop) {
        LOG.infof("RFA011 goes on: loop=%s", loop);
    }

    @Override
    public void broke(String loop, RuntimeException bug) {
        LOG.errorf(bug, "RFA012 broke, and tries again: loop=%s", loop);
    }

    @Override
    public void passedOver(BusRecord record, RuntimeException bug) {
        LOG.errorf(bug, "RFA013 passed over a record that it could not take: record=%s", record);
    }
}
