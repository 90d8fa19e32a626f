package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import java.util.stream.Collectors;

/**
 * Who may do what in an instance, as its users.acl has it: passwords as SHA-256 only, the default user off. Redis and
 * Sentinel read this file at their start, and write it in words of their own only where they are told to (ACL SAVE): when a
 * password changes, and where users that differed have been set while they run.
 *
 * <p>Every rule begins from nothing, because what a new user may do by default differs between 6.2 and 7.
 */
public final class UsersFile {
    public static final String NAME = "users.acl";

    /** The one key of the user canary. */
    public static final String CANARY_KEY = "redfleet:canary";

    /** Sentinels announce themselves here; who may publish in it can make them believe in another master. */
    private static final String HELLO = "&__sentinel__:hello";

    private static final String FROM_NOTHING = "resetkeys resetchannels -@all";

    private UsersFile() {}

    /** The users of a data node. */
    public static String redis(Accounts accounts, String version) {
        return "user default off resetpass " + FROM_NOTHING + "\n"
                + user(accounts, Purpose.APPLICATION, application(version))
                + user(accounts, Purpose.REPLICATION, FROM_NOTHING + " +psync +replconf +ping")
                + user(
                        accounts,
                        Purpose.SENTINEL,
                        FROM_NOTHING + " " + HELLO
                                + " +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info"
                                + " +client|setname +client|kill +script|kill")
                + user(
                        accounts,
                        Purpose.PROBE,
                        FROM_NOTHING + " +ping +info +role +client|setname +client|id +latency|latest +slowlog|len")
                + user(
                        accounts,
                        Purpose.CANARY,
                        "resetchannels -@all ~" + CANARY_KEY + " +ping +set +get +client|setname")
                + user(
                        accounts,
                        Purpose.ADMIN,
                        FROM_NOTHING
                                + " +@admin +@connection +@transaction +ping +info +role -debug -module -monitor -sync"
                                + " -psync");
    }

    /** The users of a Sentinel; nobody but the provisioner changes what it watches. */
    public static String sentinel(Accounts accounts) {
        return "user default off resetpass " + FROM_NOTHING + "\n"
                + user(
                        accounts,
                        Purpose.APPLICATION,
                        "resetkeys &* -@all +ping +info +role +client|setname +client|id +subscribe +psubscribe"
                                + " +unsubscribe +punsubscribe +sentinel|get-master-addr-by-name +sentinel|masters"
                                + " +sentinel|master +sentinel|replicas +sentinel|slaves +sentinel|sentinels")
                + user(
                        accounts,
                        Purpose.PROBE,
                        "resetkeys &* -@all +ping +info +role +client|setname +client|id +psubscribe"
                                + " +sentinel|get-master-addr-by-name +sentinel|masters +sentinel|master"
                                + " +sentinel|replicas +sentinel|sentinels +sentinel|ckquorum")
                + user(
                        accounts,
                        Purpose.PEER,
                        FROM_NOTHING + " " + HELLO + " +ping +publish +subscribe +client|setname"
                                + " +sentinel|is-master-down-by-addr")
                + user(accounts, Purpose.ADMIN, FROM_NOTHING + " +ping +info +role +sentinel +acl +client +shutdown")
                + group(accounts);
    }

    /** Of Sentinels that several clusters share: sets the users of each, and lets its master be forgotten. */
    private static String group(Accounts accounts) {
        Login group = accounts.group();
        return group.isNone()
                ? ""
                : "user " + group.user() + " on #" + group.password().hash() + " " + FROM_NOTHING
                        + " +ping +info +role +sentinel +acl\n";
    }

    /**
     * All data, nothing that administers. From 7 on it publishes where it likes except in Sentinel's own channel; 6.2 has
     * no rule for that.
     */
    private static String application(String version) {
        String data = "~* &* +@all -@admin -@dangerous +info +role +sort";
        return Version.major(version) >= 7
                ? data + " -publish -spublish (~* &[^_]* &_[^_]* &__[^s]* -@all +publish +spublish)"
                : data;
    }

    private static String user(Accounts accounts, Purpose purpose, String rules) {
        String passwords = accounts.all(purpose).stream()
                .map(secret -> "#" + secret.hash())
                .collect(Collectors.joining(" "));
        return "user " + purpose.word() + " on " + passwords + " " + rules + "\n";
    }
}
