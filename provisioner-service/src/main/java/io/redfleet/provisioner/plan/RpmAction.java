package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.util.List;

/** Something that dnf does on a machine of the RHEL family. By root. Experimental: no host of it has tested it. */
public sealed interface RpmAction extends Action {
    /** The absolute form of the leased directory: root's home is another one. */
    String base();

    /** The uid of the cluster that uses the package. */
    String owner();

    /** Its name, for a person. */
    String cluster();

    /** dnf's lists of packages, read anew. */
    record ReadLists(Place place, String base, String owner, String cluster) implements RpmAction {}

    /**
     * Redis's package at this version, locked; nothing that came with it is started.
     *
     * @param version as the scripts write it, {@code 0:7.2.7-1.el9}
     */
    record Install(Place place, String base, String owner, String cluster, String version) implements RpmAction {}

    /**
     * The end of the cluster's use of it, and of what was done to it with the last use.
     *
     * @param named what may be removed, by name
     */
    record Release(Place place, String base, String owner, String cluster, List<String> named) implements RpmAction {
        public Release {
            named = List.copyOf(named);
        }
    }
}
