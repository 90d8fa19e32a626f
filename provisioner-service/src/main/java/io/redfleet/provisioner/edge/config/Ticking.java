package io.redfleet.provisioner.edge.config;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.facts.HostWatch;
import io.redfleet.provisioner.order.Roster;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** A host watch with the thread that ticks it; one for each owned partition. */
final class Ticking implements Roster {
    private static final Logger LOG = Logger.getLogger(Ticking.class);
    private static final long EVERY_MILLIS = 200;
    private static final long PAUSE_SECONDS = 5;

    private final HostWatch watch;
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closed;

    Ticking(Ledger ledger, HostWatch.Terms terms, InstantSource clock) {
        this.watch = new HostWatch(ledger, terms);
        this.clock = clock;
        this.thread = new Thread(this::run, "host-watch");
        this.thread.setDaemon(true);
    }

    Ticking started() {
        thread.start();
        return this;
    }

    @Override
    public void known(HostFacts facts) {
        watch.known(facts);
    }

    @Override
    public void follow(ClusterState cluster) {
        watch.follow(cluster);
    }

    @Override
    public void leave(ClusterName cluster) {
        watch.leave(cluster);
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                tick();
                TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Ledger.Lost lost) {
            LOG.debugf("the hosts are watched by another; error=%s", lost.getMessage());
        }
    }

    /** The thread outlives a mistake of our own: no other watches these hosts. */
    private void tick() throws InterruptedException {
        try {
            watch.tick(clock.instant());
        } catch (Ledger.Lost lost) {
            throw lost;
        } catch (RuntimeException fault) {
            LOG.errorf(fault, "a fault of Redfleet's own while the hosts were watched");
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
    }
}
