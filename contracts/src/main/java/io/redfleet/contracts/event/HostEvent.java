package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;

/** What became of a host, as SSH saw it. */
public sealed interface HostEvent extends Event {
    @EventType(value = "host.unreachable", writer = ServiceName.PROVISIONER)
    record Unreachable(String host) implements HostEvent {}

    @EventType(value = "host.reachable", writer = ServiceName.PROVISIONER)
    record Reachable(String host) implements HostEvent {}

    /** Another host key than the pinned one: nothing is done there. Fingerprints, SHA-256. */
    @EventType(value = "host.keyChanged", writer = ServiceName.PROVISIONER)
    record KeyChanged(String host, String expected, String offered) implements HostEvent {}

    @EventType(value = "host.rebooted", writer = ServiceName.PROVISIONER)
    record Rebooted(String host, String bootIdBefore, String bootIdAfter) implements HostEvent {}
}
