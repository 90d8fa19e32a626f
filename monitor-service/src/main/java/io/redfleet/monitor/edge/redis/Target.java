package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Member;

/**
 * Whom a connection is made to, and as whom.
 *
 * @param user empty: as nobody, for a cluster without access control
 */
record Target(Member member, String user, Secret password) {
    static Target open(Member member) {
        return new Target(member, "", Secret.of(""));
    }

    static Target guarded(Member member, String user, Secret password) {
        return new Target(member, user, password);
    }

    boolean isGuarded() {
        return !user.isEmpty();
    }
}
