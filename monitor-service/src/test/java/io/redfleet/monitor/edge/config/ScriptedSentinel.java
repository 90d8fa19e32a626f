package io.redfleet.monitor.edge.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Speaks as much of Sentinel's protocol as the monitor asks for, and publishes what it is told to, when it is told to. */
final class ScriptedSentinel implements AutoCloseable {
    private final ServerSocket server;
    private final String masterName;
    private final int masterPort;
    private final List<OutputStream> subscribers = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    ScriptedSentinel(String masterName, int masterPort) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.masterName = masterName;
        this.masterPort = masterPort;
        thread(this::accept).start();
    }

    int port() {
        return server.getLocalPort();
    }

    boolean heard() {
        return !subscribers.isEmpty();
    }

    void publish(String channel, String payload) {
        byte[] message = array("pmessage", "*", channel, payload).getBytes(StandardCharsets.UTF_8);
        for (OutputStream subscriber : subscribers) {
            try {
                subscriber.write(message);
                subscriber.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                thread(() -> serve(socket)).start();
            }
        } catch (IOException e) {
            // Closed: that is how it ends.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream out = socket.getOutputStream();
            List<String> command = command(in);
            while (!command.isEmpty()) {
                String reply = reply(command);
                out.write(reply.getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (command.getFirst().equalsIgnoreCase("PSUBSCRIBE")) {
                    subscribers.add(out);
                }
                command = command(in);
            }
        } catch (IOException e) {
            // The other side is gone, or we are.
        }
    }

    private String reply(List<String> command) {
        String words = String.join(" ", command).toUpperCase(Locale.ROOT);
        if (words.startsWith("PING")) {
            return "+PONG\r\n";
        }
        if (words.startsWith("INFO")) {
            return bulk("run_id:scripted\r\nuptime_in_seconds:1\r\n");
        }
        if (words.startsWith("PSUBSCRIBE")) {
            return "*3\r\n" + bulk("psubscribe") + bulk("*") + ":1\r\n";
        }
        if (words.startsWith("SENTINEL MASTER")) {
            return array(
                    "name",
                    masterName,
                    "ip",
                    "127.0.0.1",
                    "port",
                    String.valueOf(masterPort),
                    "flags",
                    "master",
                    "config-epoch",
                    "0");
        }
        if (words.startsWith("SENTINEL CKQUORUM")) {
            return "+OK 3 usable Sentinels. Quorum and failover authorization can be reached\r\n";
        }
        return "*0\r\n";
    }

    private static List<String> command(BufferedReader in) throws IOException {
        String head = in.readLine();
        List<String> words = new ArrayList<>();
        if (head != null) {
            for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
                in.readLine();
                words.add(String.valueOf(in.readLine()));
            }
        }
        return words;
    }

    private static String array(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append(bulk(word));
        }
        return text.toString();
    }

    private static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "scripted-sentinel");
        thread.setDaemon(true);
        return thread;
    }
}
