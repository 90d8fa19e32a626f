package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Monits that have reported, and from when on the silence of each is counted.
 *
 * <p>Silence is counted on our own ticks and only while we could have heard: from the last report, or from when we began to
 * listen, if that is later. We begin anew with every takeover, when the bus was away, and when we did not look for longer than
 * {@link #PAUSE}, as in a tilt or while nobody ran us. So an alarm may come late because of us, and never be false because of us.
 *
 * @param looked the last time that somebody looked for silence; null: never
 */
public record Witnesses(
        Map<HostName, Witness> all, @Nullable Moment looked) {
    static final Witnesses NONE = new Witnesses(Map.of(), null);

    /** Followed by the host, among the counters of health: its poll in seconds; 0 if it has said that it stops. */
    static final String KEY = "reports of ";

    /** Monit reports once in a poll; of a short one a few are lost while a gateway is started anew. */
    static final Duration LEAST = Duration.ofMinutes(1);

    /** The collector gives a report 10 s to arrive and 6 s to be on the bus: one that was posted in time may be on its way. */
    static final Duration UNDER_WAY = Duration.ofSeconds(16);

    /** Looks come each second; a tilt begins when they stop for two, and lasts for thirty. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int POLLS = 3;

    /** A day. A host may name any gap, and does not get out of sight by naming one. */
    private static final int LONGEST_POLL = 86_400;

    public Witnesses {
        all = Map.copyOf(all);
    }

    /**
     * One host's Monit.
     *
     * @param pollSeconds from 1 to a day's; 0: it has said that it stops, and is not missed
     * @param heard from when on its silence is counted
     */
    public record Witness(int pollSeconds, Moment heard) {
        boolean stopped() {
            return pollSeconds == 0;
        }

        /** For how long it may be silent, but for what is on its way. */
        Duration allowed() {
            Duration polls = Duration.ofSeconds(pollSeconds).multipliedBy(POLLS);
            return polls.compareTo(LEAST) < 0 ? LEAST : polls;
        }

        boolean overdue(Moment now) {
            return !stopped() && now.atLeast(allowed().plus(UNDER_WAY), heard);
        }
    }

    /** @param pollSeconds as it says; what is less than a second counts as one, what is more than a day as a day */
    Witnesses heard(HostName host, long pollSeconds, Moment now) {
        return with(host, new Witness(Math.clamp(pollSeconds, 1, LONGEST_POLL), now));
    }

    Witnesses stopped(HostName host, Moment now) {
        return with(host, new Witness(0, now));
    }

    private Witnesses with(HostName host, Witness witness) {
        Map<HostName, Witness> next = new HashMap<>(all);
        next.put(host, witness);
        return new Witnesses(next, looked);
    }

    Witnesses without(HostName host) {
        Map<HostName, Witness> next = new HashMap<>(all);
        next.remove(host);
        return new Witnesses(next, looked);
    }

    /** Nobody but these is expected to report. */
    Witnesses of(Collection<HostName> hosts) {
        Map<HostName, Witness> next = new HashMap<>(all);
        next.keySet().retainAll(hosts);
        return new Witnesses(next, looked);
    }

    /** From now on we listen: what was not heard before may have been said. */
    Witnesses deaf(Moment now) {
        Map<HostName, Witness> next = new HashMap<>(all);
        next.replaceAll((host, witness) -> new Witness(witness.pollSeconds(), now));
        return new Witnesses(next, looked);
    }

    Witnesses looked(Moment now) {
        boolean listened = looked != null && now.since(looked).compareTo(PAUSE) <= 0;
        return new Witnesses(listened ? all : deaf(now).all, now);
    }

    Map<String, Long> counters() {
        Map<String, Long> counters = new HashMap<>();
        all.forEach((host, witness) -> counters.put(KEY + host, (long) witness.pollSeconds()));
        return counters;
    }

    /** As {@link #counters} has left them to another process; of a host that is none any more, nothing. */
    static Witnesses restored(Collection<HostName> hosts, Map<String, Long> counters, Moment now) {
        Witnesses restored = NONE;
        for (HostName host : hosts) {
            Long poll = counters.get(KEY + host);
            if (poll != null) {
                restored = poll == 0 ? restored.stopped(host, now) : restored.heard(host, poll, now);
            }
        }
        return restored;
    }
}
