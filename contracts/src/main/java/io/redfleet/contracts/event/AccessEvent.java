package io.redfleet.contracts.event;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.ServiceName;

/** Who asked for what, and who was turned away. */
public sealed interface AccessEvent extends Event {
    @EventType(value = "command.sent", writer = ServiceName.GATEWAY)
    record CommandSent(CommandId command, String kind) implements AccessEvent {}

    @EventType(value = "command.refused", writer = ServiceName.GATEWAY)
    record CommandRefused(int status, String method, String path) implements AccessEvent {}

    @EventType(value = "token.created", writer = ServiceName.GATEWAY)
    record TokenCreated(String token, String name, Role role) implements AccessEvent {}

    @EventType(value = "token.revoked", writer = ServiceName.GATEWAY)
    record TokenRevoked(String token, String name) implements AccessEvent {}

    @EventType(value = "login.failed", writer = ServiceName.GATEWAY)
    record LoginFailed(String from, int count) implements AccessEvent {}
}
