package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.monitor.watch.Witnesses.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Tells when nothing comes from a host's Monit any more, and when it reports again. What it held for failed stays as it last
 * said: its silence is no word on that. Who has said that it stops is not missed.
 */
final class Silences {
    /** Preceded by the host, followed by for how long. No service of a Monit gives a rule that begins so. */
    static final String NO_REPORT = " monit: no report for ";

    private final Step step;

    Silences(Step step) {
        this.step = step;
    }

    /**
     * Something new came from a host.
     *
     * @param room so much may be told; what is beyond, the next report tells
     * @return how much was
     */
    int heard(HostReport report, int room) {
        HostName host = report.host();
        Instant at = report.receivedAt();
        Witness before = step.surroundings.witnesses().all().get(host);
        boolean stopped = before != null && before.stopped();
        int told = 0;
        for (String rule : open(host)) {
            if (told < room) {
                step.forget(rule);
                tell(rule, at, new WatchEvent.CheckSucceeded(rule), host + ": its Monit reports again");
                told++;
            }
        }
        if (report.stops() && stopped) {
            return told;
        }
        boolean turns = report.stops() || stopped;
        if (turns && told >= room) {
            // A stop that is not told has no opposite that could be; an untold start is told by the next report.
            witnesses(known -> stopped ? known : known.without(host));
            return told;
        }
        if (report.stops()) {
            witnesses(known -> known.stopped(host, step.now));
            tell(
                    host + " monit",
                    at,
                    new WatchEvent.MonitStopped(host.value()),
                    host + ": its Monit says that it stops");
        } else {
            witnesses(known -> known.heard(host, report.pollSeconds(), step.now));
            if (stopped) {
                tell(
                        host + " monit",
                        at,
                        new WatchEvent.MonitStarted(host.value()),
                        host + ": its Monit reports again");
            }
        }
        return turns ? told + 1 : told;
    }

    /** Whose silence has lasted for too long. The first look is also for who left the cluster while nobody watched it. */
    void look() {
        Witnesses before = step.surroundings.witnesses();
        boolean first = before.looked() == null;
        if (!first && before.all().isEmpty()) {
            return;
        }
        if (first) {
            new Reports(step).close();
        }
        witnesses(known -> known.looked(step.now));
        if (step.roster.phase() == Phase.REMOVING) {
            return;
        }
        for (Map.Entry<HostName, Witness> one :
                step.surroundings.witnesses().all().entrySet()) {
            HostName host = one.getKey();
            if (one.getValue().overdue(step.now) && open(host).isEmpty()) {
                String lasted = words(one.getValue().allowed());
                String rule = host + NO_REPORT + lasted;
                step.number(rule, 1);
                tell(
                        rule,
                        step.now.wall(),
                        new WatchEvent.CheckFailed(rule, 1, 1),
                        host + ": nothing has come from its Monit for " + lasted + "; what it said last stands");
            }
        }
    }

    /** As a former owner told it, about no instance. What it told of silence itself is a rule like the others of a Monit. */
    void fold(WatchEvent event) {
        switch (event) {
            case WatchEvent.MonitStopped told ->
                host(told.host()).ifPresent(host -> witnesses(known -> known.stopped(host, step.now)));
            case WatchEvent.MonitStarted told ->
                host(told.host()).ifPresent(host -> witnesses(known -> known.without(host)));
            default -> {
                // Of no Monit's own beginning or end.
            }
        }
    }

    /** {@code 3 minutes}: in the largest unit that leaves no rest. */
    static String words(Duration span) {
        long seconds = span.toSeconds();
        if (seconds % 3_600 == 0) {
            return counted(seconds / 3_600, "hour");
        }
        return seconds % 60 == 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");
    }

    private static String counted(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    private List<String> open(HostName host) {
        return step.openOnes(rule -> rule.startsWith(host + NO_REPORT));
    }

    private void witnesses(UnaryOperator<Witnesses> change) {
        step.surroundings = step.surroundings.with(change.apply(step.surroundings.witnesses()));
    }

    private Optional<HostName> host(String name) {
        return step.roster.hosts().stream()
                .filter(host -> host.value().equals(name))
                .findFirst();
    }

    private void tell(String rule, Instant at, Event event, String reason) {
        step.tell(null, Reports.number(rule, at), event, reason);
    }
}
