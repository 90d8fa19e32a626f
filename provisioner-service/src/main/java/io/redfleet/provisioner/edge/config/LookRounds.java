package io.redfleet.provisioner.edge.config;

import io.redfleet.provisioner.drift.Rhythm;
import io.redfleet.provisioner.order.Rounds;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The rounds of all desks of this process, on so many threads as clusters may be looked at at once. */
final class LookRounds implements Rounds, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LookRounds.class);
    private static final int AT_ONCE = 2;
    /** Between two looks of one desk: some hundred clusters on one partition have their turn in ten minutes. */
    private static final long PAUSE_MILLIS = 500;

    private final Optional<Rhythm> rhythm;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
                Thread thread = new Thread(work, "drift");
                thread.setDaemon(true);
                return thread;
            },
            // Closed: nobody looks any more.
            new ThreadPoolExecutor.DiscardPolicy());
    private final Executor afterAPause =
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, threads);

    /** @param every empty: never */
    LookRounds(Optional<Duration> every) {
        this.rhythm = every.map(Rhythm::new);
        this.threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public Optional<Rhythm> rhythm() {
        return rhythm;
    }

    @Override
    public void begin(BooleanSupplier round) {
        afterAPause.execute(() -> once(round));
    }

    /** The desk guards each of its looks; what comes here all the same must not end the others. */
    private void once(BooleanSupplier round) {
        boolean more = true;
        try {
            more = round.getAsBoolean();
        } catch (RuntimeException fault) {
            LOG.errorf(fault, "a fault of Redfleet's own while clusters were looked at");
        }
        if (more) {
            begin(round);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
