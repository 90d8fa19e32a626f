package io.redfleet.monitor.edge.config;

import io.redfleet.monitor.clock.Moment;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.Executor;

/** The one event loop on which the fleet lives, and its clock. */
final class WatchLoop implements Executor {
    private final Context context;
    private final MonitorLog log;
    private volatile long lastTickNanos = System.nanoTime();

    WatchLoop(Vertx vertx, MonitorLog log) {
        this.context = vertx.getOrCreateContext();
        this.log = log;
    }

    static Moment now() {
        return new Moment(Instant.now(), System.nanoTime());
    }

    /** In the order of the calls of one thread. */
    @Override
    public void execute(Runnable step) {
        context.runOnContext(nothing -> guarded(step));
    }

    /** The one place where a bug is caught: it costs the step, not the watch. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.bug(e);
        }
    }

    void ticked() {
        lastTickNanos = System.nanoTime();
    }

    long millisSinceTick() {
        return (System.nanoTime() - lastTickNanos) / 1_000_000;
    }
}
