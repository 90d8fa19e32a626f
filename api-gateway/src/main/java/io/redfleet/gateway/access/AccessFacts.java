package io.redfleet.gateway.access;

import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AccessEvent;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The words for what happened at the door. */
public final class AccessFacts {
    private AccessFacts() {}

    public static Fact sent(
            CommandId command, ClusterName cluster, ClusterUid uid, String kind, Actor actor, Instant at) {
        About about = new About(cluster, uid, null, actor.name() + " asked for " + kind, command.value(), actor);
        return new Fact(Fact.id("command", command, "sent"), at, about, new AccessEvent.CommandSent(command, kind));
    }

    /** @param nonce tells this refusal from the next one of the same kind */
    public static Fact refused(
            int status, String method, String path, String reason, @Nullable Actor actor, Instant at, String nonce) {
        return fleet(
                Fact.id("refused", nonce),
                at,
                reason,
                actor,
                new AccessEvent.CommandRefused(status, method, Shown.of(path)));
    }

    public static Fact loginFailed(String from, int count, Instant at, String nonce) {
        String reason = count == 1
                ? "An unknown token was offered from " + from
                : count + " times an unknown token was offered from " + from;
        return fleet(Fact.id("login", nonce), at, reason, null, new AccessEvent.LoginFailed(from, count));
    }

    /** An address came with so many wrong tokens that it is not heard for a while. */
    public static Fact shut(String from, int failures, Instant at, String nonce) {
        String reason = failures + " unknown tokens came from " + from + ": it is not heard for a while";
        return fleet(Fact.id("login", nonce), at, reason, null, new AccessEvent.LoginFailed(from, failures));
    }

    /** Of an Idempotency-Key that comes back for another token, before the first was made, it is another fact. */
    public static Fact created(TokenRecord token, Actor actor) {
        return fleet(
                Fact.id("token", token.id(), token.role(), token.name(), "created"),
                token.createdAt(),
                "Token '" + token.name() + "' was made",
                actor,
                new AccessEvent.TokenCreated(token.id(), token.name(), token.role()));
    }

    /** A fact for each who revokes: the first may have been told of and have come no further. */
    public static Fact revoked(TokenRecord token, Actor actor, Instant at) {
        return fleet(
                Fact.id("token", token.id(), "revoked", actor.tokenId()),
                at,
                "Token '" + token.name() + "' was revoked",
                actor,
                new AccessEvent.TokenRevoked(token.id(), token.name()));
    }

    private static Fact fleet(String id, Instant at, String reason, @Nullable Actor actor, Event event) {
        return new Fact(id, at, new About(ClusterName.FLEET, ClusterUid.FLEET, null, reason, "", actor), event);
    }
}
