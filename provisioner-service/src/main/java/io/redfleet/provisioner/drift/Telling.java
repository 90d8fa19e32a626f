package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.event.OperationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The event of a drift, made of what stands in the cluster's record alone: whoever tells it again tells the same.
 *
 * @param what makes the event's id
 * @param reason one sentence for a person
 */
public record Telling(String what, String reason, OperationEvent event) {
    /** @param revision of the spec that the hosts differ from, or do not any more */
    public static Telling of(Drift drift, long revision, Instant now) {
        if (!drift.stands()) {
            long lasted = Math.max(0, Duration.between(drift.since(), now).toMillis());
            return new Telling(
                    "drift:" + drift.number() + ":cleared",
                    "the hosts are as revision " + revision + " says again",
                    new OperationEvent.DriftCleared(lasted));
        }
        return new Telling(
                "drift:" + drift.number() + ":" + drift.plan(),
                reason(drift, revision),
                new OperationEvent.DriftFound(
                        drift.plan(),
                        revision,
                        drift.changes(),
                        drift.live(),
                        drift.starts(),
                        drift.restarts(),
                        drift.first()));
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
