package io.redfleet.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.EventStream;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.EventText;
import io.redfleet.local.Screen;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Shows the cluster's events as the gateway streams them, each with its distance from the kill. */
final class Witness implements AutoCloseable {
    private final Screen screen;
    private final Thread thread;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger sentinelLines = new AtomicInteger();
    private volatile @Nullable Instant killed;
    private volatile boolean ended;

    Witness(Gateway gateway, String cluster, Screen screen) {
        this.screen = screen;
        this.thread = new Thread(
                () -> new EventStream(gateway, EventStream.Patience.USUAL)
                        .follow(Map.of("cluster", cluster), new Reader()),
                "demo-witness");
        thread.setDaemon(true);
    }

    /** @return whether the stream was open within the time */
    boolean start(Duration within) throws InterruptedException {
        thread.start();
        return opened.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    void killedAt(Instant at) {
        killed = at;
    }

    /** What the Sentinels said is too much for a screen; it is counted here. */
    int sentinelLines() {
        return sentinelLines.get();
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
    }

    private final class Reader implements EventStream.Listener {
        @Override
        public void opened() {
            opened.countDown();
        }

        @Override
        public boolean event(JsonNode event) {
            Instant start = killed;
            Instant at = Instant.parse(event.path("time").asText("1970-01-01T00:00:00Z"));
            if (start == null || at.isBefore(start)) {
                return !ended;
            }
            String type = EventText.shortType(event.path("type").asText());
            if (type.equals("sentinel.event")) {
                sentinelLines.incrementAndGet();
                return !ended;
            }
            screen.line(String.format(
                    "  %+7d ms  %-24s %s  %s",
                    Duration.between(start, at).toMillis(),
                    type,
                    event.path("subject").asText(),
                    event.path("reason").asText()));
            return !ended;
        }

        @Override
        public void lost(String reason) {
            if (ended) {
                return;
            }
            screen.line("  the event stream broke: " + reason);
        }
    }
}
