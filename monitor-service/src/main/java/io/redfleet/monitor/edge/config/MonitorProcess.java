package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.outbox.Outbox;
import io.redfleet.bus.ownership.OwnedTopics;
import io.redfleet.bus.ownership.Ownership;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.edge.kafka.EventTail;
import io.redfleet.monitor.edge.kafka.FleetOwner;
import io.redfleet.monitor.edge.kafka.KafkaBus;
import io.redfleet.monitor.edge.kafka.ProbePasswords;
import io.redfleet.monitor.edge.redis.RedisLines;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.FleetSettings;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.Observation;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Builds the parts, joins the group, and takes everything apart again in the opposite order. */
public final class MonitorProcess implements AutoCloseable {
    /** Facts wait for a broker that is away for up to a day; then their outbox still holds them for the next start. */
    private static final Duration FACTS_DELIVERY = Duration.ofHours(24);

    private static final Duration PRESENT_DELIVERY = Duration.ofSeconds(5);

    /** More than a minute of everything a thousand clusters have to say at once; beyond that records are refused. */
    private static final int SENDER_QUEUE = 20_000;

    private static final Duration BROKER_ANSWERS = Duration.ofSeconds(30);
    /** In ticks: five seconds. */
    private static final long GAUGES_EVERY = 20;

    private static final long ROUND_RECENT_MS = 2_000;
    private static final Duration BROKER_SILENT = Duration.ofSeconds(10);

    private final MonitorConfig config;
    private final Vertx vertx;
    private final MonitorLog log;
    private final WatchLoop loop;
    private final Gauges gauges;
    private final ThreadPoolExecutor factSender = sender("facts");
    private final ThreadPoolExecutor presentSender = sender("present");
    private final BusProducer facts;
    private final BusProducer present;
    private final Outbox outbox;
    private final DeadLetters letters;
    private final Fleet fleet;
    private final Follower brakeReader;
    private final Ownership ownership;
    private final Map<Integer, FleetOwner> owners = new ConcurrentHashMap<>(); // the newest of each partition
    private volatile boolean brakeKnown;
    private volatile long timer = -1;
    private volatile boolean brakeFileStands;
    private long ticks; // only touched on the loop

    public MonitorProcess(MonitorConfig config, Vertx vertx, MeterRegistry metrics, MonitorLog log) {
        this.config = config;
        this.vertx = vertx;
        this.log = log;
        this.loop = new WatchLoop(vertx, log);
        this.gauges = new Gauges(metrics);
        Path login = config.kafkaClient().orElse(config.home().resolve("credentials/kafka/monitor.properties"));
        BusSettings settings = BusSettings.of(config.bootstrap(), config.instance(), login);
        verifyTopics(settings);
        this.facts = new BusProducer(settings, FACTS_DELIVERY);
        this.present = new BusProducer(settings, PRESENT_DELIVERY);
        this.outbox = outbox();
        this.letters = new DeadLetters(config.instance(), InstantSource.system());
        KafkaBus bus = new KafkaBus(outbox, present, presentSender, loop, listener());
        FleetSettings fleetSettings =
                new FleetSettings(config.instance(), config.monitor().settle());
        RedisLines lines = new RedisLines(vertx, WatchLoop::now, new SplittableRandom(), this::observed);
        this.fleet = new Fleet(bus, lines, fleetSettings, WatchLoop.now());
        SelfTest.run(present, facts, config.instance(), log);
        this.brakeReader = followBrake(settings);
        this.ownership = join(settings, new ProbePasswords(config.home(), lines::learn));
        loop.execute(this::startTicking);
        log.started(config.instance(), config.bootstrap());
    }

    /** Whether what is ours is being watched, and watched now; otherwise why not. */
    public String unready() {
        if (!ownership.alive()) {
            return "a thread of the group has ended";
        }
        if (ownership.assigned().isEmpty()) {
            return "no partition is ours";
        }
        if (!ownership.working().containsAll(ownership.assigned()) || !adopted()) {
            return "replaying";
        }
        if (!brakeKnown) {
            return "the fleet's brake is not read yet";
        }
        if (loop.millisSinceTick() > ROUND_RECENT_MS) {
            return "the last round is " + loop.millisSinceTick() + " ms ago";
        }
        Duration silence = ownership.silence();
        return silence.compareTo(BROKER_SILENT) > 0 ? "no broker for " + silence.toSeconds() + " s" : "";
    }

    private boolean adopted() {
        return ownership.assigned().stream().map(owners::get).allMatch(owner -> owner != null && owner.adopted());
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        ownership.close();
        brakeReader.close();
        outbox.close();
        factSender.shutdownNow();
        presentSender.shutdownNow();
        present.close();
        facts.close();
        log.ended();
    }

    private void observed(ClusterName cluster, Observation seen) {
        loop.guarded(() -> fleet.observe(cluster, seen, WatchLoop.now()));
    }

    private void startTicking() {
        loop.ticked();
        fleet.started(WatchLoop.now());
        timer = vertx.setPeriodic(Fleet.TICK.toMillis(), id -> loop.guarded(this::tick));
    }

    private void tick() {
        loop.ticked();
        fleet.brake().file(brakeFileStands);
        fleet.tick(WatchLoop.now());
        if (++ticks % GAUGES_EVERY == 0) {
            List<ClusterWatch> watches = fleet.all();
            presentSender.execute(() -> gauges.show(watches));
        }
        long dropped = outbox.takeDropped();
        if (dropped > 0) {
            fleet.dropped(dropped, WatchLoop.now());
        }
        if (ticks % 4 == 0) {
            // A look at the disk can block: never on the event loop.
            presentSender.execute(
                    () -> brakeFileStands = Files.exists(config.home().resolve("disarmed")));
        }
    }

    /** Topics are made by whoever sets the bus up; with wrong ones nothing that follows could be right. */
    private static void verifyTopics(BusSettings settings) {
        try (Admin admin = Admin.create(settings.common())) {
            List<String> faults = new TopicAdmin(admin, BROKER_ANSWERS).faults();
            if (!faults.isEmpty()) {
                throw new IllegalStateException("the bus is not set up: " + String.join("; ", faults));
            }
        }
    }

    /** Whoever owns its partition: the brake holds for every monitor. */
    private Follower followBrake(BusSettings settings) {
        String key = ClusterName.FLEET.value();
        Start start = new Start.At(Map.of(ClusterPartitioner.partition(key), 0L));
        Follower reader = Follower.of(settings, List.of(Topic.HEALTH), start, record -> {
            if (record.key().equals(key) && !record.isTombstone()) {
                brakeRead(record);
            }
        });
        reader.caughtUp()
                .thenRun(() -> loop.execute(() -> {
                    fleet.brake().caughtUp();
                    brakeKnown = true;
                }));
        return reader;
    }

    private void brakeRead(BusRecord record) {
        try {
            FleetBrake brake = record.as(FleetBrake.class);
            loop.execute(() -> fleet.brake().read(brake));
        } catch (Unreadable e) {
            lost(record, String.valueOf(e.getMessage()));
        }
    }

    private Ownership join(BusSettings settings, ProbePasswords passwords) {
        FleetOwner.Crew crew = new FleetOwner.Crew(fleet, new OrderDesk(fleet), passwords, loop, WatchLoop::now);
        EventTail tail = new EventTail(settings, presentSender, this::lost);
        OwnedTopics topics = new OwnedTopics(
                "redfleet-monitor",
                Topic.CLUSTERS,
                List.of(Topic.HEALTH, Topic.OPERATIONS, Topic.HOSTS, Topic.SECRETS, Topic.COMMANDS));
        return Ownership.join(settings, topics, partition -> {
            FleetOwner owner = new FleetOwner(partition, crew, tail, this::lost);
            owners.put(partition, owner);
            return owner;
        });
    }

    private void lost(BusRecord record, String why) {
        log.unreadable(record.toString(), why);
        try {
            presentSender.execute(() -> present.send(letters.letter(record, why)));
        } catch (RejectedExecutionException e) {
            // A minute's worth of records waits already. The next start reads this one again, and tries again.
            log.givenUp("dead letter of " + record, String.valueOf(e));
        }
    }

    private Outbox outbox() {
        try {
            Path directory = Files.createDirectories(config.home().resolve("outbox"));
            Path file = directory.resolve(config.instance() + ".outbox");
            return Outbox.open(file, config.monitor().outboxBytes(), this::sendFact);
        } catch (IOException e) {
            throw new UncheckedIOException("the outbox of " + config.instance() + " cannot be opened", e);
        }
    }

    /** Sending may block while nothing is known of the topic: on a thread of its own, in the order of the calls. */
    private CompletionStage<Position> sendFact(BusMessage message) {
        CompletableFuture<Position> sent = new CompletableFuture<>();
        try {
            factSender.execute(() -> facts.send(message).whenComplete((position, failure) -> {
                if (failure == null) {
                    sent.complete(position);
                } else {
                    sent.completeExceptionally(failure);
                }
            }));
        } catch (RejectedExecutionException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    private KafkaBus.Listener listener() {
        return new KafkaBus.Listener() {
            @Override
            public void told(Fact fact) {
                if (!(fact.event() instanceof SentinelEvent)) {
                    log.told(
                            EventTypes.shortName(fact.event().getClass()),
                            fact.about().subject(),
                            fact.id(),
                            fact.about().reason());
                }
            }

            @Override
            public void givenUp(String what, Throwable cause) {
                log.givenUp(what, String.valueOf(cause));
            }
        };
    }

    private static ThreadPoolExecutor sender(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(SENDER_QUEUE), task -> {
            Thread thread = new Thread(task, "send-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
