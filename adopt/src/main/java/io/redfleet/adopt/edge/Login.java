package io.redfleet.adopt.edge;

import io.redfleet.contracts.access.Secret;

/**
 * As whom a node is asked.
 *
 * @param user empty: the default user, whom alone Redis knows before 6.0
 * @param password empty: nobody in particular, and no login is sent
 */
public record Login(String user, Secret password) {
    public static final Login NONE = new Login("", Secret.of(""));

    boolean given() {
        return !password.reveal().isEmpty();
    }
}
