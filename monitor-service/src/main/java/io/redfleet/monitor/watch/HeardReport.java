package io.redfleet.monitor.watch;

import io.redfleet.contracts.report.HostReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest report of a host's own Monit, and how much was told of that host of late.
 *
 * @param since when the present minute began
 * @param told events in it
 */
public record HeardReport(HostReport report, Instant since, int told) {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** @param before null: the first of the host */
    static HeardReport of(HostReport report, @Nullable HeardReport before, Instant now) {
        boolean goesOn = before != null && !now.isBefore(before.since) && now.isBefore(before.since.plus(MINUTE));
        return before != null && goesOn
                ? new HeardReport(report, before.since, before.told)
                : new HeardReport(report, now, 0);
    }

    /** Whether it is this one that comes again: neither the host's clock nor the gateway's has gone on since. */
    boolean repeatedBy(HostReport other) {
        return report.monit().equals(other.monit())
                && report.incarnation() == other.incarnation()
                && report.observedAt().equals(other.observedAt())
                && !other.receivedAt().isAfter(report.receivedAt());
    }

    HeardReport telling(int more) {
        return new HeardReport(report, since, told + more);
    }
}
