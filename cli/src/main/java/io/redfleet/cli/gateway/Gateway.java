package io.redfleet.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One gateway, asked with one token.
 *
 * <p>Every write carries a fresh Idempotency-Key. Redirects are not followed: they would carry the token elsewhere. Where the
 * gateway finds requests too many, it has heard nothing of this one, and says when it will: then the same is asked again, if that
 * is soon.
 */
public final class Gateway implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** A write may take the gateway 10 s before it answers "pending"; INFO of a whole cluster likewise. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** How often a request that came too often is asked again: with the longest wait for each, a quarter of a minute. */
    private static final int AGAIN_MOST = 3;

    /** Its thread ends at once when it is told to; nobody waits longer for it than a JVM would. */
    private static final Duration END = Duration.ofMillis(300);

    private final URI url;
    private final Bearer bearer;
    private final HttpClient http;

    /** @param trust asked only where the address is one of https */
    public Gateway(URI url, Bearer bearer, Trust trust) {
        this.url = url;
        this.bearer = bearer;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER);
        boolean encrypted = "https".equals(url.getScheme());
        this.http =
                client.sslContext(encrypted ? trust.context() : Trust.nobody()).build();
    }

    /**
     * Ends what is still open, an event stream too. A client left open costs whoever leaves the JVM 0.3 s: its thread waits in
     * the system, and a JVM that ends gives such threads that long.
     */
    @Override
    public void close() {
        http.shutdownNow();
        try {
            http.awaitTermination(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public URI url() {
        return url;
    }

    public Answer get(String path, Map<String, String> query) {
        return send(request(path, query).header("Accept", "application/json").GET());
    }

    public Answer getText(String path, Map<String, String> query) {
        return send(request(path, query).header("Accept", "text/plain").GET());
    }

    public Answer post(String path, JsonNode body) {
        return post(path, Map.of(), body);
    }

    public Answer post(String path, Map<String, String> query, JsonNode body) {
        return send(writing("POST", path, query, BodyPublishers.ofString(body.toString()))
                .header("Content-Type", "application/json"));
    }

    /** @param revision the revision that the writer has seen, for If-Match; null overwrites any */
    public Answer put(String path, Map<String, String> query, Document document, @Nullable String revision) {
        HttpRequest.Builder request = writing("PUT", path, query, BodyPublishers.ofByteArray(document.bytes()))
                .header("Content-Type", document.contentType());
        if (revision != null) {
            request.header("If-Match", "\"" + revision + "\"");
        }
        return send(request);
    }

    public Answer delete(String path, Map<String, String> query) {
        return send(writing("DELETE", path, query, BodyPublishers.noBody()));
    }

    /**
     * Opens the event stream; the caller closes the body. The deadline covers the head only: from JDK 26 on a request's
     * own timeout would also end the body.
     */
    HttpResponse<InputStream> open(String path, Map<String, String> query, @Nullable String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target(path, query)).header("Authorization", bearer.header());
        request.header("Accept", "text/event-stream").GET();
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return http.sendAsync(request.build(), BodyHandlers.ofInputStream())
                    .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        }
    }

    /** One path segment, quoted: names come from the command line. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder writing(String method, String path, Map<String, String> query, BodyPublisher body) {
        return request(path, query)
                .header("Accept", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .method(method, body);
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        return HttpRequest.newBuilder(target(path, query)).timeout(ANSWER).header("Authorization", bearer.header());
    }

    private URI target(String path, Map<String, String> query) {
        String search = new TreeMap<>(query)
                .entrySet().stream()
                        .filter(entry -> !entry.getValue().isEmpty())
                        .map(entry -> segment(entry.getKey()) + "=" + segment(entry.getValue()))
                        .collect(Collectors.joining("&"));
        String base = url.toString().replaceAll("/+$", "");
        return URI.create(base + "/api/v1" + path + (search.isEmpty() ? "" : "?" + search));
    }

    private Answer send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            for (int again = 0; again < AGAIN_MOST; again++) {
                Optional<Duration> wait = Answers.again(response);
                if (wait.isEmpty()) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(wait.get().toMillis());
                response = http.send(request, BodyHandlers.ofByteArray());
            }
            return Answers.read(response);
        } catch (HttpTimeoutException e) {
            return new Answer.Unreachable("no answer from " + url + " in time");
        } catch (ConnectException e) {
            return new Answer.Unreachable("nothing answers at " + url + "; is the stack up? (./redfleet up)");
        } catch (IOException e) {
            return new Answer.Unreachable(BrokenOff.reason(url, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unreachable("interrupted");
        }
    }
}
