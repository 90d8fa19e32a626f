package io.redfleet.provisioner.edge;

import io.redfleet.bus.codec.Codec;
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
import java.util.TreeMap;

/** Two provisioner processes, {@code provisioner-0} and {@code -1}, on one bus and one set of hosts. */
final class OwnerPair implements AutoCloseable {
    private final Path home;
    private final LoopbackTrio trio;
    private final TestBroker broker;
    private final BusTap bus;
    private final Map<String, Child> owners = new TreeMap<>();

    OwnerPair(Path home) throws IOException {
        this.home = home;
        trio = new LoopbackTrio(home);
        broker = TestBroker.start();
        bus = new BusTap(broker, new ClusterName("orders"));
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
        bus.close();
        trio.close();
        broker.close();
    }

    private void start(String name) throws IOException {
        owners.put(name, ProvisionerProcess.start(home, trio.credentials(), broker, name));
    }
}
