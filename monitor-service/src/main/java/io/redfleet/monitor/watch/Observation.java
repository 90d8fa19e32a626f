package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.monitor.failover.SentinelLine;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.SentinelView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that was seen or heard of a cluster. */
public sealed interface Observation {
    /**
     * What a PING came to.
     *
     * @param greeting the INFO that was read first on a new connection; null otherwise
     */
    record Answered(
            InstanceId instance, Reply reply, @Nullable Figures greeting) implements Observation {}

    /** An answer to ROLE. */
    record Stood(InstanceId instance, Standing standing) implements Observation {}

    /** An answer to INFO. */
    record Figured(InstanceId instance, Figures figures) implements Observation {}

    /**
     * The certificate that it shows.
     *
     * @param ends of the whole chain: the first end in it
     */
    record Certified(InstanceId instance, Instant ends) implements Observation {}

    /** What a Sentinel says of the cluster. */
    record Viewed(SentinelView view) implements Observation {}

    /**
     * A Sentinel has published something.
     *
     * @param ordinal tells this line from every other of its Sentinel, as the subscription numbers them
     */
    record Published(InstanceId sentinel, SentinelLine line, String ordinal) implements Observation {}

    /** Time to look at the whole. */
    record Looked() implements Observation {}

    record Operated(OperationState operation) implements Observation {}

    /** The newest record of an operation cannot be read: whether it goes on, and what it stops, is not known any more. */
    record OperationUnread(OperationId operation) implements Observation {}

    record HostSeen(HostFacts facts) implements Observation {}

    /** What the Monit of a host says. */
    record Reported(HostReport report) implements Observation {}

    /** Until this moment nothing could come over the bus for sure, so nobody's silence on it counts. */
    record Deaf() implements Observation {}

    /** The spec or the phase has changed. */
    record Reassigned(Roster roster) implements Observation {}
}
