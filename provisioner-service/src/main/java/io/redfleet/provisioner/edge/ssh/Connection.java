package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.redfleet.provisioner.reach.Addresses;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SSH sessions to a host under one access; opened when first needed and again after they were lost. Feeds, which stay,
 * have sessions of their own, so that they never take the places of work. Those of a host behind a jump host go through
 * channels of a session to that; the jump host's is a connection of this kind itself, on which nothing is run.
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
    private final KnownHosts known;
    private final Way way;
    private final Lane work = new Lane(this::open, Lane.SESSIONS);
    private final Lane feeds = new Lane(this::open, Lane.SESSIONS);
    private final Lane forwards = new Lane(this::open, Lane.FORWARDS);
    /** Read without a lock: who asks while the host is silent is answered at once. */
    private volatile @Nullable Silence silence;
    /** The session that was opened last, and its sockets. */
    private volatile @Nullable Latest latest;

    private record Latest(Session session, LimitedSockets sockets) {}

    /** @param way to the host: its own address, or a jump host */
    Connection(HostAccess access, Credentials credentials, KnownHosts known, Way way) {
        this.access = access;
        this.credentials = credentials;
        this.known = known;
        this.way = way;
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

    /** A place for one connection to a host behind this one. */
    Lane.Lease forward() throws Refused {
        stayInReach();
        failAtOnce();
        return forwards.lease();
    }

    void close() {
        work.close();
        feeds.close();
        forwards.close();
    }

    /** Whether nothing has come from there since then, by System.nanoTime, on the session that was opened last. */
    boolean silentSince(long nanos) {
        Latest last = latest;
        return last == null || last.sockets().silentSince(nanos);
    }

    /** Whether the session that was opened last is gone. */
    boolean isLost() {
        Latest last = latest;
        return last != null && !last.session().isConnected();
    }

    /** The same, with what the jump host had to do with it. */
    Reply explained(Reply reply) {
        return reply instanceof Reply.Failed failed && isLoss(failed.trouble()) && way.isLost()
                ? new Reply.Failed(failed.trouble(), failed.reason() + "; the connection to " + way + " was lost")
                : reply;
    }

    private static boolean isLoss(Trouble trouble) {
        return trouble == Trouble.DROPPED || trouble == Trouble.NOT_OPENED;
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
            throw refused(Trouble.OUT_OF_REACH, forbidden.get());
        }
        Optional<String> onTheWay = way.refusal();
        if (onTheWay.isPresent()) {
            close();
            throw refused(Trouble.JUMP_HOST, onTheWay.get());
        }
    }

    /** Why nothing may be carried for others any more, as the key's limits are now; empty if it may. */
    Optional<String> refusal() {
        try {
            stayInReach();
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(e.said());
        }
    }

    private Refused refused(Trouble trouble, String said) {
        return new Refused(trouble, way.named(access, trouble) + said);
    }

    private void failAtOnce() throws Refused {
        Silence known = silence;
        if (known != null && System.nanoTime() - known.since() < SILENT_FOR.toNanos()) {
            throw new Refused(known.trouble(), known.reason());
        }
    }

    String expectedKey() {
        return pinned().expected();
    }

    private PinnedKey pinned() {
        return new PinnedKey(known, access.address(), access.port(), access.hostKey());
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
        PinnedKey pinned = pinned();
        JSch jsch = new JSch();
        try {
            byte[] key = credentials.privateKey(access.credential());
            jsch.addIdentity(access.credential(), key, null, null);
            Arrays.fill(key, (byte) 0);
            pinned.begin();
        } catch (IOException e) {
            throw refused(Trouble.HOST_KEY_UNTRUSTED, "no key is believed: " + reason(e));
        } catch (Credentials.Unusable e) {
            throw new Refused(Trouble.NO_CREDENTIAL, reason(e));
        } catch (JSchException e) {
            throw new Refused(Trouble.NO_CREDENTIAL, "credential " + access.credential() + ": " + reason(e));
        }
        LimitedSockets sockets = way.sockets(access.credential(), credentials.of(access.credential()), CONNECT_WITHIN);
        try {
            Session opened = jsch.getSession(access.user(), access.address(), access.port());
            opened.setSocketFactory(sockets);
            opened.setHostKeyRepository(pinned);
            opened.setConfig("StrictHostKeyChecking", "yes");
            opened.setConfig("PreferredAuthentications", "publickey");
            opened.setConfig("server_host_key", pinned.algorithms(opened.getConfig("server_host_key")));
            opened.setConfig("host_certificate_to_key_fallback", "no");
            opened.setServerAliveInterval((int) ALIVE_EVERY.toMillis());
            opened.setServerAliveCountMax(ALIVE_QUESTIONS);
            opened.setDaemonThread(true);
            opened.connect((int) CONNECT_WITHIN.toMillis());
            sockets.established();
            latest = new Latest(opened, sockets);
            return opened;
        } catch (JSchException e) {
            sockets.abandon();
            if (!sockets.refusal().isEmpty()) {
                throw refused(Trouble.OUT_OF_REACH, sockets.refusal());
            }
            throw judged(e, pinned);
        } catch (RuntimeException e) {
            sockets.abandon();
            // JSch lets those of its parsers through, and what a host sends is not ours to choose.
            throw refused(Trouble.UNREACHABLE, e.toString());
        }
    }

    private Refused judged(JSchException e, PinnedKey pinned) {
        // First: its words may be those of the jump host's own refusal.
        if (e.getCause() instanceof ForwardedSocket.Unopened unopened) {
            return refused(unopened.isOfJump() ? Trouble.JUMP_HOST : Trouble.UNREACHABLE, unopened.said());
        }
        if (!pinned.refusal().isEmpty()) {
            return refused(pinned.trouble(), pinned.refusal());
        }
        if (CertificateRefusal.is(e)) {
            return refused(Trouble.HOST_KEY_UNTRUSTED, CertificateRefusal.words(e));
        }
        String said = reason(e);
        if (said.startsWith("Auth fail") || said.startsWith("Auth cancel")) {
            String what = "the host does not accept the key " + access.credential() + " for " + access.user();
            return refused(Trouble.KEY_REFUSED, what);
        }
        return way.isLost()
                ? refused(Trouble.JUMP_HOST, "the connection to " + way + " was lost: " + said)
                : refused(Trouble.UNREACHABLE, said);
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

        String said() {
            return reason;
        }

        Reply.Failed asReply() {
            return new Reply.Failed(trouble, reason);
        }
    }
}
