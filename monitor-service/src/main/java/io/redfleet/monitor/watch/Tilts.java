package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Tells of a Sentinel that stays in tilt: it has seen its own time jump, or stand still, and until half a minute of quiet it takes
 * no part in a failover, though it answers and counts as usable. One stall is over by then and is not told; what lasts has a host
 * that is overloaded, or a clock that is set again and again. Nothing is asked for because of it.
 */
final class Tilts {
    /** Twice what one jump costs. */
    static final Duration TOLD_AFTER = Duration.ofSeconds(60);
    /** Two looks that are missed: what was before a longer silence is not known to have gone on. */
    static final Duration UNSEEN = Duration.ofSeconds(35);

    /** Between the host and the Sentinel's name. No rule of a Monit and no check of a host is written so. */
    private static final String OF = " tilt ";
    /** Followed by the Sentinel; its number is when it was first seen so without a break, in milliseconds of the epoch. */
    private static final String SINCE = "tilting ";

    private final Step step;

    Tilts(Step step) {
        this.step = step;
    }

    /** @param before the instance as it was before these figures */
    void figured(InstanceWatch before, Figures figures) {
        InstanceId id = before.view().id();
        long tilt = figures.number("sentinel_tilt", -1);
        if (before.view().member().role() != InstanceRole.SENTINEL || tilt < 0) {
            return;
        }
        String rule = id.host() + OF + id.name();
        if (tilt == 0) {
            step.forget(SINCE + id);
            if (step.open(rule)) {
                ended(rule, id + " is out of tilt");
            }
            return;
        }
        Moment heard = before.figuredAt();
        long since = step.counted(SINCE + id);
        if (since == 0 || heard == null || step.now.atLeast(UNSEEN, heard)) {
            step.number(SINCE + id, step.now.wall().toEpochMilli());
        } else if (!step.open(rule)
                && before.monitored()
                && step.now.atLeast(TOLD_AFTER, step.now.at(Instant.ofEpochMilli(since)))) {
            step.number(rule, 1);
            String reason = id + " has been in tilt for " + TOLD_AFTER.toSeconds()
                    + " s, and takes part in no failover: its host stalls, or its clock is set";
            tell(rule, new WatchEvent.CheckFailed(rule, 1, 1), reason);
        }
    }

    /** Of who is no member any more. */
    void close() {
        List<String> members = step.roster.members().keySet().stream()
                .map(id -> id.host() + OF + id.name())
                .toList();
        for (String rule : step.openOnes(Tilts::isOfOne)) {
            if (!members.contains(rule)) {
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
                // Of no tilt.
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
