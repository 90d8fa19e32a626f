package io.redfleet.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Hosts that boot systemd and sshd, on a network of their own with fixed addresses, from the image of {@code deploy/hosts}.
 *
 * <p>{@link #close()} takes the hosts and the network away. What a JVM left that was killed, the next one takes away that
 * boots hosts.
 */
public final class SystemdHosts implements AutoCloseable {
    private static final String IMAGE = "REDFLEET_HOST_IMAGE";
    private static final String ENGINE = "DOCKER_HOST";
    private static final String SOCKET = "unix://";
    /** On all that is ours in the engine: the process that it belongs to. */
    private static final String OWNER = "io.redfleet.hosts.owner";

    private static final String CGROUPS = "/sys/fs/cgroup";
    private static final String AUTHORIZED = "/etc/ssh/authorized_keys/ops";
    private static final int READABLE = 0644;

    private final HostNetwork network;
    private final List<SystemdHost> hosts = new ArrayList<>();

    private SystemdHosts(HostNetwork network) {
        this.network = network;
    }

    /** Why no hosts can be booted here, for tests that are skipped with a reason; empty if they can. */
    public static Optional<String> missing() {
        return missing(System.getenv(), System.getProperty("user.name"), Files.exists(Path.of("/etc/debian_version")));
    }

    /** @param debian whether this machine is one */
    static Optional<String> missing(Map<String, String> environment, String user, boolean debian) {
        String engine = environment.getOrDefault(ENGINE, "");
        if (engine.startsWith(SOCKET) && environment.containsKey(IMAGE)) {
            return Files.exists(Path.of(engine.substring(SOCKET.length())))
                    ? Optional.empty()
                    : Optional.of("the engine for hosts has ended: there is no " + engine);
        }
        if (!debian) {
            return Optional.of("hosts that boot systemd need Debian, for its container engine");
        }
        if (!user.equals("root")) {
            return Optional.of("hosts that boot systemd need root");
        }
        return Optional.of("no engine for hosts that boot systemd: eval \"$(deploy/hosts/image)\"");
    }

    /**
     * Boots them, all at once; returns when the last one has booted and its sshd greets.
     *
     * @param directory for the key that they take, in a file {@code ops}
     */
    public static SystemdHosts boot(Path directory, int count) throws IOException {
        DockerImageName image = DockerImageName.parse(Objects.requireNonNull(System.getenv(IMAGE), IMAGE));
        SshKey key = SshKey.generate(directory.resolve("ops"));
        DockerClient docker = DockerClientFactory.instance().client();
        sweep(docker);
        Map<String, String> labels =
                Map.of(OWNER, Long.toString(ProcessHandle.current().pid()));
        SystemdHosts booted = new SystemdHosts(HostNetwork.make(docker, labels));
        try {
            for (int number = 1; number <= count; number++) {
                booted.start(docker, container(image, labels, key), number, key);
            }
            booted.hosts.forEach(SystemdHost::awaitBooted);
            return booted;
        } catch (RuntimeException | Error e) {
            try {
                booted.close();
            } catch (RuntimeException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    public List<SystemdHost> all() {
        return List.copyOf(hosts);
    }

    /** @param number from 1 */
    public SystemdHost host(int number) {
        return hosts.get(number - 1);
    }

    /** Takes away as much as goes, and throws the first thing that did not. */
    @Override
    public void close() {
        List<RuntimeException> failed = new ArrayList<>();
        hosts.forEach(host -> attempt(host::end, failed));
        attempt(network::close, failed);
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
    }

    private void start(DockerClient docker, GenericContainer<?> container, int number, SshKey key) {
        String address = network.address(number);
        container.withCreateContainerCmdModifier(command -> settle(command, network.name(), "r" + number, address));
        SystemdHost host = new SystemdHost(container, docker, network, address, key);
        hosts.add(host);
        host.start();
    }

    private static GenericContainer<?> container(DockerImageName image, Map<String, String> labels, SshKey key) {
        return new GenericContainer<>(image)
                .withLabels(labels)
                .withEnv("container", "docker")
                .withCopyToContainer(Transferable.of(key.publicKey() + "\n", READABLE), AUTHORIZED)
                .withCommand("/lib/systemd/systemd");
    }

    /** What systemd needs as process 1, and to filter packets of its own, and no more: it is not privileged. */
    private static void settle(CreateContainerCmd command, String network, String name, String address) {
        HostConfig config = Objects.requireNonNull(command.getHostConfig());
        config.withNetworkMode(network)
                .withCapAdd(Capability.SYS_ADMIN, Capability.NET_ADMIN)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
                .withTmpFs(Map.of("/run", "", "/run/lock", "", "/tmp", ""))
                .withBinds(new Bind(CGROUPS, new Volume(CGROUPS)));
        command.withHostName(name).withIpv4Address(address).withTty(true);
    }

    private static void sweep(DockerClient docker) {
        for (Container left : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(OWNER))
                .exec()) {
            if (orphaned(left.getLabels())) {
                unlessGone(() -> docker.removeContainerCmd(left.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
            }
        }
        for (Network left :
                docker.listNetworksCmd().withNameFilter(HostNetwork.PREFIX).exec()) {
            if (orphaned(left.getLabels())) {
                unlessGone(() -> docker.removeNetworkCmd(left.getId()).exec());
            }
        }
    }

    private static boolean orphaned(Map<String, String> labels) {
        String owner = labels.getOrDefault(OWNER, "");
        return owner.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(owner)).isEmpty();
    }

    /** Another JVM may be sweeping too. */
    private static void unlessGone(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException | ConflictException e) {
            // It takes care of it.
        }
    }

    private static void attempt(Runnable work, List<RuntimeException> failed) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failed.add(e);
        }
    }
}
