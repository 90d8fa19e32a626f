package io.redfleet.gateway.edge.config;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.FirstToken;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.access.WriteAhead;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/**
 * The way from a started process to a ready gateway: the topics are as they should be, the views are read, there is
 * a token. Each step is tried until it succeeds, because each waits for somebody else; {@link #standing()} says for
 * whom.
 */
public final class Opening implements Runnable {
    private static final Logger LOG = Logger.getLogger(Opening.class);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final BusSettings bus;
    private final BusReading reading;
    private final StateViews views;
    private final Tokens tokens;
    private final InstantSource clock;
    private volatile String standing = "starting";
    private volatile boolean open;

    /** What the first token needs. */
    public record Tokens(Home home, TokenTopic topic, WriteAhead trail, SecureRandom random) {}

    public Opening(BusSettings bus, BusReading reading, StateViews views, Tokens tokens, InstantSource clock) {
        this.bus = bus;
        this.reading = reading;
        this.views = views;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Whether requests can be answered: from then on for good. */
    public boolean open() {
        return open;
    }

    /** What it is waiting for, or "ready". */
    public String standing() {
        return standing;
    }

    @Override
    public void run() {
        try {
            awaitTopics();
            stand("reading the state topics");
            while (!reading.awaitReady(STEP)) {
                LOG.info("still reading the state topics");
            }
            stand("making the first token");
            while (!firstToken()) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
            open = true;
            stand("ready");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitTopics() throws InterruptedException {
        while (true) {
            try (Admin admin = Admin.create(bus.common())) {
                List<String> faults = new TopicAdmin(admin, STEP).faults();
                if (faults.isEmpty()) {
                    return;
                }
                stand("topics are not as they should be: " + String.join("; ", faults));
            } catch (TopicAdmin.TopicsUnavailable e) {
                stand("Kafka does not answer: " + e.getMessage());
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /** A folder that cannot be written is somebody's to mend while we wait, like a broker that is away. */
    private boolean firstToken() throws InterruptedException {
        try {
            return publishFirstToken();
        } catch (UncheckedIOException e) {
            stand("the token file " + tokens.home().adminToken() + " cannot be used: " + e.getMessage());
            return false;
        }
    }

    private boolean publishFirstToken() throws InterruptedException {
        FirstToken.Step step = FirstToken.decide(
                !views.tokens().isEmpty(), tokens.home().readAdminToken(), this::fresh, clock.instant());
        return switch (step) {
            case FirstToken.Step.Nothing nothing -> true;
            case FirstToken.Step.Publish publish -> {
                publish.toFile().ifPresent(secret -> tokens.home().writeAdminToken(secret.reveal()));
                Fact created = AccessFacts.created(publish.record(), Actor.self(ServiceName.GATEWAY));
                if (tokens.trail().tell(created, STEP) instanceof WriteAhead.Told.Failed untold) {
                    stand("the first token cannot be told of: " + untold.reason());
                    yield false;
                }
                switch (tokens.topic().write(publish.record(), STEP, STEP)) {
                    case TokenTopic.Kept.NotSent not -> {
                        stand("the first token is not on the bus: " + not.reason());
                        yield false;
                    }
                    case TokenTopic.Kept.OnBus onBus -> LOG.info("the first token is on the bus, not seen yet");
                    case TokenTopic.Kept.Shown shown -> {}
                }
                LOG.infof("first admin token written to %s", tokens.home().adminToken());
                yield true;
            }
        };
    }

    private Secret fresh() {
        byte[] bytes = new byte[Secret.BYTES];
        tokens.random().nextBytes(bytes);
        return Secret.of(bytes);
    }

    /** Logs a change once. */
    private void stand(String where) {
        if (!where.equals(standing)) {
            standing = where;
            LOG.info(where);
        }
    }
}
