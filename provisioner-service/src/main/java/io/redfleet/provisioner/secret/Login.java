package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.TlsSpec;

/**
 * As whom an instance is asked, and how.
 *
 * @param tls what is spoken; of {@link TlsSpec#OFF} it is in the clear
 */
public record Login(String user, Secret password, TlsSpec tls) {
    /** Without a name: for clusters that have no access control. */
    public static final Login NONE = new Login("", Secret.of(""));

    /** In the clear. */
    public Login(String user, Secret password) {
        this(user, password, TlsSpec.OFF);
    }

    /** The same, over what a cluster speaks. */
    public Login over(TlsSpec spoken) {
        return new Login(user, password, spoken);
    }

    public boolean isNone() {
        return user.isEmpty();
    }
}
