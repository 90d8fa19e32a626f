package io.redfleet.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Says that the broker answers those who have an account, by a ready file of two lines: {@code bootstrap=HOST:PORT} and
 * {@code pid=PID}.
 *
 * <p>A bound port is not enough: the controller may still be electing itself, and nobody can log in before the accounts are
 * enrolled. The file is written beside its place and moved there, so whoever sees it sees all of it.
 */
final class Readiness {
    private static final long PAUSE_MILLIS = 10;

    private final BrokerSettings settings;
    private final Enrolment enrolment;

    Readiness(BrokerSettings settings, Enrolment enrolment) {
        this.settings = settings;
        this.enrolment = enrolment;
    }

    /** Watches from a thread of its own and ends the process with status 1 when the time is up. */
    void announce(Path readyFile) {
        Thread.ofPlatform().daemon().name("readiness").start(() -> {
            String trouble = trouble();
            if (!trouble.isEmpty()) {
                System.err.println("The broker at " + settings.bootstrap() + " " + trouble);
                // Not exit(): a broker that hangs while it starts would hang its shutdown hook as well.
                Runtime.getRuntime().halt(1);
            }
            write(
                    readyFile,
                    "bootstrap=" + settings.bootstrap() + "\npid="
                            + ProcessHandle.current().pid() + "\n");
        });
    }

    /** Empty once an account has been answered; otherwise why that cannot be. */
    private String trouble() {
        long deadline = System.nanoTime() + enrolment.within().toNanos();
        try {
            enrolment.enrol(settings.innerBootstrap());
            while (!enrolment.answers(settings.bootstrap())) {
                if (System.nanoTime() - deadline > 0) {
                    return "does not let its admin in";
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return "";
        } catch (TimeoutException e) {
            return "did not answer within " + enrolment.within().toSeconds() + " s.";
        } catch (ExecutionException e) {
            return "refuses what it needs to begin: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was interrupted.";
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
