package io.redfleet.contracts.cluster;

/** How far Redfleet goes with a cluster; for the cluster's life, but that what is observed may be taken over. */
public enum Manage {
    /** What the spec says is made true on its hosts, and acted for. Of records that do not hold this part, too. */
    FULL,
    /** It is watched, and somebody else runs it: nothing is written to a node or a host, and no host is logged in to. */
    OBSERVE
}
