package io.redfleet.bench;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One service as a process, with the flags that {@code ./redfleet up} gives it. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> command;
    private final Path directory;
    private final int port;
    private Child child;
    private long startedAt;

    ServiceProcess(String module, Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.port = FreePort.choose();
        this.command = command(module, settings);
        this.child = start();
    }

    int port() {
        return port;
    }

    /** {@link System#nanoTime()} just before the present process was started. */
    long startedAt() {
        return startedAt;
    }

    ProcessHandle process() {
        return ProcessHandle.of(child.pid())
                .orElseThrow(() -> new IllegalStateException(command.getLast() + " is not running"));
    }

    void awaitReady() {
        Await.until(command.getLast() + " is ready", READY_WITHIN, () -> ready() || !child.alive());
        if (!child.alive()) {
            List<String> said =
                    child.output().lines().filter(line -> !line.isBlank()).toList();
            throw new IllegalStateException(
                    command.getLast() + " ended: " + (said.isEmpty() ? "without a word" : said.getLast()));
        }
    }

    void kill9() {
        child.kill9();
    }

    void restart() {
        child = start();
    }

    @Override
    public void close() {
        child.stop();
    }

    private Child start() {
        startedAt = System.nanoTime();
        return Child.start(command, directory, directory.resolve(port + ".log"));
    }

    private List<String> command(String module, Map<String, String> settings) {
        Path target = Checkout.root().resolve(module).resolve("target");
        List<String> words = new ArrayList<>(List.of("env"));
        settings.forEach((key, value) -> words.add(key + "=" + value));
        words.add("MALLOC_ARENA_MAX=1");
        words.add("QUARKUS_HTTP_HOST=127.0.0.1");
        words.add("QUARKUS_HTTP_PORT=" + port);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path flags = Checkout.root().resolve("deploy/local/jvm");
        words.add("@" + flags.resolve(module.equals("monitor-service") ? "monitor" : "others"));
        words.add("@" + flags.resolve("services"));
        words.addAll(List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + target.resolve("classes.jsa"),
                "-Xshare:auto",
                "-Xlog:cds*=off",
                "-jar",
                target.resolve("quarkus-app/quarkus-run.jar").toString()));
        return words;
    }

    private boolean ready() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
