package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.SocketFactory;
import io.redfleet.provisioner.reach.KeyLimits;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Connects to an address only after the key's limits have been asked about this very address: a name that leads somewhere
 * else than it did when the spec was accepted leads nowhere. For one connection.
 *
 * <p>JSch has a deadline for each byte of a handshake and none for the whole: a host that sends one now and then would hold
 * whoever waits for it for hours. So bytes are let through for twice {@code within}, and longer once the session stands.
 */
final class LimitedSockets implements SocketFactory {
    private final String key;
    private final KeyLimits limits;
    private final Duration within;
    private final Dial dial;
    private final AtomicReference<@Nullable Socket> made = new AtomicReference<>();
    private String refusal = "";
    private volatile boolean established;
    private volatile long heard = System.nanoTime();

    /** How an address that may be reached is connected to. */
    interface Dial {
        Socket dial(InetAddress address, int port, Duration within) throws IOException;
    }

    /** Connects to addresses themselves. */
    LimitedSockets(String key, KeyLimits limits, Duration within) {
        this(key, limits, within, LimitedSockets::connected);
    }

    LimitedSockets(String key, KeyLimits limits, Duration within, Dial dial) {
        this.key = key;
        this.limits = limits;
        this.within = within;
        this.dial = dial;
    }

    /** Whether nothing has come since then, by System.nanoTime. */
    boolean silentSince(long nanos) {
        return heard - nanos < 0;
    }

    /** After an attempt that failed: JSch does not close in every case what it was given. */
    void abandon() {
        Socket socket = made.getAndSet(null);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException gone) {
                // It is closed, or was never open: nobody uses it either way.
                return;
            }
        }
    }

    /** Why no address of the host was tried, or empty. */
    String refusal() {
        return refusal;
    }

    /** The session stands: from here on a host may be silent for as long as it likes. */
    void established() {
        established = true;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        IOException last = null;
        // Resolved once: what is judged is what is connected to.
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Optional<String> forbidden = limits.forbids(key, address);
            if (forbidden.isPresent()) {
                refusal = address.getHostAddress() + " " + forbidden.get();
                continue;
            }
            try {
                Socket socket = dial.dial(address, port, within);
                made.set(socket);
                refusal = "";
                return socket;
            } catch (IOException e) {
                last = e;
            }
        }
        if (last != null) {
            refusal = "";
            throw last;
        }
        throw new IOException(refusal);
    }

    private static Socket connected(InetAddress address, int port, Duration within) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), (int) within.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public InputStream getInputStream(Socket socket) throws IOException {
        return new Handshake(socket.getInputStream());
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
        return socket.getOutputStream();
    }

    private final class Handshake extends FilterInputStream {
        private final long end = System.nanoTime() + 2 * within.toNanos();

        Handshake(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            inTime();
            int one = super.read();
            heard = System.nanoTime();
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            inTime();
            int many = super.read(bytes, offset, length);
            heard = System.nanoTime();
            return many;
        }

        private void inTime() throws SocketTimeoutException {
            if (!established && System.nanoTime() - end > 0) {
                throw new SocketTimeoutException("no session within " + 2 * within.toMillis() + " ms");
            }
        }
    }
}
