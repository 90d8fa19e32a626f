package io.redfleet.contracts.report;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code reports} topic: one posting of a host's Monit. Each holds how all of its services stand, so that one
 * that is lost costs nothing once the next is there.
 *
 * @param host by the credential with which it came, never by what it says of itself
 * @param receivedAt by the gateway's clock
 * @param monit the id that Monit gave itself when it was installed
 * @param incarnation when this Monit was started, in seconds of the epoch by the host's clock
 * @param pollSeconds the gap between its cycles
 * @param event why it was posted at once; null: because it was time
 */
public record HostReport(
        int schema,
        ClusterName cluster,
        ClusterUid uid,
        HostName host,
        Instant receivedAt,
        String monit,
        long incarnation,
        String version,
        int pollSeconds,
        List<ServiceReport> services,
        @Nullable ReportedEvent event) {
    public static final int SCHEMA = 1;

    public HostReport {
        services = List.copyOf(services);
    }

    /** When the newest of what it says was seen, by the host's clock. */
    public Instant observedAt() {
        Instant told = event == null ? Instant.EPOCH : event.at();
        return Stream.concat(Stream.of(told), services.stream().map(ServiceReport::collectedAt))
                .max(Instant::compareTo)
                .orElse(told);
    }

    /** The key on the topic. */
    public String key() {
        return cluster + "/" + host;
    }
}
