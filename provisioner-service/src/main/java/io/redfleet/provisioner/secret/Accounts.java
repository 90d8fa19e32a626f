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
 */
public record Accounts(Map<Purpose, Secret> passwords, String trouble, Agents agents) {
    /** Of a cluster without access control. */
    public static final Accounts NONE = new Accounts(Map.of(), "");

    public Accounts {
        passwords = Map.copyOf(passwords);
    }

    /** Of a cluster without Monits of its own. */
    public Accounts(Map<Purpose, Secret> passwords, String trouble) {
        this(passwords, trouble, Agents.NONE);
    }

    Accounts with(Agents others) {
        return new Accounts(passwords, trouble, others);
    }

    /** One for every purpose. */
    static Accounts of(Map<Purpose, Secret> passwords, String trouble) {
        EnumMap<Purpose, Secret> all = new EnumMap<>(passwords);
        if (all.size() != Purpose.values().length) {
            throw new IllegalArgumentException("a cluster has a password for every purpose");
        }
        return new Accounts(all, trouble);
    }

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
        return isNone() || !trouble.isEmpty() ? Login.NONE : new Login(Purpose.ADMIN.word(), of(Purpose.ADMIN));
    }

    /** A text as people may read it: every password, and what Redis makes of it, is {@code ***}. */
    public String masked(String text) {
        String shown = text;
        for (Secret secret : passwords.values()) {
            shown = shown.replace(secret.reveal(), "***").replace(secret.hash(), "***");
        }
        return agents.masked(shown);
    }
}
