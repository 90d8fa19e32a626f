package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster's end means for the user redis of its hosts. Redfleet makes him where he is missing, notes that, and takes
 * him away with the last of what belongs to him. Here it is said where he stays for certain; the rest only the host itself
 * knows, once all else is done.
 */
final class AccountEnd {
    private static final String UNNOTED =
            "it is not noted that Redfleet has made him, and nobody knows what else of the host is his";

    private AccountEnd() {}

    /** After everything else on a host, for whatever is done as redis cannot be done any more. */
    static List<Step> of(ClusterState cluster, ClusterSurvey survey, Fate fate, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null && ends(cluster, survey, host, seen, fate)) {
                List<String> homes = new ArrayList<>(List.of(cluster.name().value()));
                homes.addAll(Place.homes(cluster.spec(), host));
                steps.add(new Step(
                        host.name() + "/account/end",
                        "remove the user " + RunAs.USER + " of " + host.name()
                                + ", whom Redfleet has made, if nothing there is his any more",
                        List.of("- user " + RunAs.USER, "- group " + RunAs.USER),
                        new AccountAction(make.onHost(host), seen.base(), homes)));
            }
        }
        return steps;
    }

    /** Whether he goes there, as far as that can be foreseen. */
    static boolean ends(ClusterState cluster, ClusterSurvey survey, HostSpec host, HostSurvey seen, Fate fate) {
        return cluster.spec().runsByInit()
                && stays(cluster, survey, host, seen, fate).isEmpty();
    }

    /** Why he stays there for certain; empty: that is not known. */
    static Optional<String> stays(
            ClusterState cluster, ClusterSurvey survey, HostSpec host, HostSurvey seen, Fate fate) {
        if (!seen.systemd().made()) {
            return Optional.of(UNNOTED);
        }
        return switch (fate) {
            case KEPT -> Optional.of("what is kept belongs to him");
            case ARCHIVED -> archived(cluster, survey, host) ? Optional.of("the archive belongs to him") : kept(seen);
            case ERASED -> kept(seen);
        };
    }

    /** Of packages that are removed and not purged; dpkg would do nothing more for want of a user whom it has noted. */
    private static Optional<String> kept(HostSurvey seen) {
        return seen.packages().notes().packages().isEmpty()
                ? Optional.empty()
                : Optional.of("what is left of Redis's packages belongs to him");
    }

    private static boolean archived(ClusterState cluster, ClusterSurvey survey, HostSpec host) {
        return cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> member.id().host().equals(host.name()))
                .anyMatch(member -> DataArchivePlan.due(cluster, survey, member));
    }
}
