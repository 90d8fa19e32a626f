package io.redfleet.monitor;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.MonitEvent;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import io.redfleet.monitor.watch.Observation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Monit of a host of "orders" posts about its one service, {@code sleeper}, which is well.
 *
 * @param run when this Monit was started: seconds of the epoch
 * @param observed when it looked, by the host's clock: milliseconds of the test
 * @param received by the gateway's clock: milliseconds of the test
 * @param failed of the service
 * @param event why it was posted; null: because it was time
 */
public record MonitReport(
        String host,
        int poll,
        long run,
        long observed,
        long received,
        long failed,
        @Nullable ReportedEvent event) {
    public static MonitReport of(String host, long millis) {
        return new MonitReport(host, 20, 1, millis, millis, 0, null);
    }

    public MonitReport poll(int seconds) {
        return new MonitReport(host, seconds, run, observed, received, failed, event);
    }

    public MonitReport run(long seconds) {
        return new MonitReport(host, poll, seconds, observed, received, failed, event);
    }

    public MonitReport observed(long millis) {
        return new MonitReport(host, poll, run, millis, received, failed, event);
    }

    public MonitReport received(long millis) {
        return new MonitReport(host, poll, run, observed, millis, failed, event);
    }

    public MonitReport sleeperAbsent() {
        return new MonitReport(host, poll, run, observed, received, MonitEvent.NONEXIST.id(), event);
    }

    /** As Monit 5.33 says it when it is told to stop. */
    public MonitReport stopping() {
        return says("Monit 5.33.0 stopped", observed);
    }

    /** Something about itself, which happened then. */
    public MonitReport says(String message, long millis) {
        Instant at = Orders.at(millis).wall();
        return new MonitReport(
                host,
                poll,
                run,
                observed,
                received,
                failed,
                new ReportedEvent("Monit", ReportedEvent.INSTANCE, 2, at, message));
    }

    public Observation seen() {
        return new Observation.Reported(report());
    }

    public HostReport report() {
        ServiceReport sleeper =
                new ServiceReport("sleeper", 3, Orders.at(observed).wall(), failed, true, 0, -1, false, 0);
        return new HostReport(
                HostReport.SCHEMA,
                Orders.roster().cluster(),
                Orders.roster().uid(),
                new HostName(host),
                Orders.at(received).wall(),
                "m1",
                run,
                "5.33.0",
                poll,
                List.of(sleeper),
                event);
    }
}
