package io.redfleet.monitor.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.fleet.Claimants;
import io.redfleet.monitor.fleet.Payments;
import io.redfleet.monitor.topology.Claims;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose an address is, from the records of all clusters. */
class ClaimReaderTest {
    private static final ClusterName SOMEBODY = new ClusterName("somebody");

    private final Claimants claimants = new Claimants();

    @Test
    void theNewestSpecThatCanBeReadSaysWhoHasAnAddress() {
        read("orders", BusMessage.of(Topic.CLUSTERS, "orders", Orders.state()).value());
        read(
                "payments",
                BusMessage.of(Topic.CLUSTERS, "payments", Payments.on(6300)).value());
        assertThat(claimants.current()).as("others may come").isEqualTo(Claims.UNKNOWN);
        claimants.caughtUp();
        assertThat(holders(6300)).isEqualTo("orders payments");
        assertThat(holders(6301)).isEqualTo("orders");

        read(
                "payments",
                BusMessage.of(Topic.CLUSTERS, "payments", Payments.on(6400)).value());
        assertThat(holders(6300)).isEqualTo("orders");
        assertThat(holders(6400)).isEqualTo("payments");

        read("payments", "{\"schema\": 1".getBytes(UTF_8));
        assertThat(holders(6400))
                .as("what cannot be read leaves the one before")
                .isEqualTo("payments");

        read("payments", null);
        assertThat(holders(6400)).isEmpty();
    }

    @Test
    void whatHasNotChangedIsTheSameObject() {
        read(
                "payments",
                BusMessage.of(Topic.CLUSTERS, "payments", Payments.on(6400)).value());
        claimants.caughtUp();
        Claims before = claimants.current();
        read(
                "payments",
                BusMessage.of(Topic.CLUSTERS, "payments", Payments.on(6400)).value());
        assertThat(claimants.current()).isSameAs(before);
        read(
                "payments",
                BusMessage.of(Topic.CLUSTERS, "payments", Payments.wished(6400)).value());
        assertThat(claimants.current()).isNotEqualTo(before);
    }

    private String holders(int port) {
        Endpoint address = Payments.address(port);
        return String.join(
                " ",
                claimants.current().ofOthers(SOMEBODY, address).stream()
                        .map(claim -> claim.cluster().value())
                        .toList());
    }

    private void read(String key, byte @Nullable [] value) {
        BusRecord record = BusRecord.of(new ConsumerRecord<>(
                Topic.CLUSTERS.fullName(),
                0,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key.getBytes(UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty()));
        ClaimReader.read(record, claimants, Runnable::run);
    }
}
