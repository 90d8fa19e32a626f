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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** So much of one host is open at a time; what is failed beside has no need to be told. */
    static final int MOST = 50;

    /** And so much of it is told in a minute: a host that says now this and now that is heard on, and told of later. */
    static final int MOST_A_MINUTE = 100;

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
        HeardReport held = step.surroundings.reports().get(report.host());
        HeardReport heard = HeardReport.of(report, held, step.now.wall());
        Said said = said(report);
        String prefix = report.host() + MONIT;
        List<String> open = step.openOnes(rule -> rule.startsWith(prefix));
        int room = MOST_A_MINUTE - heard.told();
        int told = held != null && held.repeatedBy(report) ? 0 : new Silences(step).heard(report, room);
        int still = open.size();
        for (String rule : open) {
            if (told < room && said.isOver(rule)) {
                ended(rule, "Monit no longer says: " + rule, report.receivedAt());
                told++;
                still--;
            }
        }
        for (Map.Entry<String, String> failure : said.begun().entrySet()) {
            String rule = failure.getKey();
            if (!step.open(rule) && told < room && still < MOST) {
                step.number(rule, 1);
                tell(rule, new WatchEvent.CheckFailed(rule, 1, 1), failure.getValue(), report.receivedAt());
                told++;
                still++;
            }
        }
        step.surroundings = step.surroundings.with(heard.telling(told));
    }

    /** As a former owner told it, about no instance. */
    static void fold(Step step, WatchEvent event) {
        switch (event) {
            case WatchEvent.CheckFailed failed when isOfMonit(failed.rule()) -> step.number(failed.rule(), 1);
            case WatchEvent.CheckSucceeded succeeded when isOfMonit(succeeded.rule()) -> step.forget(succeeded.rule());
            default -> {
                // About an instance, or by a rule of the cluster's own.
            }
        }
    }

    /** Who is no host of the cluster any more reports no more, and is not missed. */
    void close() {
        new Certificates(step).close();
        new Tilts(step).close();
        Predicate<String> gone = rule -> isOfMonit(rule) && !isMember(host(rule));
        for (String rule : step.openOnes(gone)) {
            ended(rule, "no host of the cluster any more: " + rule, step.now.wall());
        }
        step.surroundings = step.surroundings.with(step.surroundings.witnesses().of(step.roster.hosts()));
    }

    /**
     * Whether a later one of the same Monit was there before. One that is older by more than a report may be under way is no late
     * one: the host's clock was set back. Of an earlier run is what came to the gateway no later than what is held.
     */
    private boolean late(HostReport report) {
        HeardReport held = step.surroundings.reports().get(report.host());
        if (held == null || !held.report().monit().equals(report.monit())) {
            return false;
        }
        HostReport last = held.report();
        return last.incarnation() == report.incarnation()
                ? report.observedAt().isBefore(last.observedAt())
                        && report.observedAt().isAfter(last.observedAt().minus(LATE))
                : report.incarnation() < last.incarnation()
                        && !report.receivedAt().isAfter(last.receivedAt());
    }

    /**
     * @param failed the rules that Monit holds for failed
     * @param begun those of them that may be told, with the reason: what an operation of ours stops is not raised while it does
     * @param unsettled how the rules begin of services of which Monit does not know yet: after it was started, or told to
     *     watch them, it calls them well until it has looked
     */
    private record Said(Set<String> failed, Map<String, String> begun, List<String> unsettled) {
        boolean isOver(String rule) {
            return !failed.contains(rule) && unsettled.stream().noneMatch(rule::startsWith);
        }
    }

    private Said said(HostReport report) {
        Set<String> failed = new LinkedHashSet<>();
        Map<String, String> begun = new LinkedHashMap<>();
        List<String> unsettled = new ArrayList<>();
        for (ServiceReport service : report.services()) {
            String name = report.host() + MONIT + service.name() + ": ";
            if (service.initializing() && service.failed() == 0) {
                unsettled.add(name);
            }
            boolean stopping = stopping(report.host(), service.name());
            for (MonitEvent event : MonitEvent.of(service.monitored() ? service.failed() : 0)) {
                String rule = name + text(service, event);
                failed.add(rule);
                if (!stopping) {
                    begun.put(
                            rule,
                            report.host() + ": Monit says of " + service.name() + ": " + words(report, service, event));
                }
            }
        }
        return new Said(failed, begun, unsettled);
    }

    private static String text(ServiceReport service, MonitEvent event) {
        return (service.changed() & event.id()) == 0 ? event.text() : event.changedText();
    }

    private static String words(HostReport report, ServiceReport service, MonitEvent event) {
        return Optional.ofNullable(report.event())
                .filter(told -> told.service().equals(service.name()) && told.id() == event.id())
                .map(ReportedEvent::message)
                .filter(message -> !message.isBlank())
                .orElse(text(service, event));
    }

    private void ended(String rule, String reason, Instant at) {
        step.forget(rule);
        tell(rule, new WatchEvent.CheckSucceeded(rule), reason, at);
    }

    /** Numbered by its time, so that nothing has to be kept of what is over: whoever runs a host chooses the names. */
    private void tell(String rule, WatchEvent event, String reason, Instant at) {
        step.tell(null, number(rule, at), event, reason);
    }

    static String number(String rule, Instant at) {
        return URLEncoder.encode(rule, StandardCharsets.UTF_8) + "-" + at.toEpochMilli();
    }

    private boolean stopping(HostName host, String name) {
        return step.roster.members().keySet().stream()
                .filter(id -> id.host().equals(host) && id.name().equals(name))
                .anyMatch(id -> step.surroundings.stopping(id).isPresent());
    }

    private boolean isMember(HostName host) {
        return step.roster.members().keySet().stream().anyMatch(id -> id.host().equals(host));
    }

    /** By what a Monit says, or by its silence. */
    private static boolean isOfMonit(String rule) {
        int space = rule.indexOf(' ');
        return space > 0
                && HostName.allowed(rule.substring(0, space))
                && (rule.startsWith(MONIT, space) || rule.startsWith(Silences.NO_REPORT, space));
    }

    private static HostName host(String rule) {
        return new HostName(rule.substring(0, rule.indexOf(' ')));
    }
}
