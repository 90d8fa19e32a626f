package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.Session;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one SSH connection to a host under one access; opened when first needed and again after it was lost.
 *
 * <p>The lock closes one race: two threads that both find no connection would open two.
 */
final class Connection {
    /** TCP connect and handshake. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    /** A peer that vanished without a word is noticed after two unanswered questions, so within about 10 s. */
    private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);

    private static final int ALIVE_QUESTIONS = 2;

    private final HostAccess access;
    private final Credentials credentials;
    private final PinnedKey pinned;
    private @Nullable Session session;

    Connection(HostAccess access, Credentials credentials, KnownHosts known) {
        this.access = access;
        this.credentials = credentials;
        this.pinned = new PinnedKey(known, access.address(), access.port(), access.hostKey());
    }

    /** A connected session, or why there is none. */
    synchronized Session session() throws Refused {
        Session standing = session;
        if (standing != null && standing.isConnected()) {
            return standing;
        }
        session = null;
        Session opened = open();
        session = opened;
        return opened;
    }

    synchronized void close() {
        if (session != null) {
            session.disconnect();
            session = null;
        }
    }

    String expectedKey() {
        return pinned.expected();
    }

    private Session open() throws Refused {
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
        try {
            Session opened = jsch.getSession(access.user(), access.address(), access.port());
            opened.setHostKeyRepository(pinned);
            opened.setConfig("StrictHostKeyChecking", "yes");
            opened.setConfig("PreferredAuthentications", "publickey");
            preferPinnedType(opened);
            opened.setServerAliveInterval((int) ALIVE_EVERY.toMillis());
            opened.setServerAliveCountMax(ALIVE_QUESTIONS);
            opened.setDaemonThread(true);
            opened.connect((int) CONNECT_WITHIN.toMillis());
            return opened;
        } catch (JSchException e) {
            throw judged(e);
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
