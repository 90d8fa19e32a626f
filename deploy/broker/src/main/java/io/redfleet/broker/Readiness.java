package io.redfleet.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Says that the broker answers, by a ready file of two lines: {@code bootstrap=HOST:PORT} and {@code pid=PID}.
 *
 * <p>A bound port is not enough: the controller may still be electing itself. The file is written beside its place and
 * moved there, so whoever sees it sees all of it.
 */
final class Readiness {
    private Readiness() {}

    /** Watches from a thread of its own and ends the process with status 1 when the time is up. */
    static void announce(String bootstrap, Path readyFile, Duration within) {
        Thread.ofPlatform().daemon().name("readiness").start(() -> {
            if (!answers(bootstrap, within)) {
                System.err.println(
                        "The broker at " + bootstrap + " did not answer within " + within.toSeconds() + " s.");
                // Not exit(): a broker that hangs while it starts would hang its shutdown hook as well.
                Runtime.getRuntime().halt(1);
            }
            write(
                    readyFile,
                    "bootstrap=" + bootstrap + "\npid="
                            + ProcessHandle.current().pid() + "\n");
        });
    }

    private static boolean answers(String bootstrap, Duration within) {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 25,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100,
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 25,
                AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 100,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) within.toMillis());
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster()
                    .nodes()
                    .get(within.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void write(Path readyFile, String text) {
        Path draft = readyFile.resolveSibling(readyFile.getFileName() + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, readyFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
