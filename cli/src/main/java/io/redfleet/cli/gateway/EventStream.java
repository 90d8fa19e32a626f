package io.redfleet.cli.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The live events, across dropped connections.
 *
 * <p>The gateway's {@code id:} is the vector of next offsets, so a reconnect with Last-Event-ID misses nothing and repeats
 * nothing that was read whole. A connection without any line for three heartbeats is dead and is opened again.
 */
public final class EventStream {
    /** What the stream tells its reader. Called on the reading thread. */
    public interface Listener {
        /** The stream is open and tells what happens from now on. */
        void opened();

        /** The stream is open again from the last id that was heard: nothing between is missing. */
        default void resumed() {
            opened();
        }

        /** @return false to end the stream */
        boolean event(JsonNode event);

        /** The connection is gone and will be opened again. */
        void lost(String reason);
    }

    /** How the stream is held. {@code silence}: three heartbeats of the gateway's 15 s. */
    public record Patience(Duration silence, Duration firstRetry, Duration lastRetry, Duration giveUp) {
        public static final Patience USUAL = new Patience(
                Duration.ofSeconds(45), Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(10));
    }

    private static final int TOO_MANY = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Gateway gateway;
    private final Patience patience;
    private @Nullable String lastEventId;
    private boolean heardSinceOpen;

    public EventStream(Gateway gateway, Patience patience) {
        this.gateway = gateway;
        this.patience = patience;
    }

    /** Reads until the listener has enough (Done), the gateway refuses, or nothing answers for {@code giveUp}. */
    public Answer follow(Map<String, String> query, Listener listener) {
        boolean everOpen = false;
        long lostAt = System.nanoTime();
        Duration retry = patience.firstRetry();
        while (true) {
            Opened opened = readOnce(query, listener);
            everOpen |= opened.open();
            if (opened.end() != null) {
                return opened.end();
            }
            if (opened.open()) {
                lostAt = System.nanoTime();
                retry = heardSinceOpen ? patience.firstRetry() : doubled(retry);
                listener.lost(opened.reason());
            }
            boolean tooLong = System.nanoTime() - lostAt > patience.giveUp().toNanos();
            if (!everOpen || tooLong || !paused(retry)) {
                return new Answer.Unreachable(opened.reason());
            }
            retry = opened.open() ? retry : doubled(retry);
        }
    }

    /** How one connection went; {@code end} is set when there is nothing to resume. */
    private record Opened(
            boolean open, String reason, @Nullable Answer end) {}

    private Opened readOnce(Map<String, String> query, Listener listener) {
        heardSinceOpen = false;
        boolean open = false;
        try {
            HttpResponse<InputStream> response = gateway.open("/events/stream", query, lastEventId);
            if (response.statusCode() != 200) {
                return refusal(response);
            }
            open = true;
            if (lastEventId == null) {
                listener.opened();
            } else {
                listener.resumed();
            }
            try (Silence watch = Silence.over(response.body(), patience.silence())) {
                Answer end = read(response.body(), watch, listener);
                return new Opened(true, "the gateway closed the stream", end);
            }
        } catch (IOException e) {
            return new Opened(open, "no stream: " + BrokenOff.reason(gateway.url(), e), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Opened(open, "interrupted", new Answer.Unreachable("interrupted"));
        }
    }

    private @Nullable Answer read(InputStream body, Silence watch, Listener listener) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        ServerSent blocks = new ServerSent(lines, watch::heard);
        for (Optional<ServerSent.Block> next = blocks.next(); next.isPresent(); next = blocks.next()) {
            ServerSent.Block block = next.get();
            boolean more = true;
            if (!block.data().isEmpty()) {
                heardSinceOpen = true;
                more = listener.event(parsed(block.data()));
            }
            if (!block.id().isEmpty()) {
                lastEventId = block.id();
            }
            if (!more) {
                return new Answer.Done(200, JSON.missingNode());
            }
        }
        return null;
    }

    private static JsonNode parsed(String data) throws IOException {
        try {
            return JSON.readTree(data);
        } catch (JsonProcessingException e) {
            throw new IOException("an event is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A 5xx may pass (a restart behind a proxy), and so does "too many at once"; another 4xx will not. */
    private Opened refusal(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            JsonNode problem = parsed(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            String title = problem.path("title").asText("HTTP " + response.statusCode());
            String detail = problem.path("detail").asText("");
            Answer refused = new Answer.Refused(response.statusCode(), title, detail, List.of());
            return new Opened(false, title + ": " + detail, passes(response.statusCode()) ? null : refused);
        }
    }

    private static boolean passes(int status) {
        return status >= 500 || status == TOO_MANY;
    }

    private Duration doubled(Duration retry) {
        Duration next = retry.multipliedBy(2);
        return next.compareTo(patience.lastRetry()) > 0 ? patience.lastRetry() : next;
    }

    private static boolean paused(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
