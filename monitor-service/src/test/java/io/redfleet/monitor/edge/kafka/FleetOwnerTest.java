package io.redfleet.monitor.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.fleet.Answer;
import io.redfleet.monitor.fleet.Bus;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.FleetSettings;
import io.redfleet.monitor.fleet.Lines;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.roster.Roster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the owner of a partition says of an order that it need not be read again. Nothing here reaches a broker. */
class FleetOwnerTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final int PARTITION = ClusterPartitioner.partition(ORDERS.value());
    private static final BusSettings NOWHERE = BusSettings.of("127.0.0.1:1", "m1");

    private final Path home;
    private final Outcomes bus = new Outcomes();
    private final Fleet fleet =
            new Fleet(bus, bus, new FleetSettings("m1", Duration.ofSeconds(1)), Orders.FAULTLESS, Orders.at(0));
    private final OrderDesk desk = new OrderDesk(fleet);
    private final List<Runnable> thread = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();

    private final Outgoing outgoing;

    FleetOwnerTest(@TempDir Path home) {
        this.home = home;
        this.outgoing = nowhere(home);
    }

    @AfterEach
    void close() {
        outgoing.close();
    }

    @Test
    void anOrderIsDoneOnceItsOutcomeIsOnTheBusAndWhateverElseComesAtOnce() {
        FleetOwner owner = working();
        arrives(owner, record(Topic.COMMANDS, 5, order("x", new Request.Monitor(null))));
        arrives(owner, record(Topic.COMMANDS, 6, order("p", new Request.ShowPlan())));
        arrives(owner, record(Topic.COMMANDS, 7, "no order at all"));
        arrives(owner, record(Topic.HEALTH, 8, "no health at all"));
        assertThat(bus.outcomes).hasSize(1);
        assertThat(done).containsExactly(6L, 7L, 8L);

        bus.acknowledge();

        assertThat(done).containsExactly(6L, 7L, 8L, 5L);
    }

    @Test
    void whatWaitedWhenThePartitionWasLostIsLeftToTheNextOwner() {
        FleetOwner owner = owner();
        owner.caughtUp();
        BusRecord record = record(Topic.COMMANDS, 5, order("x", new Request.Monitor(null)));
        Runnable adoption = thread.removeFirst();
        owner.arrived(record, () -> done.add(record.offset()));
        run();
        owner.released();
        run();
        adoption.run();
        assertThat(bus.outcomes).isEmpty();
        assertThat(done).isEmpty();

        FleetOwner next = working();
        arrives(next, record);
        bus.acknowledge();

        assertThat(bus.outcomes).hasSize(1);
        assertThat(done).containsExactly(5L);
    }

    @Test
    void whatWasNotAcknowledgedWhenThePartitionWasLostIsAnsweredAgainByTheNextOwner() {
        FleetOwner owner = working();
        BusRecord record = record(Topic.COMMANDS, 5, order("x", new Request.Monitor(null)));
        arrives(owner, record);
        owner.released();
        run();
        bus.acknowledge();
        assertThat(done).as("another may read it already").isEmpty();

        arrives(working(), record);
        bus.acknowledge();

        assertThat(bus.outcomes).hasSize(2);
        assertThat(bus.outcomes.getFirst()).isEqualTo(bus.outcomes.getLast());
        assertThat(done).containsExactly(5L);
    }

    private FleetOwner owner() {
        ProbePasswords passwords = new ProbePasswords(home, (cluster, uid, password) -> {});
        Crew crew = new Crew(fleet, desk, passwords, thread::add, () -> Orders.at(1_000));
        EventTail tail = new EventTail(NOWHERE, Runnable::run, (record, why) -> {});
        return new FleetOwner(PARTITION, crew, new Events(tail, outgoing), (record, why) -> {});
    }

    private FleetOwner working() {
        FleetOwner owner = owner();
        owner.caughtUp();
        run();
        assertThat(owner.adopted()).isTrue();
        return owner;
    }

    private void arrives(FleetOwner owner, BusRecord record) {
        owner.arrived(record, () -> done.add(record.offset()));
        run();
    }

    private void run() {
        while (!thread.isEmpty()) {
            thread.removeFirst().run();
        }
    }

    private static Outgoing nowhere(Path home) {
        Tenure tenure = new Tenure("m1", new Tenure.Membership() {
            @Override
            public boolean certain() {
                return true;
            }

            @Override
            public Set<Integer> assigned() {
                return Set.of(PARTITION);
            }
        });
        return new Outgoing(NOWHERE, tenure, home.resolve("m1.outbox"), 1_000_000);
    }

    private static Order order(String id, Request request) {
        return new Order(
                new CommandId(id),
                ORDERS,
                new Actor("ann", "t1"),
                Orders.at(0).wall(),
                Orders.at(10_000).wall(),
                request);
    }

    private static BusRecord record(Topic topic, long offset, Object value) {
        return BusRecord.of(new ConsumerRecord<>(
                topic.fullName(),
                PARTITION,
                offset,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                ORDERS.value().getBytes(UTF_8),
                Codec.bytes(value),
                new RecordHeaders(),
                Optional.empty()));
    }

    /** Takes outcomes, and acknowledges them when it is told to. */
    private static final class Outcomes implements Bus, Lines {
        final List<Answer> outcomes = new ArrayList<>();
        private final List<Runnable> unacked = new ArrayList<>();

        void acknowledge() {
            List<Runnable> all = List.copyOf(unacked);
            unacked.clear();
            all.forEach(Runnable::run);
        }

        @Override
        public void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked) {
            outcomes.add(answer);
            unacked.add(() -> acked.accept(Optional.of(new Position("outcomes", 0, outcomes.size()))));
        }

        @Override
        public void tell(Fact fact, Term term, Consumer<Optional<Position>> acked) {}

        @Override
        public void ask(Remediation remediation) {}

        @Override
        public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {}

        @Override
        public void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked) {}

        @Override
        public void forget(ClusterName cluster) {}

        @Override
        public void open(Roster roster) {}

        @Override
        public void close(ClusterName cluster) {}

        @Override
        public void pace(ClusterName cluster, boolean brisk) {}

        @Override
        public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered) {}
    }
}
