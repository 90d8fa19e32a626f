package io.redfleet.provisioner.edge.kafka;

import java.util.concurrent.TimeUnit;

/**
 * Notices that this process stood still (SIGSTOP, a starved machine): its session in the group may be over, and its
 * partitions another's, before any thread here has heard of it. Until the group must have said so, nothing is certain.
 *
 * <p>Whoever asks looks for the gap itself, so it does not matter which thread runs first after the stop.
 */
final class Stalls implements AutoCloseable {
    /** Half of the session of 6 s: a shorter stop cannot cost the membership. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** A heartbeat is due every 1.5 s and answered at once; the session is over 6 s after the last one. */
    private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long TICK_MILLIS = 250;

    private final Thread thread;
    private long last;
    private long doubtUntil;

    Stalls() {
        this(System.nanoTime());
    }

    Stalls(long now) {
        this.last = now;
        this.doubtUntil = now;
        this.thread = new Thread(this::run, "stalls");
        this.thread.setDaemon(true);
    }

    Stalls started() {
        thread.start();
        return this;
    }

    synchronized boolean doubtful() {
        return doubtful(System.nanoTime());
    }

    synchronized boolean doubtful(long now) {
        if (now - last > STALL_NANOS) {
            doubtUntil = now + DOUBT_NANOS;
        }
        last = now;
        return now - doubtUntil < 0;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                doubtful();
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
