package io.redfleet.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network of one set of hosts: 254 addresses that this machine has no interface in, and no way out of it.
 *
 * <p>Which one is taken by chance, for other sets may come up at the same moment. The engine refuses one that it has given
 * away; then another is tried.
 */
final class HostNetwork implements AutoCloseable {
    /** What all of them are called by, so that those of a JVM that was killed are found. */
    static final String PREFIX = "redfleet-hosts-";

    private static final int ATTEMPTS = 20;
    /** The engine's own end of the network has 1. */
    private static final int FIRST_HOST = 11;

    private final DockerClient docker;
    private final String name;
    private final String block;

    private HostNetwork(DockerClient docker, String name, String block) {
        this.docker = docker;
        this.name = name;
        this.block = block;
    }

    static HostNetwork make(DockerClient docker, Map<String, String> labels) {
        DockerException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String block = "10.213." + ThreadLocalRandom.current().nextInt(256) + ".";
            if (taken(block)) {
                continue;
            }
            String name = PREFIX + ProcessHandle.current().pid() + "-" + block + "0";
            try {
                docker.createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(block + "0/24")))
                        .withLabels(labels)
                        .exec();
                return new HostNetwork(docker, name, block);
            } catch (DockerException e) {
                last = e;
            }
        }
        throw new IllegalStateException("no network below 10.213 for hosts, in " + ATTEMPTS + " attempts", last);
    }

    String name() {
        return name;
    }

    /** @param number of the host, from 1 */
    String address(int number) {
        return block + (FIRST_HOST - 1 + number);
    }

    void pull(String container) {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(name)
                .withContainerId(container)
                .exec();
    }

    /** The address that it had. */
    void plug(String container, String address) {
        docker.connectToNetworkCmd()
                .withNetworkId(name)
                .withContainerId(container)
                .withContainerNetwork(
                        new ContainerNetwork().withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address)))
                .exec();
    }

    @Override
    public void close() {
        docker.removeNetworkCmd(name).exec();
    }

    private static boolean taken(String block) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address.getHostAddress().startsWith(block));
        } catch (SocketException e) {
            throw new UncheckedIOException("the interfaces of this machine", e);
        }
    }
}
