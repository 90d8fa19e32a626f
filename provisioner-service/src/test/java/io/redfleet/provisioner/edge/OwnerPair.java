package io.redfleet.provisioner.edge;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** Two provisioner processes, {@code provisioner-0} and {@code -1}, on one bus and one set of hosts. */
final class OwnerPair implements AutoCloseable {
    private static final ClusterName CLUSTER = new ClusterName("orders");
    private static final String GROUP = "redfleet-provisioner";

    private final Path home;
    private final LoopbackTrio trio;
    private final TestBroker broker;
    private final BusTap bus;
    private final Admin admin;
    private final Map<String, Child> owners = new TreeMap<>();

    OwnerPair(Path home) throws IOException {
        this.home = home;
        trio = new LoopbackTrio(home);
        broker = TestBroker.start();
        bus = new BusTap(broker, CLUSTER);
        admin = Admin.create(new BusSettings(broker.bootstrap(), "pair", broker.admin()).common());
        start("provisioner-0");
        start("provisioner-1");
    }

    LoopbackTrio trio() {
        return trio;
    }

    BusTap bus() {
        return bus;
    }

    Child of(String name) {
        Child owner = owners.get(name);
        if (owner == null) {
            throw new AssertionError("no such owner: " + name);
        }
        return owner;
    }

    /** Who holds, or held last, the lease on the first host: whoever is at work. */
    String holder() {
        Path lease = trio.host(1).home().resolve(".lease");
        try {
            String text = Files.exists(lease) ? Files.readString(lease) : "";
            int at = text.indexOf("provisioner=");
            return at < 0 ? "provisioner-0" : text.substring(at).split("[= ]", 3)[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whose the cluster is by the group's own word, the dead included until their session ends; empty while it changes. */
    Optional<String> owner() {
        int partition = ClusterPartitioner.partition(CLUSTER.value());
        return shares().entrySet().stream()
                .filter(share -> share.getValue().contains(partition))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether both are members and each has its share. */
    boolean bothOwn() {
        Map<String, Set<Integer>> shares = shares();
        return shares.keySet().equals(owners.keySet())
                && shares.values().stream().noneMatch(Set::isEmpty);
    }

    private Map<String, Set<Integer>> shares() {
        try {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(GROUP))
                    .describedGroups()
                    .get(GROUP)
                    .get(10, TimeUnit.SECONDS);
            if (group.groupState() != GroupState.STABLE) {
                return Map.of();
            }
            return group.members().stream()
                    .collect(Collectors.toMap(
                            member -> member.groupInstanceId().orElse(""),
                            member -> member.assignment().topicPartitions().stream()
                                    .map(TopicPartition::partition)
                                    .collect(Collectors.toSet())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no word of the group", e);
        }
    }

    /** Both at once, with all that they remember. */
    void killAll() {
        owners.values().forEach(Child::kill9);
    }

    void thaw() {
        owners.values().stream().filter(Child::alive).forEach(Child::thaw);
    }

    /** Starts anew whoever is dead, under the old name; returns once all read orders. */
    void raise() throws IOException {
        for (String name : List.copyOf(owners.keySet())) {
            if (!of(name).alive()) {
                start(name);
            }
        }
    }

    Request.Apply apply() {
        String document = new String(Codec.bytes(trio.document(Map.of())), StandardCharsets.UTF_8);
        return new Request.Apply(document, null, true, false);
    }

    @Override
    public void close() {
        killAll();
        admin.close();
        bus.close();
        trio.close();
        broker.close();
    }

    private void start(String name) throws IOException {
        owners.put(name, ProvisionerProcess.start(home, trio.credentials(), broker, name));
    }
}
