package io.redfleet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
    private static final int BACKLOG = 128;

    private final Function<List<String>, Object> script;
    private final Probes probes = new Probes();
    private final Set<ScriptedWire> wires = ConcurrentHashMap.newKeySet();
    private final List<ScriptedWire> subscribers = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile boolean hung;
    private @Nullable ServerSocketChannel listener; // the switchboard's thread only

    private ScriptedNode(Function<List<String>, Object> script) {
        this.script = script;
        this.port = Switchboard.SHARED.call(() -> listen(0));
    }

    static ScriptedNode listening(Function<List<String>, Object> script) {
        return new ScriptedNode(script);
    }

    int port() {
        return port;
    }

    Probes probes() {
        return probes;
    }

    /** Ends listener and connections; returns the {@link System#nanoTime()} just before. */
    long kill() {
        return Switchboard.SHARED.call(this::die);
    }

    /** As a stopped process: whoever connects is let in, and nobody hears anything. */
    void hang() {
        hung = true;
    }

    void revive() {
        var unused = Switchboard.SHARED.call(() -> listen(port));
    }

    /** To every subscriber, as Sentinel publishes; returns the {@link System#nanoTime()} just before. */
    long publish(String channel, String payload) {
        byte[] message = Resp.reply(List.of("pmessage", "*", channel, payload));
        long before = System.nanoTime();
        subscribers.forEach(subscriber -> subscriber.send(message));
        return before;
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port + " with " + wires.size() + " connections: " + wires;
    }

    boolean hasSubscriber() {
        return !subscribers.isEmpty();
    }

    @Override
    public void close() {
        var unused = kill();
    }

    private int listen(int wanted) {
        try {
            ServerSocketChannel open = ServerSocketChannel.open();
            open.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            open.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
            Switchboard.SHARED.register(open, SelectionKey.OP_ACCEPT, () -> accept(open));
            listener = open;
            return ((InetSocketAddress) open.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The listener first: who comes back at once must find nobody. */
    private long die() {
        long before = System.nanoTime();
        ServerSocketChannel open = listener;
        listener = null;
        if (open != null) {
            ScriptedWire.close(open);
            Switchboard.SHARED.letGo();
        }
        wires.forEach(ScriptedWire::end);
        wires.clear();
        subscribers.clear();
        Switchboard.SHARED.letGo();
        return before;
    }

    private void accept(ServerSocketChannel open) {
        try {
            SocketChannel connection = open.accept();
            if (connection != null) {
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
                ScriptedWire wire = new ScriptedWire(connection, this::answer, this::ended);
                wires.add(wire);
                Switchboard.SHARED.register(connection, SelectionKey.OP_READ, wire::read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no more connections can be taken: is `ulimit -n` too low?", e);
        }
    }

    private void answer(ScriptedWire wire, List<String> command) {
        if (hung) {
            return;
        }
        switch (command.getFirst().toLowerCase(Locale.ROOT)) {
            case "psubscribe" -> {
                wire.send(Resp.reply(List.of("psubscribe", command.get(1), 1)));
                subscribers.add(wire);
            }
            case "ping" -> {
                probes.probed(System.nanoTime());
                wire.send(Resp.reply(script.apply(command)));
            }
            case "quit" -> wire.send(Resp.reply(new Resp.Simple("OK")));
            default -> wire.send(Resp.reply(script.apply(command)));
        }
    }

    private void ended(ScriptedWire wire) {
        wires.remove(wire);
        subscribers.remove(wire);
    }

    /** {@code INFO} text of {@code field:value} lines under one heading. */
    static String info(String section, Map<String, ?> fields) {
        StringBuilder text = new StringBuilder("# " + section + "\r\n");
        fields.forEach(
                (field, value) -> text.append(field).append(':').append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }
}
