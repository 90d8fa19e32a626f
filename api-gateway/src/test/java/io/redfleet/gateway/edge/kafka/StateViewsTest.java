package io.redfleet.gateway.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Term;
import io.redfleet.gateway.Clusters;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateViewsTest {
    private static final ClusterState ORDERS = Clusters.named("orders");
    private static final ClusterHealth UP = Clusters.health(ORDERS, Liveness.UP);
    private static final ClusterHealth DOWN = Clusters.health(ORDERS, Liveness.DOWN);

    private final StateViews views = new StateViews();
    private long offset;

    @Test
    void aHealthOfATermThatHasEndedDoesNotCoverALaterOne() throws Unreadable {
        fold(UP.in(new Term(3, "b")));
        fold(DOWN.in(new Term(2, "a")));
        assertThat(shown().term()).isEqualTo(new Term(3, "b"));

        fold(DOWN.in(new Term(3, "b")));
        assertThat(shown()).isEqualTo(DOWN.in(new Term(3, "b")));
        fold(UP.in(new Term(4, "a")));
        assertThat(shown().term()).isEqualTo(new Term(4, "a"));
    }

    @Test
    void afterACallForItsEndAClusterOfTheSameNameBeginsAnew() throws Unreadable {
        fold(UP.in(new Term(3, "b")));
        fold(null);
        fold(DOWN.in(new Term(1, "a")));
        assertThat(shown().term()).isEqualTo(new Term(1, "a"));
    }

    @Test
    void aRecordOfAReleaseWithoutTermsIsTakenAsItComes() throws Unreadable {
        fold(UP.in(new Term(3, "b")));
        fold(DOWN);
        assertThat(shown()).isEqualTo(DOWN);
    }

    @Test
    void aHealthThatCannotBeReadIsNotCoveredUpByAnOlderOne() throws Unreadable {
        fold(UP.in(new Term(3, "b")));

        views.unread(record(Topic.HEALTH, ORDERS.name().value(), new byte[0]));

        assertThat(views.board(false).health()).isEmpty();
        fold(DOWN.in(new Term(3, "b")));
        assertThat(shown()).isEqualTo(DOWN.in(new Term(3, "b")));
    }

    @Test
    void aTokenWhoseRecordCannotBeReadOpensNothing() throws Unreadable {
        TokenRecord token = new TokenRecord(
                TokenRecord.SCHEMA, "t1", "ann", "hash", Role.VIEWER, Map.of(), Instant.EPOCH, null, null);
        views.fold(record(Topic.ACCESS, "t1", Codec.bytes(token)));
        assertThat(views.token("t1")).contains(token);

        views.unread(record(Topic.ACCESS, "t1", new byte[0]));

        assertThat(views.token("t1")).isEmpty();
    }

    private BusRecord record(Topic topic, String key, byte @Nullable [] value) {
        return BusRecord.of(new ConsumerRecord<>(topic.fullName(), 0, offset++, key.getBytes(UTF_8), value));
    }

    private ClusterHealth shown() {
        ClusterHealth shown = views.board(false).health().get(ORDERS.name());
        assertThat(shown).isNotNull();
        return java.util.Objects.requireNonNull(shown);
    }

    private void fold(@Nullable ClusterHealth health) throws Unreadable {
        byte[] value = health == null ? null : Codec.bytes(health);
        views.fold(record(Topic.HEALTH, ORDERS.name().value(), value));
    }
}
