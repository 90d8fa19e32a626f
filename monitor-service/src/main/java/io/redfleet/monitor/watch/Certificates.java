package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.WatchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Tells when the certificate that an instance shows ends soon, and when it shows one that lasts. Each instance for itself: Redis
 * reads the file at its start or when it is told to, so two of one host may show different ones. Nothing is asked for because
 * of it.
 */
final class Certificates {
    /** Between the host and the instance's name. No rule of a Monit and no check of a host is written so. */
    private static final String OF = " certificate ";

    private static final List<Mark> MARKS = List.of(
            new Mark(Duration.ofDays(30), "less than 30 days are left"),
            new Mark(Duration.ofDays(7), "less than 7 days are left"),
            new Mark(Duration.ZERO, "it is over"));

    private final Step step;

    /** @param left so much or less is to be told */
    private record Mark(Duration left, String words) {
        String rule(InstanceId id) {
            return id.host() + OF + id.name() + ": " + words;
        }

        boolean isReached(Instant ends, Instant now) {
            return !now.isBefore(ends.minus(left));
        }
    }

    Certificates(Step step) {
        this.step = step;
    }

    void shown(InstanceId id, Instant ends) {
        if (!step.roster.members().containsKey(id)) {
            return;
        }
        for (Mark mark : MARKS) {
            String rule = mark.rule(id);
            boolean reached = mark.isReached(ends, step.now.wall());
            if (reached && !step.open(rule)) {
                step.number(rule, 1);
                String reason = id + " shows a certificate that ends at " + ends + ": " + mark.words();
                tell(rule, new WatchEvent.CheckFailed(rule, 1, 1), reason);
            } else if (!reached && step.open(rule)) {
                ended(rule, id + " shows a certificate that lasts until " + ends);
            }
        }
    }

    /** Of who is no member any more. */
    void close() {
        List<String> members = step.roster.members().keySet().stream()
                .map(id -> id.host() + OF + id.name() + ": ")
                .toList();
        for (String rule : step.openOnes(Certificates::isOfOne)) {
            if (members.stream().noneMatch(rule::startsWith)) {
                ended(rule, "no member of the cluster any more: " + rule);
            }
        }
    }

    /** As a former owner told it, about no instance. */
    void fold(WatchEvent event) {
        switch (event) {
            case WatchEvent.CheckFailed failed when isOfOne(failed.rule()) -> step.number(failed.rule(), 1);
            case WatchEvent.CheckSucceeded succeeded when isOfOne(succeeded.rule()) -> step.forget(succeeded.rule());
            default -> {
                // Of no certificate.
            }
        }
    }

    private static boolean isOfOne(String rule) {
        int space = rule.indexOf(' ');
        return space > 0 && HostName.allowed(rule.substring(0, space)) && rule.startsWith(OF, space);
    }

    private void ended(String rule, String reason) {
        step.forget(rule);
        tell(rule, new WatchEvent.CheckSucceeded(rule), reason);
    }

    private void tell(String rule, WatchEvent event, String reason) {
        step.tell(null, Reports.number(rule, step.now.wall()), event, reason);
    }
}
