package io.redfleet.alert.incident;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterUid;
import java.util.List;
import java.util.Optional;

/** Where cases are kept, within one unit of work. */
public interface Cases {
    /** The unresolved cases of a cluster, held against other writers until the unit of work ends. */
    List<Case> open(ClusterUid uid);

    /** Resolved ones too, held likewise. */
    Optional<Case> find(IncidentId id);

    void keep(Case one);
}
