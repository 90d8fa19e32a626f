package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The SSH sessions to one host for one kind of channel: one as a rule, another while it is full.
 *
 * <p>The lock closes one race: two threads that both find no place would open two sessions. It is held while a session
 * is opened, so whoever may not wait looks at what is known of the host first.
 */
final class Lane {
    /** OpenSSH takes ten on one connection (sshd_config, MaxSessions), and frees one only when its command has ended. */
    static final int SESSIONS = 8;
    /** Not counted by MaxSessions; what a jump host carries on one connection, for all hosts behind it. */
    static final int FORWARDS = 64;

    private final Opening opening;
    private final int channels;
    private final List<Trunk> trunks = new ArrayList<>();

    /** Opens a session, or says why there is none. */
    interface Opening {
        Session open() throws Connection.Refused;
    }

    private final class Trunk {
        private final Session session;
        private int used;
        private boolean spoilt;

        Trunk(Session session) {
            this.session = session;
        }

        boolean hasRoom() {
            return !spoilt && used < channels;
        }
    }

    /** @param channels how many one session carries */
    Lane(Opening opening, int channels) {
        this.opening = opening;
        this.channels = channels;
    }

    /** A place for one channel in a connected session. */
    synchronized Lease lease() throws Connection.Refused {
        trunks.removeIf(trunk -> !trunk.session.isConnected());
        for (Trunk trunk : trunks) {
            if (trunk.hasRoom()) {
                return new Lease(trunk);
            }
        }
        Trunk opened = new Trunk(opening.open());
        trunks.add(opened);
        return new Lease(opened);
    }

    synchronized void close() {
        trunks.forEach(trunk -> trunk.session.disconnect());
        trunks.clear();
    }

    private synchronized void release(Trunk trunk) {
        trunk.used--;
        if (trunk.used == 0 && (trunk.spoilt || trunks.size() > 1)) {
            trunks.remove(trunk);
            trunk.session.disconnect();
        }
    }

    private synchronized void spoil(Trunk trunk) {
        trunk.spoilt = true;
    }

    /** One channel's place; given back once, by closing. */
    final class Lease implements AutoCloseable {
        private final Trunk trunk;
        private final AtomicBoolean returned = new AtomicBoolean();

        private Lease(Trunk trunk) {
            this.trunk = trunk;
            trunk.used++;
        }

        Session session() {
            return trunk.session;
        }

        /** The host refused the channel: the session takes no more, and ends with its last one. */
        void refused() {
            spoil(trunk);
        }

        @Override
        public void close() {
            if (returned.compareAndSet(false, true)) {
                release(trunk);
            }
        }
    }
}
