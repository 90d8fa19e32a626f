package io.redfleet.monitor.remedy;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much may happen at once, over all clusters of this process.
 *
 * @param bad when each cluster went bad, within the last minute
 * @param tried when restarts that were asked for were tried, within the last ten minutes
 * @param inFlight until when each restart counts as under way, by cluster and instance
 */
public record Brakes(Map<ClusterName, Moment> bad, List<Moment> tried, Map<String, Moment> inFlight) {
    public static final Duration BAD_WITHIN = Duration.ofSeconds(60);
    public static final Duration TRIED_WITHIN = Duration.ofMinutes(10);
    public static final int TRIED_MAX = 10;
    public static final int IN_FLIGHT_MAX = 2;
    private static final int BAD_AT_LEAST = 3;

    public static final Brakes OFF = new Brakes(Map.of(), List.of(), Map.of());

    public Brakes {
        bad = Map.copyOf(bad);
        tried = List.copyOf(tried);
        inFlight = Map.copyOf(inFlight);
    }

    /** A cluster has gone from well to bad. */
    public Brakes wentBad(ClusterName cluster, Moment now) {
        Map<ClusterName, Moment> next = new HashMap<>(bad);
        next.values().removeIf(when -> now.atLeast(BAD_WITHIN, when));
        next.put(cluster, now);
        return new Brakes(next, tried, inFlight);
    }

    /** Whether so many went bad that the cause is more likely ours, or one that restarts only make worse. */
    public boolean tooManyBad(int clusters, Moment now) {
        long lately = bad.values().stream()
                .filter(when -> !now.atLeast(BAD_WITHIN, when))
                .count();
        return lately > Math.max(BAD_AT_LEAST, clusters / 10);
    }

    /** Why one more restart is too many; empty when it is not. One of the same target replaces the earlier one. */
    public String refusal(String target, Moment now) {
        long recent =
                tried.stream().filter(when -> !now.atLeast(TRIED_WITHIN, when)).count();
        long others = inFlight.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(target) && now.isBefore(entry.getValue()))
                .count();
        if (recent >= TRIED_MAX) {
            return TRIED_MAX + " restarts were tried within ten minutes";
        }
        return others >= IN_FLIGHT_MAX ? IN_FLIGHT_MAX + " restarts are under way" : "";
    }

    /** @param until when it is given up if nobody has said what became of it */
    public Brakes asked(String target, Moment now, Moment until) {
        Map<String, Moment> flying = new HashMap<>(inFlight);
        flying.values().removeIf(when -> !now.isBefore(when));
        flying.put(target, until);
        return new Brakes(bad, tried, flying);
    }

    /** Somebody has carried out what was asked for, with whatever success. */
    public Brakes tried(String target, Moment now) {
        List<Moment> times = new ArrayList<>(tried);
        times.removeIf(when -> now.atLeast(TRIED_WITHIN, when));
        times.add(now);
        return new Brakes(bad, times, inFlight).landed(target);
    }

    /** It answers again, whoever started it. */
    public Brakes landed(String target) {
        if (!inFlight.containsKey(target)) {
            return this;
        }
        Map<String, Moment> flying = new HashMap<>(inFlight);
        flying.remove(target);
        return new Brakes(bad, tried, flying);
    }
}
