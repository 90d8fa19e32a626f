package io.redfleet.contracts.cluster;

/** How much Redfleet may do on its own. */
public enum WatchMode {
    /** Watch, alert, and act through the gate. */
    AUTO,
    /** Watch and alert; publish what would have been done. */
    ALERT_ONLY,
    /** Watch; publish what would have been done; alert nobody. */
    OBSERVE
}
