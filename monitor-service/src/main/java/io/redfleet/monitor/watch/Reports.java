package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.MonitEvent;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the Monit of a host says, told where it changes. Each report holds all that is failed, so that one that is lost, comes
 * twice or comes late makes no difference once the next is there.
 *
 * <p>It is a witness and no judge: nothing is asked for because of it.
 */
final class Reports {
    /** What has lain on the bus for longer is not what is; the next report is on its way. */
    static final Duration LATE = Duration.ofMinutes(2);

    /** So much of one host is told one by one; what is failed beside has no need to be. */
    static final int MOST = 50;

    private static final String MONIT = " monit ";

    private final Step step;

    Reports(Step step) {
        this.step = step;
    }

    void take(HostReport report) {
        boolean ours = report.uid().equals(step.roster.uid()) && isMember(report.host());
        boolean fresh = report.receivedAt().isAfter(step.now.wall().minus(LATE));
        if (!ours || !fresh || late(report)) {
            return;
        }
        step.surroundings = step.surroundings.with(report);
        Map<String, String> failed = failed(report);
        String prefix = report.host() + MONIT;
        for (String rule : step.openOnes(rule -> rule.startsWith(prefix) && !failed.containsKey(rule))) {
            ended(rule, "Monit no longer says: " + rule, report.receivedAt());
        }
        failed.forEach((rule, reason) -> {
            if (!step.open(rule)) {
                step.number(rule, 1);
                tell(rule, new WatchEvent.CheckFailed(rule, 1, 1), reason, report.receivedAt());
            }
        });
    }

    /** As a former owner told it; whether it is one of ours is known by its being about no instance. */
    static void fold(Step step, WatchEvent event) {
        switch (event) {
            case WatchEvent.CheckFailed failed -> step.number(failed.rule(), 1);
            case WatchEvent.CheckSucceeded succeeded -> step.forget(succeeded.rule());
            default -> {
                // About an instance, always.
            }
        }
    }

    /** Who is no host of the cluster any more reports no more. */
    void close() {
        Predicate<String> gone = rule -> rule.contains(MONIT) && !isMember(host(rule));
        for (String rule : step.openOnes(gone)) {
            ended(rule, "no host of the cluster any more: " + rule, step.now.wall());
        }
    }

    /** Whether a later one of the same Monit was there before. */
    private boolean late(HostReport report) {
        HostReport held = step.surroundings.reports().get(report.host());
        return held != null
                && held.monit().equals(report.monit())
                && held.incarnation() == report.incarnation()
                && report.observedAt().isBefore(held.observedAt());
    }

    /** By the words of the rule: why. What an operation of ours stops is not raised while it does. */
    private Map<String, String> failed(HostReport report) {
        Map<String, String> failed = new LinkedHashMap<>();
        for (ServiceReport service : report.services()) {
            boolean judged = service.monitored() && !stopping(report.host(), service.name());
            for (MonitEvent event : MonitEvent.of(judged && failed.size() < MOST ? service.failed() : 0)) {
                String rule = report.host() + MONIT + service.name() + ": " + event.text();
                failed.put(
                        rule,
                        report.host() + ": Monit says of " + service.name() + ": " + words(report, service, event));
            }
        }
        return failed;
    }

    private static String words(HostReport report, ServiceReport service, MonitEvent event) {
        return Optional.ofNullable(report.event())
                .filter(told -> told.service().equals(service.name()) && told.id() == event.id())
                .map(ReportedEvent::message)
                .filter(message -> !message.isBlank())
                .orElse(event.text());
    }

    private void ended(String rule, String reason, Instant at) {
        step.forget(rule);
        tell(rule, new WatchEvent.CheckSucceeded(rule), reason, at);
    }

    /** Numbered by its time, so that nothing has to be kept of what is over: whoever runs a host chooses the names. */
    private void tell(String rule, WatchEvent event, String reason, Instant at) {
        step.tell(null, URLEncoder.encode(rule, StandardCharsets.UTF_8) + "-" + at.toEpochMilli(), event, reason);
    }

    private boolean stopping(HostName host, String name) {
        return step.roster.members().keySet().stream()
                .filter(id -> id.host().equals(host) && id.name().equals(name))
                .anyMatch(id -> step.surroundings.stopping(id).isPresent());
    }

    private boolean isMember(HostName host) {
        return step.roster.members().keySet().stream().anyMatch(id -> id.host().equals(host));
    }

    private static HostName host(String rule) {
        return new HostName(rule.substring(0, rule.indexOf(MONIT)));
    }
}
