package io.redfleet.alert.edge;

import io.redfleet.alert.delivery.Budget;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.desk.Announcer;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.desk.Repeater;
import io.redfleet.alert.edge.config.AlertLog;
import io.redfleet.alert.edge.config.Engine;
import io.redfleet.alert.edge.config.LogListener;
import io.redfleet.alert.edge.kafka.BusReader;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.Sweeper;
import io.redfleet.alert.notice.HoldDown;
import io.redfleet.alert.notice.NoticeRule;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Repeat;
import io.redfleet.alert.route.Route;
import io.redfleet.alert.route.Routes;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.lang.invoke.MethodHandles;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/**
 * The engine of the service on a database of its own, beside somebody who listens to the bus from before it started.
 * Hold-downs are a second for what is critical and two for a warning, but for a rig that repeats.
 */
public final class Rig implements AutoCloseable {
    private static final AlertLog LOG =
            Logger.getMessageLogger(MethodHandles.lookup(), AlertLog.class, "io.redfleet.alert");
    public static final Duration SOON = Duration.ofSeconds(20);
    private static final HoldDown SHORT =
            new HoldDown(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofMinutes(5));
    /** For what is told again: how long it was waited for before the first time is not what is looked at. */
    private static final HoldDown HARDLY =
            new HoldDown(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMinutes(10), Duration.ofMinutes(5));

    private static final AtomicLong NUMBER = new AtomicLong(System.nanoTime() % 1_000_000_000L);

    private final DataSource database;
    private final TestBroker broker;
    private final Map<ReceiverName, Receiver> receivers;
    private final HoldDown holdDown;
    private final Repeat repeat;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final BusProducer producer;
    private final Follower follower;
    private final List<BusRecord> heard = new CopyOnWriteArrayList<>();
    private Engine engine;

    public Rig(DataSource database, Map<ReceiverName, Receiver> receivers) {
        this(TestBroker.shared(), database, receivers);
    }

    public Rig(TestBroker broker, DataSource database, Map<ReceiverName, Receiver> receivers) {
        this(broker, database, receivers, SHORT);
    }

    public Rig(TestBroker broker, DataSource database, Map<ReceiverName, Receiver> receivers, HoldDown holdDown) {
        this(broker, database, receivers, holdDown, new Repeat.Never());
    }

    /** With hold-downs of fractions of a second; each receiver is reminded alike. */
    public static Rig repeating(
            TestBroker broker, DataSource database, Map<ReceiverName, Receiver> receivers, Duration period) {
        return new Rig(broker, database, receivers, HARDLY, new Repeat.Every(period));
    }

    private Rig(
            TestBroker broker,
            DataSource database,
            Map<ReceiverName, Receiver> receivers,
            HoldDown holdDown,
            Repeat repeat) {
        this.broker = broker;
        this.database = database;
        this.receivers = receivers;
        this.holdDown = holdDown;
        this.repeat = repeat;
        var settings = new BusSettings(broker.bootstrap(), "test", broker.admin());
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        this.producer = new BusProducer(settings, Duration.ofSeconds(10));
        this.follower = Follower.of(
                settings,
                List.of(Topic.EVENTS, Topic.ALERTS, Topic.OUTCOMES, Topic.DEADLETTERS),
                new Start.End(),
                heard::add);
        follower.caughtUp().toCompletableFuture().join();
        this.engine = engine(UnaryOperator.identity());
    }

    /** A cluster name that no other test uses. */
    public static String cluster(String word) {
        return word + "-" + NUMBER.incrementAndGet();
    }

    /** Starts, and returns when it reads and sends. */
    public Rig started() {
        engine.start();
        Await.until(
                "a started engine",
                Duration.ofSeconds(60),
                () -> engine.troubles().isEmpty());
        return this;
    }

    public Engine engine() {
        return engine;
    }

    /** As the engines see the time: it has moved on, at once, for all of them. */
    public void later(Duration time) {
        ahead.updateAndGet(before -> before.plus(time));
    }

    public Instant now() {
        return Instant.now().plus(ahead.get());
    }

    /** A second process on the same database. */
    public Engine another() {
        return engine(UnaryOperator.identity());
    }

    public Sweeper sweeper(InstantSource clock) {
        var schema = new Schema(Flyway.configure().dataSource(database).load());
        return new Sweeper(
                new Store(database), schema, new Sweeper.Keep(Duration.ofDays(30), Duration.ofDays(400)), clock);
    }

    /** Ends the engine and makes another, on the same database as {@code other} shows it. */
    public Rig replaced(UnaryOperator<DataSource> other) {
        engine.close();
        engine = engine(other);
        return this;
    }

    public void send(Fact... facts) {
        Stream.of(facts)
                .map(BusMessage::of)
                .map(producer::send)
                .toList()
                .forEach(sent -> sent.toCompletableFuture().join());
    }

    public void send(BusMessage message) {
        producer.send(message).toCompletableFuture().join();
    }

    /** What was heard of this cluster on a topic so far. */
    public List<BusRecord> heard(Topic topic, String cluster) {
        return heard.stream()
                .filter(record -> record.topic() == topic)
                .filter(record -> record.clusterKey().equals(cluster))
                .toList();
    }

    public List<BusRecord> heardOn(Topic topic) {
        return heard.stream().filter(record -> record.topic() == topic).toList();
    }

    /** Short types of the events of this cluster that the service under test wrote. */
    public List<String> saidTypes(String cluster) {
        return heard(Topic.EVENTS, cluster).stream()
                .map(Rig::event)
                .filter(event -> event.source().equals("/redfleet/alert"))
                .map(event -> event.type().replace("io.redfleet.", "").replace(".v1", ""))
                .toList();
    }

    public Optional<Incident> incident(String cluster, Predicate<Incident> wanted) {
        List<Incident> states =
                heard(Topic.ALERTS, cluster).stream().map(Rig::incident).toList();
        return states.isEmpty() || !wanted.test(states.getLast()) ? Optional.empty() : Optional.of(states.getLast());
    }

    public Incident awaitIncident(String cluster, String what, Predicate<Incident> wanted) {
        return Await.value(what, SOON, () -> incident(cluster, wanted));
    }

    /** Rows of one text column. */
    public List<String> column(String sql) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new CopyOnWriteArrayList<>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        engine.close();
        follower.close();
        producer.close();
    }

    private Engine engine(UnaryOperator<DataSource> seen) {
        var settings = BusSettings.of(broker.bootstrap(), "alert-test", broker.login("alert"));
        return engine(settings, seen.apply(database), database, receivers, new Rules(holdDown, repeat), this::now);
    }

    /** @param own for bringing the database up to date, whatever becomes of the other way to it */
    static Engine engine(
            BusSettings settings, DataSource source, DataSource own, Map<ReceiverName, Receiver> receivers) {
        var rules = new Rules(SHORT, new Repeat.Every(AlertChild.REPEAT));
        return engine(settings, source, own, receivers, rules, InstantSource.system());
    }

    private record Rules(HoldDown holdDown, Repeat repeat) {}

    private static Engine engine(
            BusSettings settings,
            DataSource source,
            DataSource own,
            Map<ReceiverName, Receiver> receivers,
            Rules rules,
            InstantSource clock) {
        var budget = new Budget(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofHours(1));
        var routes = new Routes(receivers.keySet().stream()
                .map(name -> new Route(name, Severity.WARNING, rules.repeat()))
                .toList());
        var desk = new Desk(new Announcer(new NoticeRule(rules.holdDown()), routes), new Repeater(routes), budget);
        var schema = new Schema(Flyway.configure().dataSource(own).load());
        var parts = new Engine.Parts(
                settings,
                new BusReader.Books(new Store(source), schema),
                desk,
                receivers,
                new Sweeper.Keep(Duration.ofDays(30), Duration.ofDays(400)),
                clock);
        return new Engine(parts, new LogListener(LOG));
    }

    public static EventRecord event(BusRecord record) {
        try {
            return record.event();
        } catch (Unreadable e) {
            throw new AssertionError(record.toString(), e);
        }
    }

    /** Of a type that this release knows. */
    public static Fact fact(EventRecord event) {
        try {
            return event.fact().orElseThrow();
        } catch (Unreadable e) {
            throw new AssertionError(event.type(), e);
        }
    }

    public static <T> T as(BusRecord record, Class<T> type) {
        try {
            return record.as(type);
        } catch (Unreadable e) {
            throw new AssertionError(record.toString(), e);
        }
    }

    private static Incident incident(BusRecord record) {
        return as(record, Incident.class);
    }
}
