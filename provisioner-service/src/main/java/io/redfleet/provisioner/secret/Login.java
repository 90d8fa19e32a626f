package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Secret;

/** As whom an instance is asked. */
public record Login(String user, Secret password) {
    /** Without a name: for clusters that have no access control. */
    public static final Login NONE = new Login("", Secret.of(""));

    public boolean isNone() {
        return user.isEmpty();
    }
}
