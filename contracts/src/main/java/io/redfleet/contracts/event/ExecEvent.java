package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;

/** What the hands did, or left, about a program that a rule wants to be run on its host. */
public sealed interface ExecEvent extends Event {
    /**
     * It ended with status 0.
     *
     * @param said its first line, in as much as 512 bytes hold; empty if it said nothing
     */
    @EventType(value = "exec.performed", writer = ServiceName.PROVISIONER)
    record Performed(String remediation, String program, String said, long tookMillis) implements ExecEvent {}

    /**
     * The host refused to run it, it ended otherwise, it was killed at its deadline, or nobody knows.
     *
     * @param status with which it ended; -1 when it did not end by itself, and when that is not known
     * @param said as of {@link Performed}
     */
    @EventType(value = "exec.failed", writer = ServiceName.PROVISIONER)
    record Failed(String remediation, String program, int status, String said, String error) implements ExecEvent {}

    /** @param rule which look of the gate forbade it */
    @EventType(value = "exec.withheld", writer = ServiceName.PROVISIONER)
    record Withheld(String remediation, String rule) implements ExecEvent {}
}
