package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.ScriptedHosts;
import io.redfleet.provisioner.drift.Rhythm;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.order.Crew;
import io.redfleet.provisioner.order.DeskParts;
import io.redfleet.provisioner.order.Roster;
import io.redfleet.provisioner.order.Rounds;
import io.redfleet.provisioner.order.Surveys;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One partition, and a broker that is away. */
@Timeout(60)
class PartitionDeskTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private static final CountDownLatch ACCEPTING = new CountDownLatch(1);

    @Test
    void aPartitionIsReleasedWhileARecordWaitsForABrokerThatIsAway() throws Exception {
        BusSettings settings = BusSettings.of("127.0.0.1:" + closedPort(), "desk-test");
        try (BusProducer producer = new BusProducer(settings, Duration.ofSeconds(10))) {
            PartitionDesk desk = new PartitionDesk(
                    0,
                    new KafkaLedger(producer, () -> false, new LastWord("provisioner-0", InstantSource.system())),
                    new DeadLetters("provisioner-0", InstantSource.system()),
                    ledger -> parts(ledger, new Brakes()));
            desk.caughtUp();
            desk.arrived(command(), () -> {});
            assertThat(ACCEPTING.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(desk.hasRoom()).isTrue();
            // As many as are read at once, beside those that it has room for: none of them goes ahead of another.
            for (int i = 0; i < 500 + PartitionOwner.MOST_AT_ONCE - 1; i++) {
                desk.arrived(command(), () -> {});
            }
            assertThat(desk.hasRoom()).isFalse();
            CompletableFuture<Void> released = CompletableFuture.runAsync(desk::released);
            assertThat(released).succeedsWithin(Duration.ofSeconds(15));
        }
    }

    static DeskParts parts(Ledger ledger, Brakes brakes) {
        ScriptedHosts hosts = new ScriptedHosts();
        Surveyor surveyor = new Surveyor(hosts, Runnable::run, CLOCK, PlainLocksmith.accounts());
        return new DeskParts(
                ledger,
                new Crew(
                        surveyor,
                        new PlanRun(new Hands(hosts), Runnable::run, CLOCK),
                        new Leases(hosts, "provisioner-0", () -> "lease", CLOCK, Duration.ofSeconds(10)),
                        CLOCK),
                brakes,
                new Nobody(),
                new Vault(new PlainLocksmith()),
                (during, fault) -> {},
                new JacksonDocuments(),
                key -> new KeyLimits.None(),
                Runnable::run,
                CLOCK,
                PartitionDeskTest::uid,
                new NoRounds(),
                Surveys.NONE);
    }

    /** Nobody looks while nobody works. */
    private static final class NoRounds implements Rounds {
        @Override
        public Optional<Rhythm> rhythm() {
            return Optional.empty();
        }

        @Override
        public void begin(BooleanSupplier round) {}
    }

    /** Asked for under the desk's lock, right before the first record is written. */
    private static ClusterUid uid() {
        ACCEPTING.countDown();
        return new ClusterUid("u");
    }

    private static BusRecord command() {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        Map<String, Object> document =
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", Map.of()));
        Request apply = new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, true, false);
        Order order = new Order(
                new CommandId("c"),
                ORDERS,
                new Actor("alice", "t1"),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                apply);
        byte[] key = "orders".getBytes(StandardCharsets.UTF_8);
        return BusRecord.of(new ConsumerRecord<>(Topic.COMMANDS.fullName(), 0, 0, key, Codec.bytes(order)));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Nobody implements Roster {
        @Override
        public void known(HostFacts facts) {}

        @Override
        public void follow(ClusterState cluster) {}

        @Override
        public void leave(ClusterName cluster) {}

        @Override
        public void close() {}
    }
}
