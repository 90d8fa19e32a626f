package io.redfleet.bench.apply;

import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the data nodes for their roles all the time, and adds up how long there was not one master. */
final class RoleWatch implements AutoCloseable {
    private static final Duration CALL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final List<String> addresses;
    private final String password;
    private final Tally tally = new Tally();
    private final Thread thread = new Thread(this::watch, "role-watch");
    private volatile boolean ended;

    private RoleWatch(List<String> addresses, String password) {
        this.addresses = addresses;
        this.password = password;
        thread.setDaemon(true);
    }

    /** @param password of the application */
    static RoleWatch begin(List<String> addresses, String password) {
        RoleWatch watch = new RoleWatch(addresses, password);
        watch.thread.start();
        return watch;
    }

    /** What was seen; complete once this is closed. */
    Tally tally() {
        return tally;
    }

    @Override
    public void close() {
        ended = true;
        try {
            if (!thread.join(ENDS_WITHIN)) {
                throw new IllegalStateException("the look at the roles does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        long before = System.nanoTime();
        try {
            while (!ended) {
                long masters = addresses.stream().filter(this::leads).count();
                long now = System.nanoTime();
                tally.add((int) masters, now - before);
                before = now;
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean leads(String address) {
        try (RedisCall call = RedisCall.open(address, Trio.REDIS, CALL).as("application", password)) {
            List<String> role = EndState.words(call.call("ROLE"));
            return !role.isEmpty() && role.getFirst().equals("master");
        } catch (IOException away) {
            return false;
        }
    }

    /** Times with no master and with several, as far as looks that follow each other can tell. */
    static final class Tally {
        private long none;
        private long several;
        private int most;

        synchronized void add(int masters, long nanos) {
            most = Math.max(most, masters);
            if (masters == 0) {
                none += nanos;
            } else if (masters > 1) {
                several += nanos;
            }
        }

        @Override
        public synchronized String toString() {
            return "no master for " + none / 1_000_000 + " ms, " + (most > 1 ? most : "several") + " masters for "
                    + several / 1_000_000 + " ms";
        }
    }
}
