package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that apt does on the machine. By root. */
public sealed interface PackageAction extends Action {
    /** The absolute form of the leased directory: root's home is another one. */
    String base();

    /** The uid of the cluster that uses the packages. */
    String owner();

    /** Its name, for a person. */
    String cluster();

    /** apt's lists of packages, read anew. */
    record ReadLists(Place place, String base, String owner, String cluster) implements PackageAction {}

    /** These packages at these versions, held; nothing that came with them is started. */
    record Install(Place place, String base, String owner, String cluster, Map<String, String> pins)
            implements PackageAction {
        public Install {
            pins = Collections.unmodifiableMap(new LinkedHashMap<>(pins));
        }
    }

    /**
     * These packages, which are installed, at these versions, held; nothing else changes. What runs goes on by the binary that it
     * was started with.
     */
    record Change(Place place, String base, String owner, String cluster, Map<String, String> pins)
            implements PackageAction {
        public Change {
            pins = Collections.unmodifiableMap(new LinkedHashMap<>(pins));
        }
    }

    /**
     * The end of the cluster's use of them, and of what was done to them with the last use.
     *
     * @param named what may be removed, by name
     */
    record Release(Place place, String base, String owner, String cluster, List<String> named)
            implements PackageAction {
        public Release {
            named = List.copyOf(named);
        }
    }

    /** Monit's package at this version, held; the unit that came with it is not started. */
    record InstallMonit(Place place, String base, String owner, String cluster, String version)
            implements PackageAction {}

    /**
     * The end of the cluster's use of that, and of what was done to it with the last use.
     *
     * @param named what may be removed, by name
     */
    record ReleaseMonit(Place place, String base, String owner, String cluster, List<String> named)
            implements PackageAction {
        public ReleaseMonit {
            named = List.copyOf(named);
        }
    }
}
