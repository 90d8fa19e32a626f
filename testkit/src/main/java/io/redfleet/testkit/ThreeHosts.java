package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three hosts on loopback addresses, and the spec of a cluster on them. */
public final class ThreeHosts implements AutoCloseable {
    private final List<LoopbackHost> hosts = new ArrayList<>();
    private final int redisPort;
    private final int sentinelPort;

    public ThreeHosts(Path directory, Path redfleetHome) {
        this(directory, redfleetHome, 0, 0);
    }

    /** @param redis the port for all of them, which has to be free there; 0: any. {@code sentinel} alike */
    public ThreeHosts(Path directory, Path redfleetHome, int redis, int sentinel) {
        try {
            Path credentials = Files.createDirectories(redfleetHome.resolve("credentials/ssh"));
            Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rwx------"));
            SshKey key = SshKey.generate(credentials.resolve("test-hosts"));
            for (int i = 1; i <= 3; i++) {
                hosts.add(LoopbackHost.start(directory, "127.0.0.1" + i, key));
            }
            this.redisPort = freeEverywhere(redis);
            this.sentinelPort = freeEverywhere(sentinel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<LoopbackHost> all() {
        return hosts;
    }

    public int redisPort() {
        return redisPort;
    }

    public int sentinelPort() {
        return sentinelPort;
    }

    /** Down after more than the second between two PINGs: else a new master can count as down before it was asked once. */
    public String spec(String name) {
        return spec(name, "downAfter: 2s, failoverTimeout: 10s");
    }

    public String spec(String name, String sentinel) {
        StringBuilder text = new StringBuilder("""
                apiVersion: redfleet.io/v1
                kind: Cluster
                metadata:
                  name: %s
                spec:
                  redis:
                    port: %d
                    config: {appendonly: "yes", save: "900 1"}
                  sentinel: {port: %d, %s}
                  bootstrapMaster: r1
                  hosts:
                """.formatted(name, redisPort, sentinelPort, sentinel));
        for (int i = 0; i < hosts.size(); i++) {
            LoopbackHost host = hosts.get(i);
            text.append("""
                    - name: r%d
                      address: %s
                      roles: [redis, sentinel]
                      directory: "%s"
                      ssh: {user: "%s", port: %d, credential: test-hosts, hostKey: "%s"}
                  """.formatted(
                            i + 1,
                            host.address(),
                            host.home().resolve("redfleet"),
                            host.user(),
                            host.port(),
                            host.publicHostKey())
                    .indent(2));
        }
        return text.toString();
    }

    /**
     * Ends the hosts and every Redis process they left: those whose pid file lies in a host's own directory and whose
     * working directory does too.
     */
    @Override
    public void close() {
        for (LoopbackHost host : hosts) {
            endInstances(host);
            host.close();
        }
    }

    /** Ends every Redis process that was started on such a host, as above. */
    public static void endInstances(LoopbackHost host) {
        pidFiles(host.home()).forEach(file -> end(file, host.home()));
    }

    private static void end(Path pidFile, Path home) {
        read(pidFile)
                .flatMap(ProcessHandle::of)
                .filter(process -> worksIn(process, home))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Redis rewrites its command line; its working directory is what the configuration says. */
    static boolean worksIn(ProcessHandle process, Path home) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .startsWith(home.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Long> read(Path pidFile) {
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static List<Path> pidFiles(Path home) {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.toString().endsWith(".pid")).collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that is free on every host now: an ephemeral one of the first, tried on the others. */
    private int freeEverywhere(int wanted) throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            int port = freeOn(hosts.getFirst().address(), wanted)
                    .orElseThrow(() -> new IOException("port " + wanted + " is taken on the first host"));
            if (hosts.stream().allMatch(host -> freeOn(host.address(), port).isPresent())) {
                return port;
            }
        }
        throw new IOException("no port is free on all hosts");
    }

    private static Optional<Integer> freeOn(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return Optional.of(socket.getLocalPort());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
