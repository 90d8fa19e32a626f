package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The event of a drift, made of what stands in the cluster's record alone: whoever tells it again tells the same.
 *
 * @param what makes the event's id
 * @param reason one sentence for a person
 */
public record Telling(String what, String reason, OperationEvent event) {
    private static final int WHY_CHARACTERS = 200;

    /** @param cluster whose spec the hosts differ from, or do not any more */
    public static Telling of(Drift drift, ClusterState cluster, Instant now) {
        long revision = cluster.revision();
        String failed = failed(cluster);
        if (!drift.stands()) {
            long lasted = Math.max(0, Duration.between(drift.since(), now).toMillis());
            return new Telling(
                    "drift:" + drift.number() + ":cleared",
                    "the hosts are as revision " + revision + " says again" + failed,
                    new OperationEvent.DriftCleared(lasted));
        }
        return new Telling(
                "drift:" + drift.number() + ":" + drift.plan(),
                reason(drift, revision) + failed,
                new OperationEvent.DriftFound(
                        drift.plan(),
                        revision,
                        drift.changes(),
                        drift.live(),
                        drift.starts(),
                        drift.restarts(),
                        drift.first()));
    }

    /** Whoever reads of a difference that an apply has left, and not of one that came by itself, is to know it. */
    private static String failed(ClusterState cluster) {
        if (cluster.phase() != Phase.FAILED) {
            return "";
        }
        String why = cluster.reason();
        return "; its last apply did not succeed, at " + cluster.since().truncatedTo(ChronoUnit.SECONDS) + ": "
                + (why.length() <= WHY_CHARACTERS ? why : why.substring(0, WHY_CHARACTERS) + "...");
    }

    private static String reason(Drift drift, long revision) {
        List<String> counts = new ArrayList<>();
        count(counts, drift.live(), "live");
        count(counts, drift.starts(), "start");
        count(counts, drift.restarts(), "restart");
        String effects = counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
        int more = drift.changes() - drift.first().size();
        return "the hosts differ from revision " + revision + ", plan " + drift.plan() + " has " + drift.changes()
                + " change(s)" + effects + ": " + String.join("; ", drift.first())
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static void count(List<String> counts, int many, String word) {
        if (many > 0) {
            counts.add(many + " " + word);
        }
    }
}
