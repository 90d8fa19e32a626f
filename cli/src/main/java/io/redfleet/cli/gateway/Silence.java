package io.redfleet.cli.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes a stream on which nothing has been heard for too long.
 *
 * <p>A peer that vanished without a FIN leaves a read that never returns; only a second thread can end it.
 */
final class Silence implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stream-silence");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastHeard = System.nanoTime();

    private Silence() {}

    static Silence over(InputStream stream, Duration limit) {
        Silence silence = new Silence();
        long period = Math.max(1, limit.toMillis() / 5);
        var unused = silence.timer.scheduleAtFixedRate(
                () -> silence.judge(stream, limit), period, period, TimeUnit.MILLISECONDS);
        return silence;
    }

    void heard() {
        lastHeard = System.nanoTime();
    }

    private void judge(InputStream stream, Duration limit) {
        if (System.nanoTime() - lastHeard > limit.toNanos()) {
            try {
                stream.close();
            } catch (IOException e) {
                // Already gone: the reader has been told by its own read.
                heard();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
