package io.redfleet.provisioner.edge;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Three loopback hosts with our key, and a spec for a master, two replicas and three Sentinels on them. */
public final class LoopbackTrio implements AutoCloseable {
    private final Path directory;
    private final List<LoopbackHost> hosts = new ArrayList<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    /** By cluster, of those whose Sentinels are a group's. */
    private final Map<String, String> groups = new LinkedHashMap<>();

    public LoopbackTrio(Path directory) throws IOException {
        this(directory, "");
    }

    public LoopbackTrio(Path directory, String path) throws IOException {
        this(directory, path, 3);
    }

    /** @param count of hosts; specs are of the first three unless they name others */
    LoopbackTrio(Path directory, String path, int count) throws IOException {
        this.directory = directory;
        Files.createDirectories(credentials());
        SshKey key = SshKey.generate(credentials().resolve("ops"));
        for (int i = 1; i <= count; i++) {
            String address = "127.0.0.1" + i;
            hosts.add(LoopbackHost.start(directory, address, key, path));
            int redis = LoopbackHost.freePort(address);
            ports.put("redis" + i, redis);
            int sentinel = LoopbackHost.freePort(address);
            ports.put("sentinel" + i, sentinel == redis ? LoopbackHost.freePort(address) : sentinel);
        }
    }

    public Path credentials() {
        return directory.resolve("credentials");
    }

    public SshHosts ssh() throws IOException {
        return ssh("known_hosts");
    }

    /** @param known the file of learnt host keys; each process has its own */
    public SshHosts ssh(String known) throws IOException {
        return new SshHosts(new Credentials(credentials(), false), new KnownHosts(directory.resolve(known)));
    }

    /** Counted from 1, as in the spec. */
    public LoopbackHost host(int number) {
        return hosts.get(number - 1);
    }

    /** From now on specs say this SSH port for the host. */
    public void reach(int number, int sshPort) {
        ports.put("ssh" + number, sshPort);
    }

    public int redisPort(int number) {
        return ports.getOrDefault("redis" + number, 0);
    }

    public int sentinelPort(int number) {
        return ports.getOrDefault("sentinel" + number, 0);
    }

    /** The document as an operator would write it. */
    public Map<String, Object> document(Map<String, String> config) {
        return document("orders", config);
    }

    /** A cluster of another name has ports of its own on the same hosts, below the same directories. */
    private Map<String, Object> document(String name, Map<String, String> config) {
        return document(name, config, List.of(1, 2, 3));
    }

    private Map<String, Object> document(String name, Map<String, String> config, List<Integer> numbers) {
        List<Object> described = new ArrayList<>();
        for (int i : numbers) {
            LoopbackHost host = host(i);
            described.add(Map.of(
                    "name",
                    "r" + i,
                    "address",
                    host.address(),
                    "directory",
                    host.home().toString(),
                    "ssh",
                    Map.of(
                            "user",
                            host.user(),
                            "port",
                            ports.getOrDefault("ssh" + i, host.port()),
                            "credential",
                            "ops"),
                    "instances",
                    List.of(
                            Map.of("role", "redis", "port", port(name, "redis" + i)),
                            Map.of("role", "sentinel", "port", port(name, "sentinel" + i)))));
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("hosts", described);
        // Longer than a look at three hosts takes: what is judged before the failover must not find it done.
        Map<String, String> sentinel = new LinkedHashMap<>(Map.of("downAfter", "3s", "failoverTimeout", "6s"));
        Optional.ofNullable(groups.get(name)).ifPresent(group -> sentinel.put("group", group));
        spec.put("sentinel", sentinel);
        spec.put("redis", Map.of("config", config));
        return Map.of("metadata", Map.of("name", name), "spec", spec);
    }

    private int port(String cluster, String which) {
        if (cluster.equals("orders")) {
            return ports.getOrDefault(which, 0);
        }
        String address = "127.0.0.1" + which.charAt(which.length() - 1);
        return ports.computeIfAbsent(cluster + "/" + which, key -> LoopbackHost.freePort(address));
    }

    public ClusterSpec spec(Map<String, String> config) {
        return spec("orders", config);
    }

    private ClusterSpec spec(String name, Map<String, String> config) {
        return read(document(name, config));
    }

    /** Of {@code orders} on these hosts. */
    ClusterSpec spec(List<Integer> numbers) {
        return read(document("orders", Map.of(), numbers));
    }

    private static ClusterSpec read(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        if (reading instanceof SpecReader.Good good) {
            return good.spec();
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }

    public ClusterState cluster(Map<String, String> config) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec(config));
    }

    public ClusterState another(String name) {
        ClusterUid uid = new ClusterUid("u-" + name);
        return new ClusterState(ClusterState.SCHEMA, uid, 1, Phase.ACCEPTED, "", Instant.EPOCH, spec(name, Map.of()));
    }

    /** A cluster with data nodes of its own, and the Sentinels of the group at the ports that {@code orders} has for them. */
    ClusterState grouped(String name, String group) {
        groups.put(name, group);
        for (int i = 1; i <= hosts.size(); i++) {
            ports.put(name + "/sentinel" + i, sentinelPort(i));
        }
        return another(name);
    }

    /** A cluster that was given the endpoints of {@code orders}. */
    ClusterState onTheSamePorts(String name) {
        Map.copyOf(ports).forEach((which, port) -> ports.put(name + "/" + which, port));
        return another(name);
    }

    public Path directory(InstanceId instance) {
        int number = Integer.parseInt(instance.host().value().substring(1));
        return host(number).home().resolve("orders").resolve(instance.name());
    }

    public Optional<ProcessHandle> process(InstanceId instance) {
        return process(directory(instance).resolve("redis.pid"));
    }

    private static Optional<ProcessHandle> process(Path pidFile) {
        try {
            return Files.exists(pidFile)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ends what the instances left running, then the hosts. */
    @Override
    public void close() {
        for (LoopbackHost host : hosts) {
            try (Stream<Path> files = Files.walk(host.home(), 3)) {
                files.filter(file -> file.endsWith("redis.pid"))
                        .forEach(file -> process(file).ifPresent(ProcessHandle::destroyForcibly));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            host.close();
        }
    }
}
