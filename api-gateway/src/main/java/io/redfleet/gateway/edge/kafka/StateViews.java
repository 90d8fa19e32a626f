package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.MachineFigures;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The latest record of every key of the state topics.
 *
 * <p>Written by the one thread that reads the topics, read by any. A {@link Board} is made when one is asked for
 * after something has changed, not for each record: while a start reads 100,000 records nobody pays for 100,000
 * boards.
 */
public final class StateViews {
    /** The topics that make a view. */
    public static final List<Topic> TOPICS =
            List.of(Topic.CLUSTERS, Topic.HEALTH, Topic.OPERATIONS, Topic.HOSTS, Topic.ALERTS, Topic.ACCESS);

    private final Map<String, ClusterState> clusters = new ConcurrentHashMap<>();
    private final Map<String, ClusterHealth> health = new ConcurrentHashMap<>();
    private final Map<String, FleetBrake> brake = new ConcurrentHashMap<>();
    private final Map<String, OperationState> operations = new ConcurrentHashMap<>();
    private final Map<String, HostFacts> hosts = new ConcurrentHashMap<>();
    /** Of what the hosts said before: one word of each, as the next is measured against it. */
    private final Map<String, HostFacts> earlier = new ConcurrentHashMap<>();

    private final Map<String, Incident> alerts = new ConcurrentHashMap<>();
    private final Map<String, TokenRecord> tokens = new ConcurrentHashMap<>();
    private final AgentTokens agents = new AgentTokens();
    private final AtomicLong version = new AtomicLong();
    private volatile Drawn drawn = new Drawn(-1, Board.EMPTY); // two readers may draw the same one: harmless

    private record Drawn(long version, Board board) {}

    /**
     * A record that cannot be read leaves what stood there before, but for what must not be believed any longer: how a
     * cluster is, which nobody would see growing old, and tokens, also those that a cluster's record names, which it
     * may have revoked.
     */
    public void unread(BusRecord record) {
        if (record.topic() == Topic.HEALTH && !record.key().equals(ClusterName.FLEET.value())) {
            health.remove(record.key());
        } else if (record.topic() == Topic.ACCESS) {
            tokens.remove(record.key());
        } else if (record.topic() == Topic.CLUSTERS) {
            agents.stands(record.key(), null);
        }
        version.incrementAndGet();
    }

    /** Folds one record in; one that cannot be read is for {@link #unread}. */
    public void fold(BusRecord record) throws Unreadable {
        switch (record.topic()) {
            case CLUSTERS -> foldCluster(record);
            case OPERATIONS -> put(operations, record, OperationState.class);
            case HOSTS -> foldHost(record);
            case ALERTS -> put(alerts, record, Incident.class);
            case ACCESS -> foldToken(record);
            case HEALTH -> foldHealth(record);
            case COMMANDS, OUTCOMES, REPORTS, REMEDIATIONS, EVENTS, QUIET, SECRETS, DEADLETTERS ->
                throw new IllegalStateException("no view is made of " + record.topic());
        }
        version.incrementAndGet();
    }

    private void foldCluster(BusRecord record) throws Unreadable {
        put(clusters, record, ClusterState.class);
        agents.stands(record.key(), clusters.get(record.key()));
    }

    private void foldHost(BusRecord record) throws Unreadable {
        String key = record.key();
        HostFacts last = hosts.get(key);
        put(hosts, record, HostFacts.class);
        HostFacts before = MachineFigures.before(earlier.get(key), last, hosts.get(key));
        if (before == null) {
            earlier.remove(key);
        } else {
            earlier.put(key, before);
        }
    }

    private void foldHealth(BusRecord record) throws Unreadable {
        if (record.key().equals(ClusterName.FLEET.value())) {
            put(brake, record, FleetBrake.class);
        } else if (record.isTombstone()) {
            health.remove(record.key());
        } else {
            // Written by a monitor that had lost the cluster by then, it may come last and is not true all the same.
            health.merge(
                    record.key(), record.as(ClusterHealth.class), (held, read) -> held.outranks(read) ? held : read);
        }
    }

    /**
     * A revocation is final: a record that came late, or was written by a gateway that did not know, undoes nothing.
     */
    private void foldToken(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            tokens.remove(record.key());
        } else {
            tokens.merge(
                    record.key(),
                    record.as(TokenRecord.class),
                    (before, now) -> before.revokedAt() != null && now.revokedAt() == null ? before : now);
        }
    }

    /** What the views say now; {@code stale} as given. */
    public Board board(boolean stale) {
        long wanted = version.get();
        Drawn last = drawn;
        if (last.version() != wanted || last.board().stale() != stale) {
            last = new Drawn(wanted, draw(stale));
            drawn = last;
        }
        return last.board();
    }

    public Optional<ClusterState> cluster(String name) {
        return Optional.ofNullable(clusters.get(name));
    }

    public Optional<TokenRecord> token(String id) {
        return Optional.ofNullable(tokens.get(id));
    }

    /** What a host's Monit reports with: a token that was made for it, or what the provisioner has given it. */
    public Optional<TokenRecord> reporter(String id) {
        return token(id).or(() -> agents.token(id));
    }

    public Collection<TokenRecord> tokens() {
        return List.copyOf(tokens.values());
    }

    private Board draw(boolean stale) {
        return new Board(
                by(clusters, ClusterState::name),
                by(health, ClusterHealth::cluster),
                brake.values().stream().findFirst(),
                by(operations, OperationState::id),
                hosts.values(),
                earlier.values(),
                by(alerts, Incident::id),
                stale);
    }

    private static <K, V> Map<K, V> by(Map<String, V> view, Function<V, K> key) {
        return view.values().stream().collect(Collectors.toUnmodifiableMap(key, Function.identity(), (a, b) -> b));
    }

    private static <V> void put(Map<String, V> view, BusRecord record, Class<V> type) throws Unreadable {
        if (record.isTombstone()) {
            view.remove(record.key());
        } else {
            view.put(record.key(), record.as(type));
        }
    }
}
