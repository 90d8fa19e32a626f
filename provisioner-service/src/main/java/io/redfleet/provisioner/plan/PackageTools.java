package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.packages.Family;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.RpmPackages;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.List;

/** What is done of Redis's packages, by what the host has to do it with. */
final class PackageTools {
    private PackageTools() {}

    /** Lists read anew. */
    static Action lists(ClusterState cluster, HostSurvey seen, Place place) {
        String owner = cluster.uid().value();
        String name = cluster.name().value();
        return rhel(seen)
                ? new RpmAction.ReadLists(place, seen.base(), owner, name)
                : new PackageAction.ReadLists(place, seen.base(), owner, name);
    }

    /** Packages installed and held. */
    static Action install(ClusterState cluster, HostSurvey seen, Place place, Pinned pinned) {
        String owner = cluster.uid().value();
        String name = cluster.name().value();
        String version = pinned.pins().get(RpmPackages.NAME);
        return rhel(seen) && version != null
                ? new RpmAction.Install(place, seen.base(), owner, name, version)
                : new PackageAction.Install(place, seen.base(), owner, name, pinned.pins());
    }

    /**
     * The end of the cluster's use of them.
     *
     * @param named what may be removed, by name
     */
    static Action release(ClusterState cluster, HostSurvey seen, Place place, List<String> named) {
        String owner = cluster.uid().value();
        String name = cluster.name().value();
        return rhel(seen)
                ? new RpmAction.Release(place, seen.base(), owner, name, named)
                : new PackageAction.Release(place, seen.base(), owner, name, named);
    }

    private static boolean rhel(HostSurvey seen) {
        return seen.packages().family() == Family.RHEL;
    }
}
