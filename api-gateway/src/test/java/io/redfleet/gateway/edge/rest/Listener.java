package io.redfleet.gateway.edge.rest;

import io.redfleet.testkit.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events line by line. */
final class Listener implements AutoCloseable {
    /** As the command line and browsers read it; an upgrade to HTTP/2 in the middle of a stream is nobody's way. */
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;

    private Listener(URI stream, String token, @Nullable String lastId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(stream).header("Authorization", "Bearer " + token);
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        end = client.sendAsync(request.build(), BodyHandlers.ofLines())
                .thenAccept(response -> response.body().forEach(lines::add));
    }

    static Listener open(URI stream, String token, @Nullable String lastId) {
        return new Listener(stream, token, lastId);
    }

    List<String> lines() {
        return lines;
    }

    List<String> data() {
        return lines.stream().filter(line -> line.startsWith("data:")).toList();
    }

    String lastId() {
        return lines.stream()
                .filter(line -> line.startsWith("id:"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .substring(3)
                .strip();
    }

    void awaitData(int count, Duration within) {
        Await.until(count + " events", within, () -> data().size() >= count);
    }

    boolean ended() {
        return end.isDone();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
