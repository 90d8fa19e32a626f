package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The passwords of one cluster, open.
 *
 * @param passwords what each user is to log in with: good on every instance
 * @param trouble why these are not the cluster's own and no host may see them: only good to show what would be; empty when
 *     they are
 * @param agents what the Monits on its hosts need
 * @param given as whom the provisioner asks where somebody else has made the users; {@link Login#NONE}: nobody has
 * @param seconds of the users whose password is being changed, the other one
 * @param group as whom users are set in Sentinels that several clusters share; {@link Login#NONE}: they are the cluster's own
 */
public record Accounts(
        Map<Purpose, Secret> passwords,
        String trouble,
        Agents agents,
        Login given,
        Map<Purpose, Second> seconds,
        Login group) {
    /** Of a cluster without access control. */
    public static final Accounts NONE = new Accounts(Map.of(), "");

    /**
     * A password that counts beside a user's own.
     *
     * @param stage while instances are given the new one, this is the new one; afterwards the old one
     */
    public record Second(NextSecret.Stage stage, Secret secret) {}

    public Accounts {
        passwords = Map.copyOf(passwords);
        seconds = Map.copyOf(seconds);
    }

    /** Of a cluster that has Sentinels of its own. */
    public Accounts(
            Map<Purpose, Secret> passwords, String trouble, Agents agents, Login given, Map<Purpose, Second> seconds) {
        this(passwords, trouble, agents, given, seconds, Login.NONE);
    }

    /** Of a cluster where no password is being changed. */
    public Accounts(Map<Purpose, Secret> passwords, String trouble, Agents agents) {
        this(passwords, trouble, agents, Login.NONE, Map.of());
    }

    /** Of a cluster without Monits of its own. */
    public Accounts(Map<Purpose, Secret> passwords, String trouble) {
        this(passwords, trouble, Agents.NONE);
    }

    Accounts with(Agents others) {
        return new Accounts(passwords, trouble, others, given, seconds, group);
    }

    Accounts beside(Map<Purpose, Second> others) {
        return new Accounts(passwords, trouble, agents, given, others, group);
    }

    /** The same, of a cluster whose Sentinels are a group's: these enter each other by the group's password, whoever made them. */
    Accounts sharing(Login as, Secret peer) {
        EnumMap<Purpose, Secret> own = new EnumMap<>(passwords);
        own.put(Purpose.PEER, peer);
        return new Accounts(own, trouble, agents, given, seconds, as);
    }

    /** Of a cluster whose users somebody else has made. */
    static Accounts entrusted(Login given) {
        return new Accounts(Map.of(), "", Agents.NONE, given, Map.of());
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

    /** The other one of a user whose password is being changed. */
    public Optional<Second> second(Purpose purpose) {
        return Optional.ofNullable(seconds.get(purpose));
    }

    /** All that an instance may be asked with by that user. */
    public List<Secret> all(Purpose purpose) {
        return Stream.concat(Stream.of(of(purpose)), second(purpose).map(Second::secret).stream())
                .toList();
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
        for (Purpose purpose : passwords.keySet()) {
            for (Secret secret : all(purpose)) {
                shown = shown.replace(secret.reveal(), "***").replace(secret.hash(), "***");
            }
        }
        if (!group.isNone()) {
            shown = shown.replace(group.password().reveal(), "***")
                    .replace(group.password().hash(), "***");
        }
        String own = given.password().reveal();
        return agents.masked(
                own.isEmpty()
                        ? shown
                        : shown.replace(own, "***").replace(given.password().hash(), "***"));
    }
}
