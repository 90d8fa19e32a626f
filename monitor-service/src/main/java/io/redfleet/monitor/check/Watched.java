package io.redfleet.monitor.check;

/** Whether a service is watched (Monit manual, Monitoring states). */
public enum Watched {
    /** Nothing is judged until somebody says so. */
    NOT,
    /** Not judged to the end yet. */
    INITIALIZING,
    YES,
    /** Passed over in this cycle, because it is judged at each n-th only. */
    WAITING;

    boolean isWatched() {
        return this != NOT;
    }
}
