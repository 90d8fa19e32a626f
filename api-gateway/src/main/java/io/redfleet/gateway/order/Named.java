package io.redfleet.gateway.order;

import io.redfleet.contracts.wire.CommandId;
import io.redfleet.gateway.access.Secret;

/**
 * The ids of orders that their callers gave a name: {@code family.request}.
 *
 * <p>The family follows from token and Idempotency-Key, the rest from what was asked. So a retry has the same id on
 * every gateway and after any restart, and a key that comes back with another request is seen by whoever has heard of
 * the first, be it only by its outcome.
 */
final class Named {
    private static final int FAMILY = 40;
    private static final int REQUEST = 16;

    private Named() {}

    static CommandId of(Ask ask, String idempotencyKey) {
        String family = Secret.sha256(ask.actor().tokenId() + "\n" + idempotencyKey);
        String request = Secret.sha256(ask.cluster() + "\n" + ask.asked() + (ask.waits() ? "\nwaits" : ""));
        return new CommandId(family.substring(0, FAMILY) + "." + request.substring(0, REQUEST));
    }

    /** What all requests under one key have in common; an order without a key is a family of its own. */
    static String family(CommandId command) {
        return hasKey(command) ? command.value().substring(0, FAMILY) : command.value();
    }

    static boolean hasKey(CommandId command) {
        return command.value().length() == FAMILY + 1 + REQUEST
                && command.value().charAt(FAMILY) == '.';
    }
}
