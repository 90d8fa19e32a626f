package io.redfleet.provisioner.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between a provisioner and one sshd that can go silent: connections stand, and nothing comes through. */
final class Wire implements AutoCloseable {
    private final ServerSocket entry;
    private final String address;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean towards = true;
    private volatile boolean back = true;

    Wire(String address, int port) throws IOException {
        this.address = address;
        this.port = port;
        this.entry = new ServerSocket(0, 50, InetAddress.getByName(address));
        begin("wire-" + address, this::accept);
    }

    int port() {
        return entry.getLocalPort();
    }

    /** Nothing comes through in either direction. */
    void cut() {
        back = false;
        towards = false;
    }

    /** New connections come through; those from before are reset, as by a router that has forgotten them. */
    void mend() {
        sockets.forEach(Wire::close);
        sockets.clear();
        towards = true;
        back = true;
    }

    @Override
    public void close() {
        sockets.forEach(Wire::close);
        try {
            entry.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket near = entry.accept();
                Socket far = new Socket(address, port);
                sockets.add(near);
                sockets.add(far);
                begin("wire-in", () -> copy(near, far, true));
                begin("wire-out", () -> copy(far, near, false));
            }
        } catch (IOException e) {
            // Closed by the test.
            return;
        }
    }

    /** While it is cut, what arrives is read and lost. An end is passed on only while it is not. */
    private void copy(Socket from, Socket to, boolean inward) {
        byte[] bytes = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int count = in.read(bytes);
            while (count >= 0) {
                if (inward ? towards : back) {
                    out.write(bytes, 0, count);
                    out.flush();
                }
                count = in.read(bytes);
            }
            if (!(inward ? towards : back)) {
                // As a cut network would: the other side hears nothing of the end until the test mends it.
                synchronized (this) {
                    while (sockets.contains(to)) {
                        wait(50);
                    }
                }
            }
        } catch (IOException e) {
            // One side is gone; the other one's end follows from closing.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
