package io.redfleet.monitor.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.fleet.Unread;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.HealthRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final ClusterState ORDERS = Orders.state();

    private final Gathering gathering = new Gathering();

    @Test
    void ofTwoHealthRecordsTheOneOfTheHigherTermHoldsWhicheverCameLast() {
        gathering.health("orders", health(new Term(5, "b"), 20));
        gathering.health("orders", health(new Term(4, "a"), 30));

        ClusterHealth held = gathering.health(ORDERS.name());
        assertThat(held).isNotNull().extracting(ClusterHealth::term).isEqualTo(new Term(5, "b"));
        assertThat(gathering.lastTerm()).isEqualTo(new Term(5, "b"));
    }

    @Test
    void whatWasToldBeforeThereWasAnyHealthIsReadFromTheComingOfTheSpec() {
        gathering.cluster(spec(), ORDERS);

        assertThat(gathering.tail(3)).contains(new Start.Tail(3, 0, BEGUN));
    }

    @Test
    void theTailBeginsBehindWhatHealthIncludesAndNotLongBeforeItWasWritten() {
        gathering.cluster(spec(), ORDERS);
        gathering.health("orders", health(new Term(5, "b"), 20));

        Optional<Start.Tail> tail = gathering.tail(3);
        assertThat(tail).isPresent();
        assertThat(tail.get().nextOffset()).isEqualTo(21);
        assertThat(tail.get().notBefore()).isEqualTo(Orders.at(100_000).wall().minusSeconds(60));
    }

    @Test
    void withoutClustersThereIsNothingToRead() {
        assertThat(gathering.tail(3)).isEmpty();
        assertThat(gathering.lastTerm()).isEqualTo(Term.NONE);
    }

    @Test
    void ofAClusterWhoseSpecCannotBeReadTheTailIsReadTooAndItIsParked() {
        Unread unread = new Unread(new Position("clusters", 3, 7), null, "schema 2", false);
        gathering.unreadCluster(spec(), unread);

        assertThat(gathering.parked()).containsExactly(Map.entry("orders", unread));
        assertThat(gathering.tail(3)).contains(new Start.Tail(3, 0, BEGUN));

        gathering.cluster(spec(), ORDERS);
        assertThat(gathering.parked()).isEmpty();
    }

    private static ClusterHealth health(Term term, long offset) {
        Position last = new Position("events", 3, offset);
        ClusterWatch watch = ClusterWatch.fresh(Orders.roster(), Orders.at(0));
        return HealthRecord.of(watch, Orders.at(100_000).wall(), last).in(term);
    }

    private static BusRecord spec() {
        return BusRecord.of(new ConsumerRecord<>(
                Topic.CLUSTERS.fullName(),
                3,
                7,
                BEGUN.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                6,
                0,
                "orders".getBytes(UTF_8),
                Codec.bytes(ORDERS),
                new RecordHeaders(),
                Optional.empty()));
    }
}
