package io.redfleet.gateway.edge.rest;

import io.redfleet.gateway.access.Audience;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.live.Feed;
import io.redfleet.gateway.live.Frame;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.live.Vector;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Brings frames to listeners, each on a virtual thread of its own, until one side ends it. */
public final class Streams implements AutoCloseable {
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final Hub hub;
    private final Audience audience;
    private final Predicate<Caller> welcome;
    private final Times times;
    private volatile boolean closed;

    /**
     * @param heartbeat how long a stream may be silent
     * @param slowest how long a listener may take to read one frame
     */
    public record Times(Duration heartbeat, Duration slowest) {}

    /**
     * @param audience how many streams each token has
     * @param welcome whether somebody may still listen; asked before each frame
     */
    public Streams(Hub hub, Audience audience, Predicate<Caller> welcome, Times times) {
        this.hub = hub;
        this.audience = audience;
        this.welcome = welcome;
        this.times = times;
    }

    /** One of a token's streams, until it is closed. */
    final class Place implements AutoCloseable {
        private final Caller caller;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(Caller caller) {
            this.caller = caller;
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                audience.leave(caller.tokenId());
            }
        }
    }

    /** Room for one more stream of this caller; empty when it has as many as one may have. */
    Optional<Place> place(Caller caller) {
        return audience.join(caller.tokenId()) ? Optional.of(new Place(caller)) : Optional.empty();
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

    /** @param opened whether the head of the answer is out; whoever writes an event before it writes a second head */
    record Line(SseEventSink sink, Sse sse, BooleanSupplier opened) {}

    /** @param place given back at the stream's end */
    void pump(Feed feed, Line line, Place place) {
        Thread.ofVirtual().name("sse-stream").start(() -> {
            try (place;
                    SseEventSink sink = line.sink()) {
                if (opened(line)) {
                    write(feed, sink, line.sse(), () -> welcome.test(place.caller));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                hub.leave(feed);
            }
        });
    }

    private boolean opened(Line line) throws InterruptedException {
        long deadline = System.nanoTime() + times.slowest().toNanos();
        while (!line.opened().getAsBoolean()) {
            if (closed || line.sink().isClosed() || System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(A_MOMENT);
        }
        return true;
    }

    private void write(Feed feed, SseEventSink sink, Sse sse, BooleanSupplier open) throws InterruptedException {
        // At once, so that the listener has an id before the first event.
        Frame frame = feed.next(Duration.ZERO);
        while (!closed && !sink.isClosed() && open.getAsBoolean() && sent(sink, event(sse, frame))) {
            if (frame instanceof Frame.End) {
                return;
            }
            frame = feed.next(times.heartbeat());
        }
    }

    private boolean sent(SseEventSink sink, OutboundSseEvent event) throws InterruptedException {
        try {
            sink.send(event).toCompletableFuture().get(times.slowest().toMillis(), TimeUnit.MILLISECONDS);
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
