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

    /**
     * A key that nobody had pinned was believed for being the first, and is pinned from then on.
     *
     * @param place {@code address:port} of the host, or of the jump host before it
     * @param keyType as {@code ssh-ed25519}
     * @param fingerprint SHA-256
     */
    @EventType(value = "host.keyLearnt", writer = ServiceName.PROVISIONER)
    record KeyLearnt(String host, String place, String keyType, String fingerprint) implements HostEvent {}

    @EventType(value = "host.rebooted", writer = ServiceName.PROVISIONER)
    record Rebooted(String host, String bootIdBefore, String bootIdAfter) implements HostEvent {}
}
