package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Footing;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;

/**
 * The hosts' clocks beside each other, and what keeps them. Each is held against ours by {@link Preflight}; two that are off to
 * different sides may be twice as far apart.
 */
final class Clocks {
    private Clocks() {}

    /** All of these are told only: where nobody says, a clock may still be kept. */
    static List<Obstacle> warnings(ClusterState cluster, ClusterSurvey survey) {
        List<Obstacle> found = new ArrayList<>();
        HostSpec ahead = null;
        HostSpec behind = null;
        long most = Long.MIN_VALUE;
        long least = Long.MAX_VALUE;
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null) {
                continue;
            }
            if (seen.clockOffsetSeconds() > most) {
                most = seen.clockOffsetSeconds();
                ahead = host;
            }
            if (seen.clockOffsetSeconds() < least) {
                least = seen.clockOffsetSeconds();
                behind = host;
            }
            if (seen.footing().clock().word() == Footing.Clock.Word.ALONE) {
                String reason =
                        seen.footing().clock().by() + " says that it follows no other clock: Sentinel enters tilt"
                                + " when it is set by hand; run chrony or systemd-timesyncd there";
                found.add(new Obstacle(host.name().value(), "clock", reason));
            }
        }
        if (ahead != null && behind != null && most - least > Preflight.MOST_CLOCK_OFFSET_SECONDS) {
            String reason = "is " + (most - least) + " s ahead of that of " + behind.name() + ", and at most "
                    + Preflight.MOST_CLOCK_OFFSET_SECONDS
                    + " s are right: what their logs say of one failover is then in no order; set both by one clock";
            found.add(new Obstacle(ahead.name().value(), "clock", reason));
        }
        return found;
    }
}
