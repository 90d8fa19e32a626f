package io.redfleet.monitor.edge.redis;

import io.redfleet.monitor.failover.SentinelLine;
import io.redfleet.monitor.watch.Observation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Sentinel's own pub/sub, on a connection of its own. What it publishes while we are not connected is lost; the polled
 * view fills that gap.
 */
final class Subscription {
    private static final long AGAIN_MS = 1_000;

    private final Dial dial;
    private final Target sentinel;
    private final Consumer<Observation> sink;
    private final long openedAtMillis;
    private @Nullable Wire wire;
    private boolean connecting;
    private boolean closed;
    private boolean subscribed;
    private long openedAt;
    private long ordinal;

    Subscription(Dial dial, Target sentinel, Consumer<Observation> sink, long openedAtMillis) {
        this.dial = dial;
        this.sentinel = sentinel;
        this.sink = sink;
        this.openedAtMillis = openedAtMillis;
    }

    void start() {
        connect();
    }

    /** The Sentinel is back after it was gone: a connection from before may be dead without knowing. */
    void renew() {
        drop();
        connect();
    }

    void close() {
        closed = true;
        drop();
    }

    private void connect() {
        if (connecting || closed || wire != null) {
            return;
        }
        connecting = true;
        Wire[] mine = new Wire[1];
        dial.open(sentinel, () -> lost(mine[0])).onComplete(opened -> {
            connecting = false;
            if (opened.failed()) {
                again();
            } else if (closed) {
                opened.result().close();
            } else {
                mine[0] = opened.result();
                wire = opened.result();
                subscribe(opened.result());
            }
        });
    }

    private void subscribe(Wire fresh) {
        fresh.onPush(this::pushed);
        openedAt = System.nanoTime();
        fresh.send("PSUBSCRIBE", "*").onComplete(answered -> {
            if (fresh != wire) {
                return;
            }
            subscribed = answered.succeeded();
            if (!subscribed) {
                drop();
                again();
            }
        });
    }

    private void lost(@Nullable Wire which) {
        if (which == null || which != wire) {
            return;
        }
        // Who lets us in and hangs up is not asked again and again without a pause.
        boolean lasted = subscribed && System.nanoTime() - openedAt >= AGAIN_MS * 1_000_000;
        drop();
        if (lasted) {
            connect();
        } else {
            again();
        }
    }

    private void again() {
        if (!closed) {
            dial.vertx().setTimer(AGAIN_MS, id -> connect());
        }
    }

    private void drop() {
        Wire old = wire;
        wire = null;
        subscribed = false;
        if (old != null) {
            old.close();
        }
    }

    /** {@code pmessage, pattern, channel, payload}. */
    private void pushed(Said message) {
        String channel = Said.cut(message.list().get(2).string());
        if (channel.startsWith("+") || channel.startsWith("-")) {
            // A line is heard once and never again, so any number that is not given twice will do.
            String number = openedAtMillis + "-" + ordinal++;
            SentinelLine line =
                    SentinelLine.parse(channel, Said.cut(message.list().get(3).string()));
            sink.accept(new Observation.Published(sentinel.member().id(), line, number));
        }
    }
}
