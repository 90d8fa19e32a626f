package io.redfleet.provisioner.apply;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import java.util.ArrayList;
import java.util.List;

/** A ledger in memory, in the order of the calls. Its owner can be killed at any write. */
public final class RecordingLedger implements Ledger {
    /** Whether the write at which the owner dies has reached the bus. */
    public enum Death {
        BEFORE,
        AFTER
    }

    private final List<Object> records = new ArrayList<>();
    private volatile boolean lost;
    private int left = Integer.MAX_VALUE;
    private Death death = Death.BEFORE;

    @Override
    public Position cluster(ClusterState state) {
        return record("clusters", state);
    }

    @Override
    public Position forget(ClusterName cluster) {
        return record("clusters", cluster);
    }

    @Override
    public Position secret(SealedSecret secret) {
        return record("secrets", secret);
    }

    @Override
    public void forgetSecret(ClusterName cluster, Purpose purpose) {
        record("secrets", purpose);
    }

    @Override
    public Position operation(OperationState state) {
        return record("operations", state);
    }

    @Override
    public void forgetOperation(ClusterName cluster, OperationId operation) {
        record("operations", new Forgotten(cluster, operation));
    }

    /** The tombstone of an operation. */
    public record Forgotten(ClusterName cluster, OperationId operation) {}

    @Override
    public boolean lost() {
        return lost;
    }

    @Override
    public void certain() {
        if (lost) {
            throw new Lost("the partition belongs to another");
        }
    }

    /** The partition is another's from now on. */
    public void lose() {
        lost = true;
    }

    /** Dies at the n-th write from now, whichever it is, counted from 0. */
    public synchronized void dieAt(int write, Death how) {
        left = write;
        death = how;
    }

    @Override
    public void outcome(Outcome outcome) {
        record("outcomes", outcome);
    }

    @Override
    public void tell(Fact fact) {
        record("events", fact);
    }

    @Override
    public void host(HostFacts facts) {
        record("hosts", facts);
    }

    @Override
    public void forgetHost(ClusterName cluster, HostName host) {
        record("hosts", host);
    }

    public synchronized <T> List<T> all(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <E extends Event> List<E> events(Class<E> type) {
        return all(Fact.class).stream()
                .map(Fact::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    public <T> T last(Class<T> type) {
        return all(type).getLast();
    }

    private synchronized Position record(String topic, Object record) {
        certain();
        boolean dies = left-- == 0;
        if (!dies || death == Death.AFTER) {
            records.add(record);
        }
        if (dies) {
            lose();
            throw new Lost("killed at this write");
        }
        return new Position(topic, 0, records.size());
    }
}
