package io.redfleet.provisioner.plan;

/** What becomes of the data of a cluster that ends. */
public enum Fate {
    /** It stays where it is, with a note that nobody manages it any more. */
    KEPT,
    /** It is removed. */
    ERASED,
    /** It is removed once an archive of it lies beside it, which stays. */
    ARCHIVED;

    /** @param archive counts only for data that is not kept */
    public static Fate of(boolean keepData, boolean archive) {
        if (keepData) {
            return KEPT;
        }
        return archive ? ARCHIVED : ERASED;
    }
}
