package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import java.util.Optional;

/**
 * The two passwords of a group of Sentinels: that of the user who sets the users there, and that by which they enter each other.
 * Both follow from the provisioner's key and the group's name, so that whoever owns one of its clusters has them, and they are
 * kept nowhere but on the hosts.
 */
final class GroupLogin {
    /** A user of the Sentinels alone. */
    static final String USER = "group";

    private static final String ENTERS = "sentinel group";
    private static final String PEERS = "sentinel group peers";
    /** The same on every host. */
    private static final HostName ALL = new HostName("all");

    private final Login login;
    private final Secret peer;

    private GroupLogin(Login login, Secret peer) {
        this.login = login;
        this.peer = peer;
    }

    /** Empty: the cluster has Sentinels of its own, or there is no key. */
    static Optional<GroupLogin> of(ClusterSpec spec, Locksmith locksmith) {
        String group = spec.sentinel().group();
        if (group == null || !locksmith.trouble().isEmpty()) {
            return Optional.empty();
        }
        // No cluster's uid has a blank.
        ClusterUid whose = new ClusterUid("group " + group);
        Login login = new Login(USER, locksmith.derived(ENTERS, whose, ALL, 0));
        return Optional.of(new GroupLogin(login, locksmith.derived(PEERS, whose, ALL, 0)));
    }

    Accounts shared(Accounts accounts) {
        return accounts.sharing(login, peer);
    }
}
