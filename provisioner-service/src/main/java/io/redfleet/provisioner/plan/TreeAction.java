package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Place;
import java.util.List;

/** Something about versions of Redis that lie beside each other. By root, where systemd runs the instances. */
public sealed interface TreeAction extends Action {
    /** The absolute form of the leased directory: root's home is another one. */
    String base();

    /** The uid of the cluster that uses them. */
    String owner();

    /** Its name, for a person. */
    String cluster();

    /** The directory that they lie in, absolute. */
    String top();

    /**
     * This version out of this archive; one that lies there already is not touched, and no instance is.
     *
     * @param origin the word of what it was built of; empty: it is pinned by its spec, and the like of it is another
     */
    record Unpack(
            Place place,
            String base,
            String owner,
            String cluster,
            String top,
            String version,
            ArchiveSpec archive,
            String origin)
            implements TreeAction {
        public Unpack(
                Place place,
                String base,
                String owner,
                String cluster,
                String top,
                String version,
                ArchiveSpec archive) {
            this(place, base, owner, cluster, top, version, archive, "");
        }
    }

    /**
     * The archive out of a source, on a host that is none of the cluster's; it comes to lie on the provisioner. No host of the
     * cluster is touched, and none has to be leased.
     *
     * @param place of a host that will get it
     */
    record Build(Place place, String base, String owner, String cluster, String top, BuildJob job)
            implements TreeAction {}

    /**
     * The end of the cluster's use of all of them.
     *
     * @param named the versions that may be removed
     */
    record Discard(Place place, String base, String owner, String cluster, String top, List<String> named)
            implements TreeAction {
        public Discard {
            named = List.copyOf(named);
        }
    }
}
