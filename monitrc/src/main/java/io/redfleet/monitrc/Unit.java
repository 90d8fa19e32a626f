package io.redfleet.monitrc;

/** What a limit is counted in. */
public enum Unit {
    PLAIN,
    PERCENT,
    BYTES
}
