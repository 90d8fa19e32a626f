package io.redfleet.contracts.alert;

/** How loud an incident is. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL
}
