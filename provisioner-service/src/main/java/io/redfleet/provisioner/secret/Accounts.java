package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import java.util.EnumMap;
import java.util.Map;

/**
 * The passwords of one cluster, open.
 *
 * @param trouble why these are not the cluster's own and no host may see them: only good to show what would be; empty when
 *     they are
 * @param agents what the Monits on its hosts need
 * @param given as whom the provisioner asks where somebody else has made the users; {@link Login#NONE}: nobody has
 */
public record Accounts(Map<Purpose, Secret> passwords, String trouble, Agents agents, Login given) {
    /** Of a cluster without access control. */
    public static final Accounts NONE = new Accounts(Map.of(), "");

    public Accounts {
        passwords = Map.copyOf(passwords);
    }

    /** Of a cluster without Monits of its own. */
    public Accounts(Map<Purpose, Secret> passwords, String trouble) {
        this(passwords, trouble, Agents.NONE, Login.NONE);
    }

    Accounts with(Agents others) {
        return new Accounts(passwords, trouble, others, given);
    }

    /** Of a cluster whose users somebody else has made. */
    static Accounts entrusted(Login given) {
        return new Accounts(Map.of(), "", Agents.NONE, given);
    }

    /** Of such a cluster, whose password cannot be opened: it is asked by nobody. */
    static Accounts closed(String trouble) {
        return new Accounts(Map.of(), trouble);
    }

    /** One for every purpose. */
    static Accounts of(Map<Purpose, Secret> passwords, String trouble) {
        EnumMap<Purpose, Secret> all = new EnumMap<>(passwords);
        if (all.size() != Purpose.values().length) {
            throw new IllegalArgumentException("a cluster has a password for every purpose");
        }
        return new Accounts(all, trouble);
    }

    /** Whether Redfleet has made no users there; somebody else may have. */
    public boolean isNone() {
        return passwords.isEmpty();
    }

    public Secret of(Purpose purpose) {
        Secret secret = passwords.get(purpose);
        if (secret == null) {
            throw new IllegalStateException("no password of " + purpose.word());
        }
        return secret;
    }

    /** As whom the provisioner asks an instance. */
    public Login admin() {
        if (!trouble.isEmpty()) {
            return Login.NONE;
        }
        return isNone() ? given : new Login(Purpose.ADMIN.word(), of(Purpose.ADMIN));
    }

    /** A text as people may read it: every password, and what Redis makes of it, is {@code ***}. */
    public String masked(String text) {
        String shown = text;
        for (Secret secret : passwords.values()) {
            shown = shown.replace(secret.reveal(), "***").replace(secret.hash(), "***");
        }
        String own = given.password().reveal();
        return agents.masked(
                own.isEmpty() ? shown : shown.replace(own, "***").replace(given.password().hash(), "***"));
    }
}
