package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Debian's redis_exporter, which asks the target that is named in a request, on a connection of its own each time. */
public final class RealExporter implements AutoCloseable {
    /** Why it is not measured where it is not. */
    public static final String MISSING = "redis_exporter is not installed: apt-get install prometheus-redis-exporter";

    private static final String NAME = "prometheus-redis-exporter";
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WITHIN)
            .build();
    private final int port = FreePort.choose();
    private final Child child;

    private RealExporter(Path binary, Path home) {
        List<String> command = List.of(binary.toString(), "-redis.addr=", "-web.listen-address=127.0.0.1:" + port);
        child = Child.start(command, home, home.resolve("exporter.log"));
    }

    /**
     * Starts one, and returns when it answers.
     *
     * @param home a directory of the caller's, for its log
     */
    public static Optional<RealExporter> begin(Path home) {
        return Arrays.stream(
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, NAME))
                .filter(Files::isExecutable)
                .findFirst()
                .map(binary -> new RealExporter(binary, home).awaited());
    }

    public ProcessHandle process() {
        return ProcessHandle.of(child.pid())
                .orElseThrow(() -> new IllegalStateException(NAME + " is not running: " + child.output()));
    }

    /** Has it probe a Redis at this port of the loopback address; whether that was up. */
    public boolean scrape(int redisPort) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/scrape?target=redis://127.0.0.1:" + redisPort);
        return answer.statusCode() == 200 && answer.body().lines().anyMatch(line -> line.equals("redis_up 1"));
    }

    @Override
    public void close() {
        child.stop();
        client.close();
    }

    private RealExporter awaited() {
        try {
            Await.until(NAME + " answers", WITHIN, () -> answers() || !child.alive());
            if (!child.alive()) {
                throw new IllegalStateException(NAME + " ended: " + child.output());
            }
            return this;
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private boolean answers() {
        try {
            return get("/health").statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(WITHIN)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
