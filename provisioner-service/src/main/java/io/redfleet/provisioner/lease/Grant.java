package io.redfleet.provisioner.lease;

import io.redfleet.contracts.cluster.HostSpec;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The leases of one operation, and its right to change the hosts that they are on. Thread-safe. */
public final class Grant implements AutoCloseable {
    private final String id;
    private final Standing standing;
    private final Map<HostSpec, HostLease> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Instant notAfter;

    public Grant(String id, Standing standing) {
        this.id = id;
        this.standing = standing;
    }

    public void add(HostSpec host, HostLease lease) {
        leases.put(host, lease);
    }

    /** The first change must not begin later; once it has been made, the others follow whenever they can. */
    public void beginBefore(Instant latest) {
        notAfter = latest;
    }

    /** A change has been made. */
    public void begun() {
        begun.set(true);
    }

    /**
     * Asked right before anything is sent to the host.
     *
     * @throws RuntimeException if the work is another's
     */
    public Fence fence(HostSpec host) {
        standing.certain();
        HostLease lease = leases.get(host);
        if (lease == null) {
            return new Fence.Shut("no lease on " + host.name());
        }
        return switch (lease.state()) {
            case LeaseState.Held held -> new Fence.Open(host.directory(), id, until(lease));
            case LeaseState.Lost lost -> new Fence.Shut("the lease on " + host.name() + " is lost: " + lost.reason());
            case LeaseState.Asked asked -> new Fence.Shut("the lease on " + host.name() + " is not given yet");
            case LeaseState.Busy busy -> new Fence.Shut("the lease on " + host.name() + ": " + busy.why());
        };
    }

    private long until(HostLease lease) {
        Instant latest = notAfter;
        return latest == null || begun.get() ? 0 : Math.max(1, lease.uptimeAt(latest));
    }

    @Override
    public void close() {
        leases.values().forEach(HostLease::close);
    }
}
