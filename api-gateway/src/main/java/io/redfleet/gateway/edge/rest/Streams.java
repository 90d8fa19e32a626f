package io.redfleet.gateway.edge.rest;

import io.redfleet.gateway.live.Feed;
import io.redfleet.gateway.live.Frame;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.live.Vector;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Brings frames to listeners, each on a virtual thread of its own, until one side ends it. */
public final class Streams implements AutoCloseable {
    private final Hub hub;
    private final Duration heartbeat;
    private final Duration slowest;
    private volatile boolean closed;

    /**
     * @param heartbeat how long a stream may be silent
     * @param slowest how long a listener may take to read one frame
     */
    public Streams(Hub hub, Duration heartbeat, Duration slowest) {
        this.hub = hub;
        this.heartbeat = heartbeat;
        this.slowest = slowest;
    }

    void replay(Hub.Return back) {
        Thread.ofVirtual().name("sse-replay").start(() -> {
            try {
                hub.replay(back);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param welcome whether the listener may still listen; asked before each frame */
    void pump(Feed feed, SseEventSink sink, Sse sse, BooleanSupplier welcome) {
        Thread.ofVirtual().name("sse-stream").start(() -> {
            try (sink) {
                write(feed, sink, sse, welcome);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                hub.leave(feed);
            }
        });
    }

    private void write(Feed feed, SseEventSink sink, Sse sse, BooleanSupplier welcome) throws InterruptedException {
        // At once, so that the answer's head goes out and the listener has an id before the first event.
        Frame frame = feed.next(Duration.ZERO);
        while (!closed && !sink.isClosed() && welcome.getAsBoolean() && sent(sink, event(sse, frame))) {
            if (frame instanceof Frame.End) {
                return;
            }
            frame = feed.next(heartbeat);
        }
    }

    private boolean sent(SseEventSink sink, OutboundSseEvent event) throws InterruptedException {
        try {
            sink.send(event).toCompletableFuture().get(slowest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            // Gone, or too slow, or closed meanwhile: for a stream all three are its end.
            return false;
        }
    }

    static OutboundSseEvent event(Sse sse, Frame frame) {
        return switch (frame) {
            case Frame.Event happened ->
                at(sse, happened.at())
                        .name(happened.happening().type())
                        .data(String.class, happened.happening().json())
                        .build();
            case Frame.Heartbeat beat -> at(sse, beat.at()).comment("alive").build();
            case Frame.End end -> sse.newEventBuilder().comment(end.reason()).build();
        };
    }

    private static OutboundSseEvent.Builder at(Sse sse, Vector place) {
        OutboundSseEvent.Builder event = sse.newEventBuilder();
        return place.next().isEmpty() ? event : event.id(place.toString());
    }

    @Override
    public void close() {
        closed = true;
    }
}
