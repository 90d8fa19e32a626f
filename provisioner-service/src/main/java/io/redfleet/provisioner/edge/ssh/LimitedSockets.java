package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.SocketFactory;
import io.redfleet.provisioner.reach.KeyLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * Connects to an address only after the key's limits have been asked about this very address: a name that leads somewhere
 * else than it did when the spec was accepted leads nowhere. For one connection.
 */
final class LimitedSockets implements SocketFactory {
    private final String key;
    private final KeyLimits limits;
    private final Duration within;
    private String refusal = "";

    LimitedSockets(String key, KeyLimits limits, Duration within) {
        this.key = key;
        this.limits = limits;
        this.within = within;
    }

    /** Why no address of the host was tried, or empty. */
    String refusal() {
        return refusal;
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
                Socket socket = connected(address, port);
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

    private Socket connected(InetAddress address, int port) throws IOException {
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
        return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
        return socket.getOutputStream();
    }
}
