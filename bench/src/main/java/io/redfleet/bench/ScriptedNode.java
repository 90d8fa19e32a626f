package io.redfleet.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that speaks RESP on a loopback port as a Redis or a Sentinel would to a probe, and dies as a killed process
 * does: listener and connections at once. Keeps its port over deaths. Thread-safe.
 */
final class ScriptedNode implements AutoCloseable {
    private final Function<List<String>, Object> script;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<Socket> subscribers = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocket listener; // guarded by this

    private ScriptedNode(Function<List<String>, Object> script, int port) {
        this.script = script;
        this.port = port;
    }

    static ScriptedNode listening(Function<List<String>, Object> script) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free.setReuseAddress(true);
            ScriptedNode node = new ScriptedNode(script, free.getLocalPort());
            free.close();
            node.revive();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Ends listener and connections; returns the {@link System#nanoTime()} just before. */
    synchronized long kill() {
        long before = System.nanoTime();
        ServerSocket open = listener;
        if (open != null) {
            close(open);
            listener = null;
        }
        connections.forEach(ScriptedNode::close);
        connections.clear();
        subscribers.clear();
        return before;
    }

    synchronized void revive() {
        try {
            ServerSocket open = new ServerSocket();
            open.setReuseAddress(true);
            open.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
            listener = open;
            // A platform thread: under a virtual one, close() leaves the port open until that thread has run once more.
            Thread.ofPlatform().daemon().start(() -> accept(open));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To every subscriber, as Sentinel publishes; returns the {@link System#nanoTime()} just before. */
    long publish(String channel, String payload) {
        byte[] message = Resp.reply(List.of("pmessage", "*", channel, payload));
        long before = System.nanoTime();
        for (Socket subscriber : subscribers) {
            write(subscriber, message);
        }
        return before;
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port + " with " + connections.size() + " connections: " + connections;
    }

    boolean hasSubscriber() {
        return !subscribers.isEmpty();
    }

    @Override
    public void close() {
        var unused = kill();
    }

    private void accept(ServerSocket open) {
        while (!open.isClosed()) {
            try {
                Socket connection = open.accept();
                connection.setTcpNoDelay(true);
                synchronized (this) {
                    if (listener != open) {
                        close(connection);
                        return;
                    }
                    connections.add(connection);
                }
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
            while (true) {
                List<String> command = Resp.command(in);
                if (command.getFirst().toLowerCase(Locale.ROOT).equals("psubscribe")) {
                    write(connection, Resp.reply(List.of("psubscribe", command.get(1), 1)));
                    subscribers.add(connection);
                } else {
                    write(connection, Resp.reply(script.apply(command)));
                }
            }
        } catch (IOException e) {
            // The peer has gone, or we were killed.
        } finally {
            connections.remove(connection);
            subscribers.remove(connection);
        }
    }

    private static void write(Socket connection, byte[] bytes) {
        synchronized (connection) {
            try {
                OutputStream out = connection.getOutputStream();
                out.write(bytes);
            } catch (IOException e) {
                // Its reader will find the connection closed.
            }
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // Closed is what it should be.
        }
    }

    /** {@code INFO} text of {@code field:value} lines under one heading. */
    static String info(String section, Map<String, ?> fields) {
        StringBuilder text = new StringBuilder("# " + section + "\r\n");
        fields.forEach(
                (field, value) -> text.append(field).append(':').append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }
}
