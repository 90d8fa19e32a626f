package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A "host" on this machine: a real sshd of the current user on an address such as 127.0.0.11, on a free high port, in a
 * directory of its own. What runs on it is reached through {@link #home()}; several hosts share this machine's user
 * and process table, which real hosts do not.
 *
 * <p>Not safe for concurrent use. {@link #close()} ends the sshd and its sessions, not the processes they started.
 */
public final class LoopbackHost implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(10);

    private final SshdConfig config;
    private @Nullable Process sshd;
    private String first = "";

    private LoopbackHost(SshdConfig config) {
        this.config = config;
    }

    /** A host below {@code parent} whose only allowed key is {@code key}. */
    public static LoopbackHost start(Path parent, String address, SshKey key) throws IOException {
        return start(parent, address, key, "");
    }

    /** As above; {@code path} replaces PATH in every session, which is how a test hides a binary. */
    public static LoopbackHost start(Path parent, String address, SshKey key, String path) throws IOException {
        Path directory = Files.createDirectories(parent.resolve("host-" + address));
        SshdConfig config =
                new SshdConfig(directory, address, freePort(address), System.getProperty("user.name"), path);
        Files.createDirectories(config.home());
        if (!Files.exists(config.hostKey())) {
            SshKey.generate(config.hostKey());
        }
        LoopbackHost host = new LoopbackHost(config);
        host.allow(key);
        host.resume();
        return host;
    }

    public String address() {
        return config.address();
    }

    public int port() {
        return config.port();
    }

    public String user() {
        return config.user();
    }

    /** Where a test lets this host's instances live, and HOME of its sessions. */
    public Path home() {
        return config.home();
    }

    /** The host's public key as a spec writes it: type and base64, no comment. */
    public String publicHostKey() {
        return SshKey.publicPart(config.hostKey());
    }

    public long pid() {
        return running().pid();
    }

    /** Replaces the one allowed key; connections that stand are not touched. */
    public void allow(SshKey key) throws IOException {
        Files.writeString(config.authorizedKeys(), key.publicKey() + "\n");
        Files.setPosixFilePermissions(config.authorizedKeys(), PosixFilePermissions.fromString("rw-------"));
    }

    /** Cuts every connection that stands; what runs in the sessions goes on, and new connections are accepted. */
    public void dropConnections() {
        sessions(running()).forEach(ProcessHandle::destroyForcibly);
    }

    /** SIGKILL for sshd and its sessions, not for what runs in them. */
    public void kill() {
        Process process = sshd;
        if (process == null) {
            return;
        }
        List<ProcessHandle> sessions = sessions(process);
        process.destroyForcibly();
        sessions.forEach(ProcessHandle::destroyForcibly);
        waitFor(process);
        sshd = null;
    }

    /** Starts sshd on the same address, port and key; waits until it accepts connections. */
    public void resume() throws IOException {
        if (sshd != null) {
            throw new IllegalStateException("sshd on " + address() + " runs already");
        }
        Files.writeString(config.file(), first + config.text());
        if ("root".equals(config.user())) {
            // As root, sshd insists on this directory for its unprivileged half.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        ProcessBuilder builder = new ProcessBuilder(
                "/usr/sbin/sshd", "-D", "-e", "-f", config.file().toString());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                config.directory().resolve("sshd.log").toFile()));
        sshd = builder.start();
        awaitReady();
    }

    /** Stops sshd and starts it with another host key, as a reinstalled or impersonated host shows itself. */
    public void resumeWithNewHostKey() throws IOException {
        kill();
        Files.delete(config.hostKey());
        Files.delete(SshKey.publicFile(config.hostKey()));
        SshKey.generate(config.hostKey());
        resume();
    }

    /** Stops sshd and starts it with these lines before the others: of each word sshd takes the first. Replaces those of before. */
    public void resumeWith(String... lines) throws IOException {
        kill();
        first = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
        resume();
    }

    /** The private half of the host's own key; its public half lies beside it. */
    public SshKey hostKey() {
        return new SshKey(config.hostKey());
    }

    @Override
    public void close() {
        kill();
    }

    private static List<ProcessHandle> sessions(Process listener) {
        return listener.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("sshd"))
                .toList();
    }

    private Process running() {
        Process process = sshd;
        if (process == null) {
            throw new IllegalStateException("sshd on " + address() + " does not run");
        }
        return process;
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address(), port()), 500);
                return;
            } catch (IOException notYet) {
                if (!running().isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(
                            "sshd does not listen: "
                                    + Files.readString(config.directory().resolve("sshd.log")),
                            notYet);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sshd starts", e);
        }
    }

    private static void waitFor(Process process) {
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("sshd " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A port that is free on the address now; another process may take it before it is used, which then shows. */
    public static int freePort(String address) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + address, e);
        }
    }
}
