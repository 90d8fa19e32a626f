package io.redfleet.gateway.collector;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one posting says, without what is nobody's business: the credentials that Monit adds, command lines, its own
 * settings.
 *
 * @param incarnation when this Monit was started, in seconds of the epoch by the host's clock
 * @param event why it was posted at once; null: because it was time
 */
public record Posting(
        String monit,
        long incarnation,
        String version,
        int pollSeconds,
        List<ServiceReport> services,
        @Nullable ReportedEvent event) {
    public Posting {
        services = List.copyOf(services);
    }

    /** For the host that its credential names. */
    public HostReport of(Reporter reporter, Instant now) {
        return new HostReport(
                HostReport.SCHEMA,
                reporter.cluster(),
                reporter.uid(),
                reporter.host(),
                now,
                monit,
                incarnation,
                version,
                pollSeconds,
                services,
                event);
    }
}
