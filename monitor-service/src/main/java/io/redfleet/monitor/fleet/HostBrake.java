package io.redfleet.monitor.fleet;

import io.redfleet.monitor.clock.Moment;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fleet's brake on when more than a fifth of the machines, and at least three, are not reached: then it is the
 * network, or our own place in it, and what is restarted would be restarted on half of a picture.
 *
 * <p>A person releases it, and has seen then who is away: the same machines do not put it on again, until one more is lost, or
 * one of them has come back and is lost anew. That is told by time, so it holds for the next owner and for another monitor too:
 * who was away before the fleet was rearmed last is known to be.
 *
 * <p>Owned by the fleet's thread.
 */
final class HostBrake {
    static final int AT_LEAST = 3;

    /** More than one of so many. */
    private static final int ONE_OF = 5;

    private static final int NAMED_MAX = 5;

    private final Brake brake;
    private boolean held;
    private @Nullable Instant lifted;

    HostBrake(Brake brake) {
        this.brake = brake;
    }

    /** To be called at every tick: what holds the fleet back may be a file, whose end is seen by no record. */
    void look(Machines machines, boolean settled, Moment now) {
        if (!brake.known()) {
            return;
        }
        if (brake.disarmed()) {
            held = true;
            return;
        }
        if (held) {
            held = false;
            lifted = now.wall();
        }
        if (settled && machines.saidAway() >= AT_LEAST) {
            reason(machines.count(now), rearmed()).ifPresent(why -> brake.trip(why.reason(), why.names(), now));
        }
    }

    /** Null where nobody ever has. */
    private @Nullable Instant rearmed() {
        Instant record = brake.armedSince();
        Instant here = lifted;
        return record == null || (here != null && here.isAfter(record)) ? here : record;
    }

    /** @param names the first of them: they may be machines of clusters that a reader of the brake does not see */
    record Why(String reason, String names) {}

    /**
     * Why the brake goes on; empty: it does not.
     *
     * @param rearmed who was away by then is known to be; null if nobody is
     */
    static Optional<Why> reason(Machines.Count count, @Nullable Instant rearmed) {
        List<Machines.Away> away = count.away().stream()
                .sorted(Comparator.comparing((Machines.Away one) -> !isNews(one, rearmed))
                        .thenComparing(Machines.Away::name))
                .toList();
        boolean many = away.size() >= AT_LEAST && away.size() * ONE_OF > count.known();
        if (!many || !isNews(away.getFirst(), rearmed)) {
            return Optional.empty();
        }
        String names = away.stream().limit(NAMED_MAX).map(Machines.Away::name).collect(Collectors.joining(", "));
        String more = away.size() > NAMED_MAX ? ", ..." : "";
        return Optional.of(new Why(away.size() + " of " + count.known() + " hosts are unreachable", names + more));
    }

    private static boolean isNews(Machines.Away away, @Nullable Instant rearmed) {
        return rearmed == null || away.since().isAfter(rearmed);
    }
}
