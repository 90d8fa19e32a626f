package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a live token.
 *
 * @param labels the clusters in scope: those that carry all of these; empty means every cluster and the fleet itself
 * @param expiresAt when the token ends by itself; null: never
 * @param reporter the one host that it speaks for; null but for {@link Role#REPORTER}
 */
public record Caller(
        String tokenId,
        String name,
        Role role,
        Map<String, String> labels,
        @Nullable Instant expiresAt,
        @Nullable Reporter reporter) {
    public Caller {
        labels = Map.copyOf(labels);
    }

    /** A person or a program. */
    public Caller(String tokenId, String name, Role role, Map<String, String> labels, @Nullable Instant expiresAt) {
        this(tokenId, name, role, labels, expiresAt, null);
    }

    /** With a token that does not end by itself. */
    public Caller(String tokenId, String name, Role role, Map<String, String> labels) {
        this(tokenId, name, role, labels, null);
    }

    static Caller of(TokenRecord token) {
        return new Caller(token.id(), token.name(), token.role(), token.labels(), token.expiresAt(), token.reporter());
    }

    public Actor actor() {
        return new Actor(name, tokenId);
    }

    /** Whether a cluster with these labels is in scope. */
    public boolean covers(Map<String, String> clusterLabels) {
        return clusterLabels.entrySet().containsAll(labels.entrySet());
    }

    /** Whether every cluster that bears this label is in scope, those that do not exist yet included. */
    public boolean covers(Label label) {
        return covers(label.alone());
    }

    /** Whether everything is in scope, what belongs to no cluster included. */
    public boolean coversFleet() {
        return labels.isEmpty();
    }

    /** Whether this caller may hand out a token of that role and scope: never more than it holds itself. */
    public boolean mayGrant(Role granted, Map<String, String> grantedLabels) {
        Role needed = granted == Role.REPORTER ? Role.ADMIN : granted;
        return role.includes(needed) && covers(grantedLabels);
    }

    /** Whether a token may last so long: whoever holds one that ends could otherwise make itself one that does not. */
    public boolean mayGrantUntil(@Nullable Instant end) {
        return expiresAt == null || (end != null && !end.isAfter(expiresAt));
    }
}
