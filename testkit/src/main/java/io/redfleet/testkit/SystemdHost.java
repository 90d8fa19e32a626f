package io.redfleet.testkit;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/**
 * A host of its own: systemd as process 1, an sshd that takes one key for {@link #user()}, an address, a process table and a
 * file system that nobody shares. The kernel, its clock and its boot id are this machine's.
 *
 * <p>Its user may do everything by sudo without a password. Redis and Monit are not installed; packages of them lie on the
 * host. Not safe for concurrent use.
 */
public final class SystemdHost {
    private static final Duration BOOTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration GREETS_WITHIN = Duration.ofSeconds(20);
    private static final String HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub";
    private static final String GREETING = "SSH-2.0-";
    private static final int CONSOLE = 4_000;

    private final GenericContainer<?> container;
    private final DockerClient docker;
    private final HostNetwork network;
    private final String address;
    private final SshKey key;
    private String publicHostKey = "";
    private String fingerprint = "";
    private boolean frozen;

    SystemdHost(GenericContainer<?> container, DockerClient docker, HostNetwork network, String address, SshKey key) {
        this.container = container;
        this.docker = docker;
        this.network = network;
        this.address = address;
        this.key = key;
    }

    public String address() {
        return address;
    }

    public int port() {
        return 22;
    }

    public String user() {
        return "ops";
    }

    /** The only key that its sshd takes. */
    public SshKey key() {
        return key;
    }

    /** As a spec writes it: type and base64, no comment. Made by the host at its first boot. */
    public String publicHostKey() {
        return publicHostKey;
    }

    /** As ssh-keygen on the host shows it: {@code SHA256:} and base64. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * What a command prints that root runs, past sshd: the test's own look at the host. At most a minute.
     *
     * @throws AssertionError if it does not end with 0
     */
    public String run(String... command) {
        String[] words = new String[command.length + 2];
        words[0] = "timeout";
        words[1] = "60";
        System.arraycopy(command, 0, words, 2, command.length);
        ExecResult result = exec(words);
        if (result.getExitCode() != 0) {
            throw new AssertionError(this + ": " + String.join(" ", command) + " ended with " + result.getExitCode()
                    + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout().strip();
    }

    /** Stops every process on it; its kernel still takes connections, and nobody answers. */
    public void freeze() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
        frozen = true;
    }

    /** Goes on after {@link #freeze()}; harmless if it is not frozen. */
    public void thaw() {
        if (frozen) {
            docker.unpauseContainerCmd(container.getContainerId()).exec();
            frozen = false;
        }
    }

    /** As if its power were cut: nothing is written to the end, and nobody has its address. */
    public void cutPower() {
        docker.killContainerCmd(container.getContainerId()).exec();
        Await.until(this + " is off", GREETS_WITHIN, () -> !container.isRunning());
    }

    /** Boots it after {@link #cutPower()}, with the files, the key and the address that it had. */
    public void boot() {
        docker.startContainerCmd(container.getContainerId()).exec();
        awaitBooted();
    }

    /** As if it had burnt: nothing of it is left, nobody has its address, and it never boots again. */
    public void destroy() {
        cutPower();
        container.stop();
    }

    /** Takes its only interface away, with every connection on it. */
    public void pullCable() {
        network.pull(container.getContainerId());
    }

    /** Gives it an interface with the address that it had. */
    public void plugCable() {
        network.plug(container.getContainerId(), address);
    }

    void start() {
        container.start();
    }

    void end() {
        thaw();
        container.stop();
    }

    /** Until all that it starts at boot has started, and sshd greets. A unit that has failed is an error that names it. */
    void awaitBooted() {
        try {
            Await.until(this + " has booted", BOOTS_WITHIN, this::running);
            Await.until(this + " greets on port " + port(), GREETS_WITHIN, this::greets);
        } catch (AssertionError e) {
            String console = container.getLogs();
            String last = console.substring(Math.max(0, console.length() - CONSOLE));
            throw new AssertionError(e.getMessage() + "; the end of its console:\n" + last, e);
        }
        String[] shown = run("cat", HOST_KEY).split("\\s+");
        publicHostKey = shown[0] + " " + shown[1];
        fingerprint = run("ssh-keygen", "-lf", HOST_KEY).split("\\s+")[1];
    }

    private boolean running() {
        // It waits for the end of the boot itself, once the bus is there that it asks.
        String state = exec("timeout", "30", "systemctl", "is-system-running", "--wait")
                .getStdout()
                .strip();
        if (state.equals("degraded")) {
            throw new AssertionError(
                    this + " has booted with failed units: " + run("systemctl", "--failed", "--plain"));
        }
        return state.equals("running");
    }

    private boolean greets() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port()), 1_000);
            socket.setSoTimeout(1_000);
            byte[] first = socket.getInputStream().readNBytes(GREETING.length());
            return new String(first, StandardCharsets.US_ASCII).equals(GREETING);
        } catch (IOException notYet) {
            return false;
        }
    }

    private ExecResult exec(String... command) {
        try {
            return container.execInContainer(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a command runs on " + this, e);
        }
    }

    @Override
    public String toString() {
        return "host " + address;
    }
}
