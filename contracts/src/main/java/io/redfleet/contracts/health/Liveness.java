package io.redfleet.contracts.health;

/** What the last probes say of one instance; the classes of a PING's answer, condensed. */
public enum Liveness {
    /** Not heard from yet. */
    UNKNOWN,
    UP,
    /** Answers {@code -LOADING}: alive, its data set is on the way into memory. */
    LOADING,
    /** Accepts connections and answers nothing, or only {@code -BUSY}, within the deadline. */
    HUNG,
    /** Refuses connections: nothing listens there. */
    DOWN,
    /** No route or no answer to a connection attempt. Proves nothing about the process. */
    UNREACHABLE
}
