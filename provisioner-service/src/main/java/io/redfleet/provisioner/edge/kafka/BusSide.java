package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.OwnedTopics;
import io.redfleet.bus.ownership.Ownership;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Term;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.order.DeskParts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Everything of this service that is on the bus. Waits for the broker and for the topics, then joins the group; a topic of
 * the wrong form is waited for as well, loudly and never ready, because only a person can mend it.
 */
public final class BusSide implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(BusSide.class);
    private static final Duration ASK_WITHIN = Duration.ofSeconds(5);
    private static final Duration DELIVERY = Duration.ofSeconds(10);
    private static final Duration MOST_SILENCE = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 500;

    private final BusSettings settings;
    private final Function<Ledger, DeskParts> parts;
    private final Brakes brakes;
    private final DeadLetters letters;
    private final Stalls stalls = new Stalls();
    private final Thread starter;
    private volatile String state = "waiting for the broker";
    private volatile boolean closed;
    private volatile @Nullable BusProducer producer;
    private volatile @Nullable Ownership ownership;
    private volatile @Nullable Follower health;

    public BusSide(BusSettings settings, Function<Ledger, DeskParts> parts, Brakes brakes) {
        this.settings = settings;
        this.parts = parts;
        this.brakes = brakes;
        this.letters = new DeadLetters(settings.instance(), InstantSource.system());
        this.starter = new Thread(this::start, "bus-start");
        this.starter.setDaemon(true);
    }

    public void open() {
        stalls.started();
        starter.start();
    }

    /** Empty when orders are being read; otherwise what is being waited for. */
    public String notReady() {
        Ownership joined = ownership;
        if (joined == null) {
            return state;
        }
        if (!joined.alive()) {
            return "a bus thread has ended";
        }
        Follower brake = health;
        if (brake == null || !brake.alive()) {
            return "the fleet's brake is not followed";
        }
        Duration silence = joined.silence().compareTo(brake.silence()) > 0 ? joined.silence() : brake.silence();
        if (silence.compareTo(MOST_SILENCE) > 0) {
            return "no broker for " + silence.toSeconds() + " s";
        }
        return joined.assigned().isEmpty() || joined.working().containsAll(joined.assigned()) ? "" : "replaying";
    }

    @Override
    public void close() {
        closed = true;
        starter.interrupt();
        try {
            starter.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ownership != null) {
            ownership.close();
        }
        Follower brake = health;
        if (brake != null) {
            brake.close();
        }
        BusProducer open = producer;
        if (open != null) {
            open.close();
        }
        stalls.close();
    }

    private void start() {
        BusProducer made = new BusProducer(settings, DELIVERY);
        producer = made;
        try {
            while (!closed && !topicsStand()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            while (!closed && !brakeIsKnown()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (closed) {
            return;
        }
        OwnedTopics topics = new OwnedTopics(
                "redfleet-provisioner",
                Topic.COMMANDS,
                List.of(Topic.REMEDIATIONS, Topic.CLUSTERS, Topic.OPERATIONS, Topic.HOSTS, Topic.SECRETS));
        ownership = Ownership.join(
                settings, topics, partition -> new PartitionDesk(partition, ledger(made), letters, parts));
        state = "";
    }

    private KafkaLedger ledger(BusProducer made) {
        return new KafkaLedger(made, stalls::doubtful, new LastWord(settings.instance(), InstantSource.system()));
    }

    private boolean topicsStand() {
        try (Admin admin = Admin.create(settings.common())) {
            List<String> faults = new TopicAdmin(admin, ASK_WITHIN).faults();
            if (!faults.isEmpty() && !state.equals(faults.toString())) {
                state = faults.toString();
                LOG.errorf("topics are not as they must be; error=%s", state);
            }
            return faults.isEmpty();
        } catch (TopicAdmin.TopicsUnavailable e) {
            state = "the broker does not answer: " + e.getMessage();
            return false;
        }
    }

    /** Nothing is judged before it is known whether the fleet is disarmed: an order to disarm may be hours old. */
    private boolean brakeIsKnown() throws InterruptedException {
        Follower follower = health;
        if (follower == null || !follower.alive()) {
            if (follower != null) {
                follower.close();
            }
            follower = Follower.of(settings, List.of(Topic.HEALTH), new Start.Beginning(), this::brake);
            health = follower;
        }
        try {
            state = "reading whether the fleet is disarmed";
            follower.caughtUp().toCompletableFuture().get(ASK_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            LOG.errorf("the fleet's brake cannot be read, trying on; error=%s", e.getMessage());
            return false;
        }
    }

    private void brake(BusRecord record) {
        if (record.isTombstone()) {
            if (ClusterName.allowed(record.key())) {
                brakes.gone(new ClusterName(record.key()));
            }
            return;
        }
        if (!record.key().equals(ClusterName.FLEET.value())) {
            term(record);
            return;
        }
        try {
            FleetBrake brake = record.as(FleetBrake.class);
            String why =
                    brake.disarmed() ? brake.reason() + " (by " + brake.actor().name() + ")" : "";
            brakes.disarm(why, brake.labelled());
        } catch (Unreadable e) {
            // Of two mistakes, doing nothing is the smaller one.
            brakes.disarm("the fleet's brake cannot be read: " + e.getMessage());
            LOG.errorf("unreadable record goes to the dead letters; record=%s error=%s", record, e.getMessage());
            letter(record, String.valueOf(e.getMessage()));
        }
    }

    /** Not waited for: the next start reads the same record, and writes the same letter. */
    private void letter(BusRecord record, String why) {
        BusProducer open = producer;
        if (open != null) {
            open.send(letters.letter(record, why)).whenComplete((position, failure) -> {
                if (failure != null) {
                    LOG.warnf("dead letter not on the bus; record=%s error=%s", record, failure.getMessage());
                }
            });
        }
    }

    /** Of a health record, of whatever schema, only whose word it is: a term holds back, and allows nothing. */
    private record Signed(
            @Nullable ClusterName cluster,
            @Nullable ClusterUid uid,
            @Nullable Term term) {}

    private void term(BusRecord record) {
        try {
            Signed signed = record.as(Signed.class);
            if (signed.cluster() != null && signed.uid() != null && signed.term() != null) {
                brakes.heard(signed.cluster(), signed.uid(), signed.term());
            }
        } catch (Unreadable e) {
            // Whoever reads health for its content says so. What is not known here holds nothing back.
            LOG.debugf("a health record without a term; record=%s error=%s", record, e.getMessage());
        }
    }
}
