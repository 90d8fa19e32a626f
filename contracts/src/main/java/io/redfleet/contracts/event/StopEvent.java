package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;

/** What the hands did, or left, about a process that a rule wants stopped. A person's stop is an operation like any other. */
public sealed interface StopEvent extends Event {
    /**
     * No process of it is left, and nobody starts it again unasked.
     *
     * @param pidBefore 0 when no process was there
     */
    @EventType(value = "stop.performed", writer = ServiceName.PROVISIONER)
    record Performed(String remediation, long pidBefore, long tookMillis) implements StopEvent {}

    @EventType(value = "stop.failed", writer = ServiceName.PROVISIONER)
    record Failed(String remediation, String error) implements StopEvent {}

    /** @param rule which look of the gate forbade it */
    @EventType(value = "stop.withheld", writer = ServiceName.PROVISIONER)
    record Withheld(String remediation, String rule) implements StopEvent {}
}
