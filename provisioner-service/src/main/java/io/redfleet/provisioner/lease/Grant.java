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
    private final Map<HostSpec, Given> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Instant notAfter;

    /** @param id that the host has for it */
    private record Given(String id, HostLease lease) {}

    /** @param id of the leases that are added without one of their own */
    public Grant(String id, Standing standing) {
        this.id = id;
        this.standing = standing;
    }

    public void add(HostSpec host, HostLease lease) {
        add(host, id, lease);
    }

    /**
     * In the place of one that was given back, if there was one for the host.
     *
     * @param under the id that it was asked for under, by which scripts prove that they belong to it
     */
    public void add(HostSpec host, String under, HostLease lease) {
        leases.put(host, new Given(under, lease));
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
        Given given = leases.get(host);
        if (given == null) {
            return new Fence.Shut("no lease on " + host.name());
        }
        HostLease lease = given.lease();
        return switch (lease.state()) {
            case LeaseState.Held held -> new Fence.Open(host.directory(), given.id(), until(lease));
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
        leases.values().forEach(given -> given.lease().close());
    }
}
