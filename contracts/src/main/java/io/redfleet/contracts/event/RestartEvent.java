package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;

/** What the hands did, or left, about a process that should run. */
public sealed interface RestartEvent extends Event {
    /**
     * It was started and answered a PING.
     *
     * @param pidBefore 0 when no process was there
     */
    @EventType(value = "restart.performed", writer = ServiceName.PROVISIONER)
    record Performed(String remediation, long pidBefore, long pidAfter, long tookMillis) implements RestartEvent {}

    @EventType(value = "restart.failed", writer = ServiceName.PROVISIONER)
    record Failed(String remediation, String error) implements RestartEvent {}

    /** @param rule which look of the gate forbade it */
    @EventType(value = "restart.withheld", writer = ServiceName.PROVISIONER)
    record Withheld(String remediation, String rule) implements RestartEvent {}
}
