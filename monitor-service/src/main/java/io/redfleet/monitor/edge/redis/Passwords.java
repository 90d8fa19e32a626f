package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.roster.Roster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The probe's passwords as far as they have come; each counts for the one cluster whose uid it came with. */
final class Passwords {
    private record Known(ClusterUid uid, Secret secret) {}

    private final Map<ClusterName, Known> known = new HashMap<>();

    /** Whether that is news. */
    boolean learn(ClusterName cluster, ClusterUid uid, Secret secret) {
        Known now = new Known(uid, secret);
        return !now.equals(known.put(cluster, now));
    }

    /** Whether the cluster can be spoken to: it asks for no password, or we have it. */
    boolean opens(Roster roster) {
        return !roster.guarded() || of(roster).isPresent();
    }

    Target target(Roster roster, Member member) {
        Target target = roster.guarded()
                ? Target.guarded(member, roster.user(), of(roster).orElseThrow())
                : Target.open(member);
        return target.trusting(roster.ca());
    }

    private Optional<Secret> of(Roster roster) {
        return Optional.ofNullable(known.get(roster.cluster()))
                .filter(password -> password.uid().equals(roster.uid()))
                .map(Known::secret);
    }
}
