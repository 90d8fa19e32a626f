package io.redfleet.provisioner.lease;

import java.time.Duration;
import java.time.Instant;

/** A lease on one host, asked for or held. Thread-safe. */
public interface HostLease extends AutoCloseable {

    LeaseState state();

    /** The state once it is held or lost, or after this long; other states are passed over. */
    LeaseState await(Duration most);

    /**
     * A time of ours as the host's uptime, in hundredths of a second, rounded towards the past: a lateness between the
     * host's answer and its reading here makes it earlier, never later. Only of a lease that is or was held.
     */
    long uptimeAt(Instant wall);

    /** Gives it back: the host releases it at once, or after the silence when it cannot be told. */
    @Override
    void close();
}
