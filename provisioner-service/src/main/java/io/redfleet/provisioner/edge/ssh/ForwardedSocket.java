package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection through a channel of a session with a jump host (direct-tcpip), in the form of a socket: JSch knows deadlines of
 * sockets alone. It ends with that session, and gives its place there back when it is closed.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing here is guarded by the socket's own monitor.
final class ForwardedSocket extends Socket {
    /** Twice the window that JSch opens: it is filled only by who reads more slowly than the jump host sends. */
    private static final int HELD_BYTES = 256 * 1024;
    /** A session that nobody reads for so long is given up, for the sake of the others through the same jump host. */
    private static final Duration ROOM_WITHIN = Duration.ofSeconds(5);

    private static final int PROHIBITED = 1;

    private static final int CONNECT_FAILED = 2;
    private static final int NO_ANSWER = -1;

    private final ChannelDirectTCPIP channel;
    private final Lane.Lease place;
    private final InputStream in;
    private final OutputStream out;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile int readWithinMillis;

    /** Where a channel leads, and how long that may take. */
    record Target(InetAddress address, int port, Duration within) {
        @Override
        public String toString() {
            return address.getHostAddress() + ":" + port;
        }
    }

    private ForwardedSocket(ChannelDirectTCPIP channel, Lane.Lease place, Pipe pipe, OutputStream out) {
        this.channel = channel;
        this.place = place;
        this.out = out;
        this.in = pipe.out(() -> readWithinMillis);
    }

    /**
     * Connects through a jump host. The place is given back if that fails.
     *
     * @param jump what the jump host is called in reasons
     * @param connection to the jump host: where that has been silent meanwhile, nobody knows of the host behind it
     */
    static ForwardedSocket open(String jump, Lane.Lease place, Target target, Connection connection) throws Unopened {
        long begun = System.nanoTime();
        Pipe pipe = new Pipe(HELD_BYTES, ROOM_WITHIN);
        ChannelDirectTCPIP channel;
        try {
            channel = (ChannelDirectTCPIP) place.session().openChannel("direct-tcpip");
        } catch (JSchException e) {
            place.close();
            throw new Unopened(true, jump + " took no channel: " + Connection.reason(e));
        }
        try {
            OutputStream out = channel.getOutputStream();
            channel.setHost(target.address().getHostAddress());
            channel.setPort(target.port());
            channel.setOutputStream(pipe.in());
            channel.connect((int) target.within().toMillis());
            if (!channel.isConnected()) {
                // JSch keeps to itself what was no exception of its own.
                throw new JSchException("the channel was not opened");
            }
            return new ForwardedSocket(channel, place, pipe, out);
        } catch (JSchException e) {
            boolean down = !place.session().isConnected();
            place.close();
            throw down
                    ? new Unopened(true, "the connection to " + jump + " was lost: " + Connection.reason(e))
                    : unopened(jump, channel.getExitStatus(), target, connection.silentSince(begun));
        } catch (IOException e) {
            place.close();
            throw new Unopened(true, jump + " took no channel: " + Connection.reason(e));
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    /**
     * Who it is that did not open a channel.
     *
     * @param code the jump host's own reason (RFC 4254, 5.1); -1: it gave none
     * @param silent whether the jump host has said nothing at all meanwhile
     */
    static Unopened unopened(String jump, int code, Target target, boolean silent) {
        String within = target.within().toSeconds() + " s";
        return switch (code) {
            case PROHIBITED ->
                new Unopened(
                        true,
                        jump + " lets nobody through to " + target
                                + ": its sshd forbids it (AllowTcpForwarding, PermitOpen, DisableForwarding)");
            case CONNECT_FAILED -> new Unopened(false, jump + " could not connect to " + target);
            case NO_ANSWER ->
                silent
                        ? new Unopened(true, jump + " gave no answer: nothing was heard of it for " + within)
                        : new Unopened(false, jump + " found no answer at " + target + " within " + within);
            default -> new Unopened(true, jump + " opened no way to " + target + ": reason " + code);
        };
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int timeout) {
        readWithinMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return readWithinMillis;
    }

    /** A channel has no such thing; the jump host's own socket has. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !open.get();
    }

    @Override
    public void close() throws IOException {
        if (open.compareAndSet(true, false)) {
            in.close();
            channel.disconnect();
            place.close();
        }
    }

    /** There is no channel. */
    static final class Unopened extends IOException {
        private static final long serialVersionUID = 1;
        private final boolean ofJump;

        Unopened(boolean ofJump, String message) {
            super(message);
            this.ofJump = ofJump;
        }

        /** Whether it is the jump host's fault, and says nothing of the host behind it. */
        boolean isOfJump() {
            return ofJump;
        }

        String said() {
            return String.valueOf(getMessage());
        }
    }
}
