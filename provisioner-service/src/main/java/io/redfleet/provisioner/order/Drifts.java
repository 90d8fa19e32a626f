package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.drift.Look;
import io.redfleet.provisioner.drift.Noted;
import io.redfleet.provisioner.drift.Rhythm;
import io.redfleet.provisioner.drift.Saying;
import io.redfleet.provisioner.drift.Telling;
import io.redfleet.provisioner.reach.Reach;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at the clusters of a desk on which nobody works, in turn and one at a time, and tells whether their hosts have
 * drifted from their specs. Nothing is changed on a host. A look takes as long as a survey, which has a deadline of its own; no
 * lock is held meanwhile, and what was seen counts only if nobody has worked on the cluster since.
 *
 * <p>What is told stands in the cluster's record before its event is told, and once more after it: whoever finds it between
 * the two tells it again, under the same id.
 */
public final class Drifts {
    private final Desk desk;
    /** Of one round after the other. */
    private final Map<ClusterUid, Rhythm.Looked> looked = new HashMap<>();

    public Drifts(Desk desk) {
        this.desk = desk;
    }

    /** Once the desk is open. */
    public void open() {
        Rounds rounds = desk.parts().rounds();
        rounds.rhythm()
                .ifPresentOrElse(
                        rhythm -> rounds.begin(() -> round(rhythm)),
                        () -> guarded("forgetting what looks have shown", this::forget));
    }

    /** Where nobody looks any more, what was seen says nothing of today. */
    private void forget() {
        synchronized (desk) {
            for (ClusterState cluster : desk.clusters()) {
                if (cluster.looks() != null && readable(cluster.name())) {
                    desk.stands(cluster.looked(null));
                }
            }
        }
    }

    /** @param turn how many jobs had joined the line when nobody worked there */
    private record Quiet(ClusterState cluster, Line line, long turn) {}

    /** Whether there is to be another. */
    private boolean round(Rhythm rhythm) {
        try {
            if (desk.closed()) {
                return false;
            }
            guarded("telling of drift", this::tellUntold);
            Instant now = desk.now();
            next(rhythm, now)
                    .ifPresent(quiet -> guarded(
                            "what a look at " + quiet.cluster().name() + " has shown", () -> look(quiet, rhythm, now)));
            return true;
        } catch (Ledger.Lost lost) {
            return false;
        }
    }

    /** The other clusters of the partition are looked at all the same. */
    private void guarded(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException thrown) {
            desk.fault(what, thrown);
        }
    }

    /** What an earlier owner may not have come to tell. */
    private void tellUntold() {
        synchronized (desk) {
            for (ClusterState cluster : desk.clusters()) {
                Drift drift = cluster.drift();
                if (drift != null && !drift.told() && readable(cluster.name())) {
                    tell(cluster, drift);
                }
            }
        }
    }

    private void tell(ClusterState cluster, Drift drift) {
        Telling telling = Telling.of(drift, cluster, desk.now());
        desk.tell(cluster, telling.what(), telling.reason(), telling.event());
        desk.stands(cluster.drifted(drift.said()));
    }

    /** Of those that are due the one that has waited longest. */
    private Optional<Quiet> next(Rhythm rhythm, Instant now) {
        synchronized (desk) {
            List<ClusterState> clusters = desk.clusters();
            looked.keySet().retainAll(clusters.stream().map(ClusterState::uid).collect(Collectors.toSet()));
            clusters.forEach(cluster -> looked.putIfAbsent(cluster.uid(), new Rhythm.Looked(now, false)));
            return clusters.stream()
                    .filter(this::quiet)
                    .filter(cluster -> rhythm.due(cluster, last(cluster), now))
                    .min(Comparator.comparing(cluster -> last(cluster).at()))
                    .map(cluster -> {
                        Line line = desk.line(cluster.name());
                        return new Quiet(cluster, line, line.turns());
                    });
        }
    }

    private Rhythm.Looked last(ClusterState cluster) {
        return looked.getOrDefault(cluster.uid(), new Rhythm.Looked(Instant.EPOCH, false));
    }

    /** Its spec is to be true on its hosts, which of one that is only observed nobody sees to, and nobody is at work. */
    private boolean quiet(ClusterState cluster) {
        return !cluster.spec().observed()
                && cluster.compared()
                && readable(cluster.name())
                && desk.line(cluster.name()).idle();
    }

    private boolean readable(ClusterName cluster) {
        return desk.parking().why(cluster).isEmpty();
    }

    private void look(Quiet quiet, Rhythm rhythm, Instant now) {
        ClusterState cluster = quiet.cluster();
        boolean suspected = last(cluster).suspects();
        // Whatever comes of it: one that breaks each time is not to be looked at all the time.
        looked.put(cluster.uid(), new Rhythm.Looked(now, false));
        Look look = seen(cluster);
        synchronized (desk) {
            if (!desk.closed() && stillQuiet(quiet)) {
                ClusterState noted = Noted.of(cluster, look, rhythm.every(), now)
                        .map(cluster::looked)
                        .orElse(cluster);
                boolean failed = cluster.phase() == Phase.FAILED;
                switch (Saying.of(cluster.drift(), suspected, failed, look, now)) {
                    case Saying.Nothing nothing -> note(cluster, noted);
                    case Saying.NotYet notYet -> {
                        looked.put(cluster.uid(), new Rhythm.Looked(now, true));
                        note(cluster, noted);
                    }
                    case Saying.Tell tell -> {
                        ClusterState said = noted.drifted(tell.next());
                        desk.stands(said);
                        tell(said, tell.next());
                    }
                }
            }
        }
    }

    /** What breaks while we look, or is not allowed, was not seen. */
    private Look seen(ClusterState cluster) {
        try {
            return Reach.refusal(cluster.spec(), desk.parts().keys())
                    .<Look>map(Look.Blind::new)
                    .orElseGet(() -> Look.at(cluster, desk.parts().crew().look(cluster)));
        } catch (RuntimeException thrown) {
            return new Look.Blind(desk.fault("a look at " + cluster.name(), thrown));
        }
    }

    private void note(ClusterState before, ClusterState noted) {
        if (!noted.equals(before)) {
            desk.stands(noted);
        }
    }

    private boolean stillQuiet(Quiet quiet) {
        return desk.cluster(quiet.cluster().name())
                        .filter(quiet.cluster()::equals)
                        .isPresent()
                && quiet(quiet.cluster())
                && quiet.line().turns() == quiet.turn();
    }
}
