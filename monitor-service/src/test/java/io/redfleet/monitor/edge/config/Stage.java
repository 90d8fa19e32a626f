package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.jspecify.annotations.Nullable;

/** A broker, a monitor, and everything that the monitor says on the bus. */
final class Stage implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final BusSettings settings;
    private final Path login;
    private final BusProducer producer;
    private final Follower follower;
    private final Path home;
    private final String instance;
    private final Duration settle;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final List<ClusterState> put = new ArrayList<>();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private @Nullable MonitorProcess monitor;

    /** A record and when it was read back from the broker. */
    record Seen(BusRecord record, long nanos) {}

    private Stage(TestBroker broker, Path home, String instance, Duration settle) {
        this.settings = new BusSettings(broker.bootstrap(), "stage-" + instance, broker.admin());
        this.login = broker.login("monitor");
        this.home = home;
        this.instance = instance;
        this.settle = settle;
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        this.producer = new BusProducer(settings, Duration.ofSeconds(20));
        this.follower = Follower.of(
                settings,
                List.of(Topic.EVENTS, Topic.HEALTH, Topic.OUTCOMES, Topic.REMEDIATIONS, Topic.DEADLETTERS),
                new Start.End(),
                record -> seen.add(new Seen(record, System.nanoTime())));
        follower.caughtUp().toCompletableFuture().join();
    }

    /** Without a monitor. */
    static Stage empty(TestBroker broker, Path home) {
        return new Stage(broker, home, "none", Duration.ZERO);
    }

    /** On a broker of one's own, where nothing that is broken can be in anybody's way. */
    static Stage on(TestBroker broker, Path home, String instance) {
        return new Stage(broker, home, instance, Duration.ofSeconds(1)).started();
    }

    static Stage set(Path home, String instance, Duration settle) {
        return new Stage(TestBroker.shared(), home, instance, settle).started();
    }

    private Stage started() {
        startMonitor();
        return this;
    }

    MonitorProcess monitor() {
        return Objects.requireNonNull(monitor, "a stage without a monitor");
    }

    /** After {@code monitor().close()}: the next process under the same name. */
    void startMonitor() {
        monitor = start();
    }

    MeterRegistry metrics() {
        return metrics;
    }

    void awaitReady() {
        Await.until("a monitor that is ready", WITHIN, () -> monitor().unready().isEmpty());
    }

    /** Until the stage is closed. */
    void put(ClusterState state) {
        put.add(state);
        producer.send(BusMessage.of(Topic.CLUSTERS, state.name().value(), state))
                .toCompletableFuture()
                .join();
    }

    /** What may be no record at all. */
    Position send(Topic topic, String key, String value) {
        return producer.send(new BusMessage(topic, key, Map.of(), value.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
    }

    DeadLetter awaitLetter(Position position) {
        return Await.value(
                "a dead letter for " + position,
                WITHIN,
                () -> of(Topic.DEADLETTERS)
                        .filter(seen -> !seen.record().isTombstone())
                        .map(seen -> read(seen, DeadLetter.class))
                        .filter(letter -> letter.position().equals(position))
                        .findFirst());
    }

    /** The newest record of a key, readable or not. */
    BusRecord newest(Topic topic, ClusterName key) {
        return of(topic)
                .map(Seen::record)
                .filter(record -> record.key().equals(key.value()))
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    private void remove(ClusterState state) {
        producer.send(BusMessage.tombstone(Topic.CLUSTERS, state.name().value()))
                .toCompletableFuture()
                .join();
    }

    Outcome order(Order order) {
        producer.send(BusMessage.of(Topic.COMMANDS, order.cluster().value(), order))
                .toCompletableFuture()
                .join();
        return Await.value(
                "an outcome of " + order.request(),
                WITHIN,
                () -> records(Topic.OUTCOMES, Outcome.class)
                        .filter(outcome -> outcome.command().equals(order.id()))
                        .findFirst());
    }

    Stream<Fact> facts(ClusterName cluster) {
        return of(Topic.EVENTS)
                .filter(seen -> seen.record().key().equals(cluster.value()))
                .flatMap(seen -> fact(seen).stream());
    }

    <E extends Event> Fact await(ClusterName cluster, Class<E> type, Predicate<Fact> which) {
        return Await.value(
                type.getSimpleName() + " of " + cluster,
                WITHIN,
                () -> facts(cluster)
                        .filter(fact -> type.isInstance(fact.event()))
                        .filter(which)
                        .findFirst());
    }

    /** When each event of this kind was read back. */
    <E extends Event> Stream<Long> arrivals(ClusterName cluster, Class<E> type) {
        return of(Topic.EVENTS)
                .filter(seen -> fact(seen).stream()
                        .anyMatch(fact -> fact.about().cluster().equals(cluster) && type.isInstance(fact.event())))
                .map(Seen::nanos);
    }

    /** When the first event of this kind was read back. */
    <E extends Event> long arrival(ClusterName cluster, Class<E> type) {
        return Await.value(
                type.getSimpleName() + " of " + cluster,
                WITHIN,
                () -> arrivals(cluster, type).findFirst());
    }

    /** When the switch of this epoch was read back; looks at the newest records only, to keep a long row of them short. */
    long switchOf(ClusterName cluster, int epoch) {
        String id = cluster + "-uid:" + cluster + ":failover-" + epoch + ":failover.switched";
        return Await.value(id, WITHIN, () -> {
            for (int i = seen.size() - 1; i >= Math.max(0, seen.size() - 30); i--) {
                if (id.equals(seen.get(i).record().headers().get("ce_id"))) {
                    return Optional.of(seen.get(i).nanos());
                }
            }
            return Optional.empty();
        });
    }

    ClusterHealth awaitHealth(ClusterName cluster, Predicate<ClusterHealth> which) {
        try {
            return Await.value(
                    "the wanted health of " + cluster,
                    WITHIN,
                    () -> health(cluster).filter(which));
        } catch (AssertionError late) {
            String last = health(cluster).map(ClusterHealth::verdict).toString();
            throw new AssertionError(late.getMessage() + "; the last: " + last, late);
        }
    }

    Optional<ClusterHealth> health(ClusterName cluster) {
        return healths(cluster).reduce((older, newer) -> older.outranks(newer) ? older : newer);
    }

    /** Every health record of this cluster, in the order of the log. */
    Stream<ClusterHealth> healths(ClusterName cluster) {
        return of(Topic.HEALTH)
                .filter(seen -> seen.record().key().equals(cluster.value())
                        && !seen.record().isTombstone())
                .map(seen -> read(seen, ClusterHealth.class));
    }

    Stream<Remediation> remediations(ClusterName cluster) {
        return records(Topic.REMEDIATIONS, Remediation.class)
                .filter(remediation -> remediation.cluster().equals(cluster));
    }

    <T> Stream<T> records(Topic topic, Class<T> type) {
        return of(topic).map(seen -> read(seen, type));
    }

    Stream<Seen> of(Topic topic) {
        return seen.stream().filter(seen -> seen.record().topic() == topic);
    }

    private MonitorProcess start() {
        MonitorConfig config = MonitorChild.config(settings.bootstrap(), login, home, instance, settle);
        return new MonitorProcess(config, vertx, metrics, MonitorChild.log());
    }

    private static Optional<Fact> fact(Seen seen) {
        try {
            return seen.record().event().fact();
        } catch (Unreadable e) {
            throw new AssertionError(seen.record() + " cannot be read", e);
        }
    }

    private static <T> T read(Seen seen, Class<T> type) {
        try {
            return seen.record().as(type);
        } catch (Unreadable e) {
            throw new AssertionError(seen.record() + " cannot be read", e);
        }
    }

    /** Its partitions would wait for its return until its session is over, and the next stage on this broker with them. */
    private void leave() {
        var gone = new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance)));
        try (Admin admin = Admin.create(settings.common())) {
            admin.removeMembersFromConsumerGroup("redfleet-monitor", gone)
                    .all()
                    .get(LEAVE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.out.println(instance + " stays a member until its session is over: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        put.forEach(this::remove);
        if (monitor != null) {
            monitor.close();
            leave();
        }
        follower.close();
        producer.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
