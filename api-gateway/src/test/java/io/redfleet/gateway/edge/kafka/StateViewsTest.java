package io.redfleet.gateway.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Term;
import io.redfleet.gateway.Clusters;
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

    private ClusterHealth shown() {
        ClusterHealth shown = views.board(false).health().get(ORDERS.name());
        assertThat(shown).isNotNull();
        return java.util.Objects.requireNonNull(shown);
    }

    private void fold(@Nullable ClusterHealth health) throws Unreadable {
        byte[] key = ORDERS.name().value().getBytes(UTF_8);
        byte[] value = health == null ? null : Codec.bytes(health);
        views.fold(BusRecord.of(new ConsumerRecord<>(Topic.HEALTH.fullName(), 0, offset++, key, value)));
    }
}
