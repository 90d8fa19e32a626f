package io.redfleet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.codec.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The REST API with a token, as any program would use it. */
final class Api {
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final String base;
    private final String token;

    Api(String gateway, String token) {
        this.base = gateway + "/api/v1";
        this.token = token;
    }

    record Answer(int status, JsonNode body) {}

    /** Every answer so far but those of {@link #password}, head and body. */
    List<String> heard() {
        return heard;
    }

    /** The one call whose answer holds a secret. */
    String password(String cluster, String user) {
        String path = "/clusters/" + cluster + "/secrets/" + user + "/reveal";
        HttpResponse<String> response = exchange(request(path).POST(HttpRequest.BodyPublishers.noBody()));
        if (response.statusCode() != 200
                || !response.headers().firstValue("Cache-Control").orElse("").equals("no-store")) {
            throw new AssertionError("not revealed: " + response.statusCode() + " " + response.headers());
        }
        return answer(response).body().path("password").asText();
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A request that may be repeated, here or at another gateway, and is the same one. */
    Answer post(String path, String contentType, String body, String idempotencyKey) {
        return send(request(path)
                .header("Content-Type", contentType)
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer put(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** The status of a page that a key opens. */
    static int status(String url, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key)
                .build();
        try (HttpClient once = HttpClient.newHttpClient()) {
            return once.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        HttpResponse<String> response = exchange(request);
        heard.add(response.headers().map() + "\n" + response.body());
        return answer(response);
    }

    private static Answer answer(HttpResponse<String> response) {
        try {
            String body = response.body();
            return new Answer(
                    response.statusCode(),
                    body.isBlank()
                            ? Codec.mapper().createObjectNode()
                            : Codec.mapper().readTree(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
