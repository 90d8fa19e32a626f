package io.redfleet.alert.edge.config;

import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.edge.kafka.BusReader;
import io.redfleet.alert.edge.kafka.Intake;
import io.redfleet.alert.edge.kafka.OutboxSender;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.alert.edge.store.Sweeper;
import io.redfleet.alert.edge.store.Ticker;
import io.redfleet.alert.edge.webhook.Courier;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The loops of this service, and nothing else: a reader, a sender, a ticker, a sweeper, and a courier per receiver. */
public final class Engine implements AutoCloseable {
    /** What it runs on. */
    public record Parts(
            BusSettings bus,
            BusReader.Books books,
            Desk desk,
            Map<ReceiverName, Receiver> receivers,
            Sweeper.Keep keep,
            InstantSource clock) {
        public Parts {
            receivers = Map.copyOf(receivers);
        }
    }

    /** A record that is not acknowledged by then is sent again by the next attempt. */
    private static final Duration DELIVERY = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofMillis(250);
    /** Whoever fills the outbox says so; this is for what another process left. */
    private static final Duration SENDER_IDLE = Duration.ofMillis(500);

    private static final Duration SWEEPER_IDLE = Duration.ofMinutes(10);

    private final BusProducer producer;
    private final BusReader reader;
    private final List<StoreLoop> loops = new ArrayList<>();

    public Engine(Parts parts, LogListener log) {
        producer = new BusProducer(parts.bus(), DELIVERY);
        StoreLoop sender =
                new StoreLoop("sender", new OutboxSender(parts.books(), producer, parts.clock()), SENDER_IDLE, log);
        reader = new BusReader(
                parts.bus(),
                parts.books(),
                new Intake(parts.desk(), parts.clock(), parts.bus().instance()),
                sender::nudge,
                log);
        loops.add(new StoreLoop("reader", reader, Duration.ZERO, log));
        loops.add(sender);
        loops.add(new StoreLoop(
                "ticker",
                new Ticker(
                        parts.books().store(),
                        parts.books().schema(),
                        parts.desk(),
                        List.copyOf(parts.receivers().keySet()),
                        parts.clock(),
                        reader::readOn),
                SOON,
                log));
        loops.add(new StoreLoop(
                "sweeper",
                new Sweeper(parts.books().store(), parts.books().schema(), parts.keep(), parts.clock()),
                SWEEPER_IDLE,
                log));
        var counter = new Courier.Counter(parts.books().store(), parts.books().schema(), sender::nudge);
        parts.receivers()
                .forEach((name, receiver) -> loops.add(new StoreLoop(
                        "courier " + name,
                        new Courier(name, receiver, parts.desk(), counter, parts.clock()),
                        SOON,
                        log)));
    }

    public void start() {
        loops.forEach(StoreLoop::start);
    }

    /** One sentence per loop that cannot do its work; empty when all is well. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (StoreLoop loop : loops) {
            if (!loop.trouble().isEmpty()) {
                troubles.add(loop.name() + ": " + loop.trouble());
            }
        }
        Duration silence = reader.silence();
        if (!silence.isZero()) {
            troubles.add("no connection to a broker for " + silence.toSeconds() + " s");
        }
        return troubles;
    }

    @Override
    public void close() {
        loops.forEach(StoreLoop::close);
        reader.close();
        producer.close();
    }
}
