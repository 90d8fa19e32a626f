package io.redfleet.monitor.edge.config;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.ownership.OwnedTopics;
import io.redfleet.bus.ownership.Ownership;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.monitor.edge.kafka.BrakeRecord;
import io.redfleet.monitor.edge.kafka.ClaimReader;
import io.redfleet.monitor.edge.kafka.Crew;
import io.redfleet.monitor.edge.kafka.EventTail;
import io.redfleet.monitor.edge.kafka.Events;
import io.redfleet.monitor.edge.kafka.FleetOwner;
import io.redfleet.monitor.edge.kafka.KafkaBus;
import io.redfleet.monitor.edge.kafka.Outgoing;
import io.redfleet.monitor.edge.kafka.ProbePasswords;
import io.redfleet.monitor.edge.kafka.Tenure;
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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Builds the parts, joins the group, and takes everything apart again in the opposite order. */
public final class MonitorProcess implements AutoCloseable {
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
    private final Outgoing outgoing;
    private final DeadLetters letters;
    private final Fleet fleet;
    private final OrderDesk desk;
    private final Follower brakeReader;
    private final Follower claimReader;
    private final Follower toldReader;
    private final Ownership ownership;
    private volatile @Nullable Ownership joined; // the same, for those who ask before there is one
    private final Map<Integer, FleetOwner> owners = new ConcurrentHashMap<>(); // the newest of each partition
    private volatile boolean brakeKnown;
    private volatile long timer = -1;
    private volatile LocalBrakes brakeFiles = LocalBrakes.NONE;
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
        this.letters = new DeadLetters(config.instance(), InstantSource.system());
        this.toldReader = followEvents(settings);
        Tenure tenure = new Tenure(config.instance(), membership());
        this.outgoing =
                new Outgoing(settings, tenure, outboxFile(), config.monitor().outboxBytes());
        KafkaBus bus = new KafkaBus(outgoing, loop, listener());
        FleetSettings fleetSettings =
                new FleetSettings(config.instance(), config.monitor().settle());
        RedisLines lines = new RedisLines(vertx, WatchLoop::now, new SplittableRandom(), this::observed);
        this.fleet = new Fleet(bus, lines, fleetSettings, new FaultLog(log, metrics), WatchLoop.now());
        this.desk = new OrderDesk(fleet);
        SelfTest.run(outgoing.present(), outgoing.facts(), config.instance(), log);
        this.brakeReader = followBrake(settings);
        this.claimReader = ClaimReader.follow(settings, fleet.claimants(), loop);
        // An event that comes after a tail was read must find us listening.
        toldReader
                .caughtUp()
                .toCompletableFuture()
                .orTimeout(BROKER_ANSWERS.toSeconds(), SECONDS)
                .join();
        this.ownership = join(settings, new ProbePasswords(config.home(), lines::learn));
        this.joined = ownership;
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
        claimReader.close();
        toldReader.close();
        outgoing.close();
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
        fleet.brake().local(brakeFiles);
        listen();
        fleet.tick(WatchLoop.now());
        desk.tick(WatchLoop.now());
        if (++ticks % GAUGES_EVERY == 0) {
            List<ClusterWatch> watches = fleet.all();
            outgoing.sender().execute(() -> gauges.show(watches));
        }
        long dropped = outgoing.outbox().takeDropped();
        if (dropped > 0) {
            fleet.dropped(dropped, WatchLoop.now());
        }
        long unsafe = outgoing.outbox().takeUnsafe();
        if (unsafe > 0) {
            // Only said here: an event about it would be one more record that finds no room.
            log.unsafe(unsafe, config.instance());
        }
        if (ticks % 4 == 0) {
            // A look at the disk can block: never on the event loop.
            outgoing.sender().execute(() -> brakeFiles = BrakeFiles.read(config.home()));
        }
    }

    /** While the bus may be away, nobody is blamed for what does not come over it. */
    private void listen() {
        if (!ownership.certain() || !ownership.silence().isZero()) {
            fleet.all()
                    .forEach(watch -> fleet.observe(watch.roster().cluster(), new Observation.Deaf(), WatchLoop.now()));
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

    private Follower followBrake(BusSettings settings) {
        Follower reader = BrakeRecord.follow(settings, fleet.brake(), loop, this::lost);
        reader.caughtUp()
                .thenRun(() -> loop.execute(() -> {
                    fleet.brake().caughtUp();
                    brakeKnown = true;
                }));
        return reader;
    }

    private Ownership join(BusSettings settings, ProbePasswords passwords) {
        Crew crew = new Crew(fleet, desk, passwords, loop, WatchLoop::now);
        EventTail tail = new EventTail(settings, outgoing.sender(), this::lost);
        Events events = new Events(tail, outgoing);
        OwnedTopics topics = new OwnedTopics(
                "redfleet-monitor",
                Topic.CLUSTERS,
                List.of(Topic.HEALTH, Topic.OPERATIONS, Topic.HOSTS, Topic.REPORTS, Topic.SECRETS, Topic.COMMANDS));
        return Ownership.join(settings, topics, partition -> {
            FleetOwner owner = new FleetOwner(partition, crew, events, this::lost);
            owners.put(partition, owner);
            return owner;
        });
    }

    private void lost(BusRecord record, String why) {
        log.unreadable(record.toString(), why);
        try {
            outgoing.sender().execute(() -> outgoing.present().send(letters.letter(record, why)));
        } catch (RejectedExecutionException e) {
            // A minute's worth of records waits already. The next start reads this one again, and tries again.
            log.givenUp("dead letter of " + record, String.valueOf(e));
        }
    }

    private Path outboxFile() {
        try {
            Path directory = Files.createDirectories(config.home().resolve("outbox"));
            return directory.resolve(config.instance() + ".outbox");
        } catch (IOException e) {
            throw new UncheckedIOException("the outbox of " + config.instance() + " cannot be opened", e);
        }
    }

    /** What monitors tell, ourselves included: whoever owns the partition of it looks whether it is news. */
    private Follower followEvents(BusSettings settings) {
        return Follower.of(settings, List.of(Topic.EVENTS), new Start.End(), record -> {
            FleetOwner owner = owners.get(record.partition());
            if (owner != null) {
                owner.told(record);
            }
        });
    }

    private Tenure.Membership membership() {
        return new Tenure.Membership() {
            @Override
            public boolean certain() {
                Ownership member = joined;
                return member != null && member.certain();
            }

            @Override
            public Set<Integer> assigned() {
                Ownership member = joined;
                return member == null ? Set.of() : member.assigned();
            }
        };
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
}
