package io.redfleet.contracts.report;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
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
 * @param pollSeconds the gap between its reports when nothing happens; 0: it does not say
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

    private static final Pattern STOPPED = Pattern.compile("Monit( \\S+)? stopped");

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

    /**
     * Whether it was posted because this Monit stops. One that says so of an earlier run has lain in Monit's queue and says nothing
     * of this one.
     */
    public boolean stops() {
        return event != null
                && event.id() == ReportedEvent.INSTANCE
                && STOPPED.matcher(event.message().strip()).matches()
                && event.at().getEpochSecond() >= incarnation;
    }

    /** The key on the topic. */
    public String key() {
        return cluster + "/" + host;
    }
}
