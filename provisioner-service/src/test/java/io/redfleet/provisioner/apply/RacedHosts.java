package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Hosts that give leases in real time: an asking takes a moment to arrive, and so does the giving back, in which the host
 * still has it. Of those that wait for a host any may be the next. Thread-safe.
 */
final class RacedHosts implements HostLeases {
    private static final int MOMENT_MILLIS = 8;

    private final Random random;
    /** By address. */
    private final Map<String, RacedLease> held = new HashMap<>();

    private final List<RacedLease> arrived = new ArrayList<>();
    /** Who works, by address. */
    private final Map<String, String> working = new HashMap<>();

    private final List<String> harm = new ArrayList<>();
    private int underWay;

    RacedHosts(long seed) {
        random = new Random(seed);
    }

    @Override
    public synchronized HostLease ask(HostAccess access, Request request) {
        RacedLease lease = new RacedLease(access.address(), request.holder().line());
        soon(() -> {
            // What was given back may be overtaken by that.
            if (!lease.gone) {
                arrived.add(lease);
                handOut();
            }
        });
        return lease;
    }

    /** Works on hosts for a moment. */
    void work(String operation, List<String> addresses) {
        synchronized (this) {
            for (String address : addresses) {
                String other = working.put(address, operation);
                if (other != null) {
                    harm.add(operation + " beside " + other + " on " + address);
                }
            }
        }
        Await.moment(moment());
        synchronized (this) {
            addresses.forEach(working::remove);
        }
    }

    synchronized List<String> harm() {
        return List.copyOf(harm);
    }

    /** Whether nobody holds, waits or is about to. */
    synchronized boolean isFree() {
        return held.isEmpty() && arrived.isEmpty() && underWay == 0;
    }

    private synchronized Duration moment() {
        return Duration.ofMillis(random.nextInt(MOMENT_MILLIS));
    }

    private synchronized void soon(Runnable event) {
        underWay++;
        Duration moment = moment();
        Thread.startVirtualThread(() -> {
            Await.moment(moment);
            synchronized (this) {
                underWay--;
                event.run();
                notifyAll();
            }
        });
    }

    /** To any that waits, for each host that nobody has. */
    private synchronized void handOut() {
        List<RacedLease> waiting = new ArrayList<>(arrived);
        while (!waiting.isEmpty()) {
            RacedLease any = waiting.remove(random.nextInt(waiting.size()));
            held.putIfAbsent(any.address, any);
        }
    }

    private final class RacedLease implements HostLease {
        private final String address;
        private final String holder;
        private boolean closed;
        /** The host knows that it is closed. */
        private boolean gone;

        RacedLease(String address, String holder) {
            this.address = address;
            this.holder = holder;
        }

        @Override
        public LeaseState state() {
            synchronized (RacedHosts.this) {
                if (closed) {
                    return new LeaseState.Lost("given back");
                }
                RacedLease has = held.get(address);
                if (has == this) {
                    return new LeaseState.Held();
                }
                return has == null || !arrived.contains(this)
                        ? new LeaseState.Asked()
                        : new LeaseState.Busy("it is held by " + has.holder, has.holder);
            }
        }

        @Override
        public LeaseState await(Duration most) {
            long end = System.nanoTime() + most.toNanos();
            synchronized (RacedHosts.this) {
                while (true) {
                    LeaseState now = state();
                    long rest = (end - System.nanoTime()) / 1_000_000;
                    if (rest <= 0 || now instanceof LeaseState.Held || now instanceof LeaseState.Lost) {
                        return now;
                    }
                    try {
                        RacedHosts.this.wait(rest);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return new LeaseState.Lost("interrupted");
                    }
                }
            }
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 0;
        }

        @Override
        public void close() {
            synchronized (RacedHosts.this) {
                if (!closed) {
                    closed = true;
                    RacedHosts.this.notifyAll();
                    soon(this::end);
                }
            }
        }

        private void end() {
            synchronized (RacedHosts.this) {
                gone = true;
                arrived.remove(this);
                held.remove(address, this);
                handOut();
            }
        }
    }
}
