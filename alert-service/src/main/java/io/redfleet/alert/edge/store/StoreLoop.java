package io.redfleet.alert.edge.store;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs one step again and again on a thread of its own, for ever: at once while there is more to do, after a pause or a
 * {@link #nudge()} when there is not, and after a growing pause while the database or the bus is away.
 *
 * <p>This is the one place that catches everything: a bug in a step is counted and told, and the step is tried again after
 * the longest pause.
 */
public final class StoreLoop implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What a loop does and tells. */
    public interface Step {
        /** True when there may be more to do at once. */
        boolean run() throws InterruptedException;
    }

    /** Hears of a loop's troubles, each once while it lasts. */
    public interface Listener {
        void waits(String loop, String reason);

        void goesOn(String loop);

        void broke(String loop, RuntimeException bug);
    }

    private final String name;
    private final Step step;
    private final Duration idle;
    private final Listener listener;
    private final Semaphore nudges = new Semaphore(0);
    private volatile String trouble = "not started"; // written by the loop's own thread alone
    private final AtomicLong bugs = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /** @param idle how long it pauses when there is nothing to do */
    public StoreLoop(String name, Step step, Duration idle, Listener listener) {
        this.name = name;
        this.step = step;
        this.idle = idle;
        this.listener = listener;
        this.thread = new Thread(this::run, "alert-" + name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** There is something to do now. Any thread. */
    public void nudge() {
        if (nudges.availablePermits() == 0) {
            nudges.release();
        }
    }

    public String name() {
        return name;
    }

    /** Why it cannot do its work now; empty when it can. */
    public String trouble() {
        return trouble;
    }

    /** Steps that ended in a bug since the start. */
    public long bugs() {
        return bugs.get();
    }

    /**
     * Ends after the step under way; waits 10 s for that, a little longer than its longest deadline on the bus. One that was
     * never started has nothing under way.
     */
    @Override
    public void close() {
        closed = true;
        nudge();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(10));
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closed) {
                String before = trouble;
                boolean more = attempt();
                boolean well = trouble.isEmpty();
                if (well && !before.isEmpty()) {
                    listener.goesOn(name);
                }
                if (well && more) {
                    continue;
                }
                rest(well ? idle : pause);
                pause = well ? FIRST_PAUSE : longer(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trouble = "ended";
    }

    private boolean attempt() throws InterruptedException {
        try {
            boolean more = step.run();
            trouble = "";
            return more;
        } catch (StoreAway | BusAway away) {
            String reason = String.valueOf(away.getMessage());
            if (news(reason)) {
                listener.waits(name, reason);
            }
        } catch (RuntimeException bug) {
            bugs.incrementAndGet();
            String reason = "broken: " + bug.getMessage();
            if (news(reason)) {
                listener.broke(name, bug);
            }
        }
        return false;
    }

    private boolean news(String reason) {
        boolean news = !reason.equals(trouble);
        trouble = reason;
        return news;
    }

    private void rest(Duration pause) throws InterruptedException {
        if (nudges.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            nudges.drainPermits();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
