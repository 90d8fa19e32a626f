package io.redfleet.contracts.cluster;

/** A cluster for life: given when its first spec is accepted; a later cluster of the same name has another. */
public record ClusterUid(String value) implements Word {
    public ClusterUid {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a cluster uid is not blank");
        }
    }

    /** The uid of what belongs to no cluster. */
    public static final ClusterUid FLEET = new ClusterUid("fleet");

    @Override
    public String toString() {
        return value;
    }
}
