package io.redfleet.gateway.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.MonitAgents;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.gateway.Clusters;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Entry;
import io.redfleet.gateway.access.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateViewsTest {
    private static final ClusterState ORDERS = Clusters.named("orders");
    private static final ClusterHealth UP = Clusters.health(ORDERS, Liveness.UP);
    private static final ClusterHealth DOWN = Clusters.health(ORDERS, Liveness.DOWN);

    private static final HostName R2 = new HostName("r2");
    private static final Secret FIRST = secret(1);
    private static final Secret SECOND = secret(2);

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

    @Test
    void whatTheProvisionerGaveAHostsMonitOpensTheCollectorForThatHostAndAsLongAsTheRecordSaysSo() throws Unreadable {
        stands(withAgent(FIRST));
        Caller caller = admitted(FIRST);
        assertThat(caller.role()).isEqualTo(Role.REPORTER);
        assertThat(caller.reporter()).isEqualTo(new Reporter(ORDERS.name(), ORDERS.uid(), R2));
        assertThat(judged(SECOND)).isInstanceOf(Entry.Unknown.class);
        assertThat(views.token(FIRST.id())).as("the API knows nothing of it").isEmpty();

        stands(withAgent(SECOND));
        assertThat(judged(FIRST)).isInstanceOf(Entry.Unknown.class);
        assertThat(admitted(SECOND).reporter()).isEqualTo(new Reporter(ORDERS.name(), ORDERS.uid(), R2));

        stands(ORDERS);
        assertThat(judged(SECOND)).isInstanceOf(Entry.Unknown.class);
    }

    @Test
    void aClusterThatIsGoneOrCannotBeReadLetsNoMonitReport() throws Unreadable {
        stands(withAgent(FIRST));
        views.unread(record(Topic.CLUSTERS, ORDERS.name().value(), new byte[0]));
        assertThat(judged(FIRST)).isInstanceOf(Entry.Unknown.class);

        stands(withAgent(FIRST));
        assertThat(admitted(FIRST).role()).isEqualTo(Role.REPORTER);
        views.fold(record(Topic.CLUSTERS, ORDERS.name().value(), null));
        assertThat(judged(FIRST)).isInstanceOf(Entry.Unknown.class);
    }

    @Test
    void aHashThatOnlyBeginsAsTheVerifierDoesOpensNothing() throws Unreadable {
        String forged = FIRST.hash().substring(0, 16) + "0".repeat(48);
        stands(ORDERS.with(new MonitAgents(1, List.of(new MonitAgents.Verifier(R2, forged)))));
        assertThat(judged(FIRST)).isInstanceOf(Entry.Unknown.class);
    }

    /** A host is measured against what it said before: one word is kept, of the same run of the machine. */
    @Test
    void ofAHostItsLastWordAndTheOneBeforeAreKept() throws Unreadable {
        HostFacts first = said(0, "boot");
        HostFacts second = said(5, "boot");
        HostFacts rebooted = said(10, "other");
        says(first);
        assertThat(views.board(false).earlier()).isEmpty();
        says(second);
        says(second);
        assertThat(views.board(false).earlier()).containsExactly(first);
        assertThat(views.board(false).hosts()).containsExactly(second);
        says(rebooted);
        assertThat(views.board(false).earlier()).isEmpty();
        says(said(15, "other"));
        assertThat(views.board(false).earlier()).containsExactly(rebooted);
        views.fold(record(Topic.HOSTS, ORDERS.name() + "/" + R2, null));
        assertThat(views.board(false).earlier()).isEmpty();
        assertThat(views.board(false).hosts()).isEmpty();
    }

    private void says(HostFacts facts) throws Unreadable {
        views.fold(record(Topic.HOSTS, facts.cluster() + "/" + facts.host(), Codec.bytes(facts)));
    }

    private static HostFacts said(int second, String boot) {
        Instant at = Clusters.NOON.plusSeconds(second);
        return new HostFacts(HostFacts.SCHEMA, ORDERS.name(), R2, at, true, "", boot, 0, 0, 0, 0, 0, 0, Map.of(), null);
    }

    private static Secret secret(int number) {
        byte[] random = new byte[Secret.BYTES];
        random[0] = (byte) number;
        return Secret.of(random);
    }

    private static ClusterState withAgent(Secret secret) {
        return ORDERS.with(new MonitAgents(1, List.of(new MonitAgents.Verifier(R2, secret.hash()))));
    }

    private Caller admitted(Secret secret) {
        Entry entry = judged(secret);
        assertThat(entry).isInstanceOf(Entry.Granted.class);
        return ((Entry.Granted) entry).caller();
    }

    private Entry judged(Secret secret) {
        return new Door(views::reporter).judge("Bearer " + secret.reveal(), Role.REPORTER, Clusters.NOON);
    }

    private void stands(ClusterState cluster) throws Unreadable {
        views.fold(record(Topic.CLUSTERS, cluster.name().value(), Codec.bytes(cluster)));
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
