package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Member;

/**
 * Whom a connection is made to, as whom, and how.
 *
 * @param user empty: as nobody, for a cluster without access control
 * @param ca as PEM, who has to have signed its certificate; empty: it is spoken to in the clear
 */
record Target(Member member, String user, Secret password, String ca) {
    static Target open(Member member) {
        return new Target(member, "", Secret.of(""), "");
    }

    static Target guarded(Member member, String user, Secret password) {
        return new Target(member, user, password, "");
    }

    /** The same, by TLS. */
    Target trusting(String authority) {
        return new Target(member, user, password, authority);
    }

    boolean isGuarded() {
        return !user.isEmpty();
    }
}
