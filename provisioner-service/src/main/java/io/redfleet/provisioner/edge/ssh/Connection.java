package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.Session;
import io.redfleet.provisioner.reach.Addresses;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SSH sessions to a host under one access; opened when first needed and again after they were lost. Feeds, which stay,
 * have sessions of their own, so that they never take the places of work.
 */
final class Connection {
    /** TCP connect, and each answer of the handshake, which has twice as long as a whole. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    /** A peer that vanished without a word is noticed after two unanswered questions, so within about 10 s. */
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);

    private static final int ALIVE_QUESTIONS = 2;
    /** An attempt that failed after this long was one at a host that is silent. */
    private static final Duration SLOW = Duration.ofSeconds(1);
    /** For how long a silent host is not asked again. */
    private static final Duration SILENT_FOR = Duration.ofSeconds(5);

    /** @param since by System.nanoTime */
    private record Silence(Trouble trouble, String reason, long since) {}

    private final HostAccess access;
    private final Credentials credentials;
    private final PinnedKey pinned;
    private final Lane work = new Lane(this::open);
    private final Lane feeds = new Lane(this::open);
    /** Read without a lock: who asks while the host is silent is answered at once. */
    private volatile @Nullable Silence silence;

    Connection(HostAccess access, Credentials credentials, KnownHosts known) {
        this.access = access;
        this.credentials = credentials;
        this.pinned = new PinnedKey(known, access.address(), access.port(), access.hostKey());
    }

    /** A place for one script or file in a connected session, or why there is none. */
    Lane.Lease work() throws Refused {
        stayInReach();
        failAtOnce();
        return work.lease();
    }

    /** A place for one feed. */
    Lane.Lease feed() throws Refused {
        stayInReach();
        failAtOnce();
        return feeds.lease();
    }

    void close() {
        work.close();
        feeds.close();
    }

    /** A session that stands is of no use any more once an admin has narrowed its key. */
    private void stayInReach() throws Refused {
        try {
            Credentials.named(access.credential());
        } catch (Credentials.Unusable e) {
            throw new Refused(Trouble.NO_CREDENTIAL, reason(e));
        }
        KeyLimits limits = credentials.of(access.credential());
        // A name is asked for at the socket, and what it leads to judged there.
        Optional<String> forbidden = Addresses.literal(access.address())
                .flatMap(address -> limits.forbids(access.credential(), address))
                .map(rule -> access.address() + " " + rule)
                .or(() -> limits instanceof KeyLimits.Unusable unusable
                        ? Optional.of("key " + access.credential() + ": " + unusable.reason())
                        : Optional.empty());
        if (forbidden.isPresent()) {
            close();
            throw new Refused(Trouble.OUT_OF_REACH, access + ": " + forbidden.get());
        }
    }

    private void failAtOnce() throws Refused {
        Silence known = silence;
        if (known != null && System.nanoTime() - known.since() < SILENT_FOR.toNanos()) {
            throw new Refused(known.trouble(), known.reason());
        }
    }

    String expectedKey() {
        return pinned.expected();
    }

    /** Whoever waited for another's attempt shares what came of it. */
    private Session open() throws Refused {
        failAtOnce();
        long begun = System.nanoTime();
        try {
            Session opened = connect();
            silence = null;
            return opened;
        } catch (Refused e) {
            long now = System.nanoTime();
            // A host that refuses quickly may be asked again: it holds nobody up.
            silence = now - begun < SLOW.toNanos() ? null : new Silence(e.trouble, e.reason, now);
            throw e;
        }
    }

    private Session connect() throws Refused {
        pinned.begin();
        JSch jsch = new JSch();
        try {
            byte[] key = credentials.privateKey(access.credential());
            jsch.addIdentity(access.credential(), key, null, null);
            Arrays.fill(key, (byte) 0);
        } catch (Credentials.Unusable e) {
            throw new Refused(Trouble.NO_CREDENTIAL, reason(e));
        } catch (JSchException e) {
            throw new Refused(Trouble.NO_CREDENTIAL, "credential " + access.credential() + ": " + reason(e));
        }
        LimitedSockets sockets =
                new LimitedSockets(access.credential(), credentials.of(access.credential()), CONNECT_WITHIN);
        try {
            Session opened = jsch.getSession(access.user(), access.address(), access.port());
            opened.setSocketFactory(sockets);
            opened.setHostKeyRepository(pinned);
            opened.setConfig("StrictHostKeyChecking", "yes");
            opened.setConfig("PreferredAuthentications", "publickey");
            preferPinnedType(opened);
            opened.setServerAliveInterval((int) ALIVE_EVERY.toMillis());
            opened.setServerAliveCountMax(ALIVE_QUESTIONS);
            opened.setDaemonThread(true);
            opened.connect((int) CONNECT_WITHIN.toMillis());
            sockets.established();
            return opened;
        } catch (JSchException e) {
            if (!sockets.refusal().isEmpty()) {
                throw new Refused(Trouble.OUT_OF_REACH, access + ": " + sockets.refusal());
            }
            throw judged(e);
        } catch (RuntimeException e) {
            // JSch lets those of its parsers through, and what a host sends is not ours to choose.
            throw new Refused(Trouble.UNREACHABLE, access + ": " + e);
        }
    }

    /** A host has several keys; asked for any, it could show one that we never pinned. */
    private void preferPinnedType(Session opened) {
        String expected = pinned.expected();
        String type = expected.substring(0, Math.max(0, expected.indexOf(' ')));
        String preferred = switch (type) {
            case "" -> "ssh-ed25519,ecdsa-sha2-nistp256";
            case "ssh-rsa" -> "rsa-sha2-512,rsa-sha2-256";
            default -> type;
        };
        opened.setConfig("server_host_key", preferred + "," + opened.getConfig("server_host_key"));
    }

    private Refused judged(JSchException e) {
        if (!pinned.refusal().isEmpty() || e instanceof JSchHostKeyException) {
            return new Refused(Trouble.HOST_KEY_CHANGED, access + ": " + pinned.refusal());
        }
        String said = reason(e);
        if (said.startsWith("Auth fail") || said.startsWith("Auth cancel")) {
            String what = "the host does not accept the key " + access.credential() + " for " + access.user();
            return new Refused(Trouble.KEY_REFUSED, access + ": " + what);
        }
        return new Refused(Trouble.UNREACHABLE, access + ": " + said);
    }

    static String reason(Throwable e) {
        Throwable cause = e.getCause();
        String said = e.getMessage();
        if (said == null || said.isEmpty()) {
            return cause == null ? e.getClass().getSimpleName() : reason(cause);
        }
        return said;
    }

    /** Carries a failure from where it is found to the adapter's door, where it becomes a value. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final Trouble trouble;
        private final String reason;

        Refused(Trouble trouble, String reason) {
            super(reason);
            this.trouble = trouble;
            this.reason = reason;
        }

        Reply.Failed asReply() {
            return new Reply.Failed(trouble, reason);
        }
    }
}
