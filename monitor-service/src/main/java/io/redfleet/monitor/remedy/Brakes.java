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
 * @param asked when restarts were asked for, within the last ten minutes
 * @param inFlight until when each restart counts as under way, by cluster and instance
 */
public record Brakes(Map<ClusterName, Moment> bad, List<Moment> asked, Map<String, Moment> inFlight) {
    public static final Duration BAD_WITHIN = Duration.ofSeconds(60);
    public static final Duration ASKED_WITHIN = Duration.ofMinutes(10);
    public static final int ASKED_MAX = 10;
    public static final int IN_FLIGHT_MAX = 2;
    private static final int BAD_AT_LEAST = 3;

    public static final Brakes OFF = new Brakes(Map.of(), List.of(), Map.of());

    public Brakes {
        bad = Map.copyOf(bad);
        asked = List.copyOf(asked);
        inFlight = Map.copyOf(inFlight);
    }

    /** A cluster has gone from well to bad. */
    public Brakes wentBad(ClusterName cluster, Moment now) {
        Map<ClusterName, Moment> next = new HashMap<>(bad);
        next.values().removeIf(when -> now.atLeast(BAD_WITHIN, when));
        next.put(cluster, now);
        return new Brakes(next, asked, inFlight);
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
                asked.stream().filter(when -> !now.atLeast(ASKED_WITHIN, when)).count();
        if (recent >= ASKED_MAX) {
            return ASKED_MAX + " restarts were asked for within ten minutes";
        }
        long others = inFlight.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(target) && now.isBefore(entry.getValue()))
                .count();
        return others >= IN_FLIGHT_MAX ? IN_FLIGHT_MAX + " restarts are under way" : "";
    }

    public Brakes asked(String target, Moment now, Moment until) {
        List<Moment> times = new ArrayList<>(asked);
        times.removeIf(when -> now.atLeast(ASKED_WITHIN, when));
        times.add(now);
        Map<String, Moment> flying = new HashMap<>(inFlight);
        flying.values().removeIf(when -> !now.isBefore(when));
        flying.put(target, until);
        return new Brakes(bad, times, flying);
    }

    /** It answers again, whoever started it. */
    public Brakes landed(String target) {
        if (!inFlight.containsKey(target)) {
            return this;
        }
        Map<String, Moment> flying = new HashMap<>(inFlight);
        flying.remove(target);
        return new Brakes(bad, asked, flying);
    }
}
