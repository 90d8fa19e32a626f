package io.redfleet.local.demo;

import io.redfleet.contracts.access.Secret;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * An application that writes all the time, one key after another, and remembers what was acknowledged.
 *
 * <p>It finds the master as applications do: it asks the Sentinels by name, and asks again whenever a write fails. A write
 * without an answer counts as not acknowledged, whatever became of it. Keys live for an hour.
 */
final class Writer implements AutoCloseable {
    /** Short, so that a dead master costs a retry and not the measurement. */
    private static final int TIMEOUT_MILLIS = 500;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** An hour of writes, one a millisecond. */
    private static final int MOST = 3_600_000;

    private static final int BATCH = 500;

    private final List<HostAndPort> sentinels;
    private final String masterName;
    private final JedisClientConfig login;
    private final String prefix;
    private final Thread thread = new Thread(this::writeOn, "demo-writer");
    private final BitSet acknowledged = new BitSet();
    private volatile boolean ended;
    private volatile int attempted;
    private volatile long lastAck;
    private volatile int acks;
    private volatile String trouble = "nothing answered yet";
    private long markedAt;
    private long gapFrom;
    private long gapTo;

    /**
     * What an application is told of a cluster.
     *
     * @param user its name in Redis and Sentinel alike; empty where there is no access control
     * @param password as it was revealed
     */
    record Way(List<HostAndPort> sentinels, String masterName, String user, Secret password) {
        private JedisClientConfig login() {
            DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                    .connectionTimeoutMillis(TIMEOUT_MILLIS)
                    .socketTimeoutMillis(TIMEOUT_MILLIS);
            return user.isEmpty()
                    ? config.build()
                    : config.user(user).password(password.reveal()).build();
        }
    }

    /** @param run tells this run's keys from those of another */
    Writer(Way way, String run) {
        this.sentinels = List.copyOf(way.sentinels());
        this.masterName = way.masterName();
        this.login = way.login();
        this.prefix = "demo:" + run + ":";
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int acknowledgedSoFar() {
        return acks;
    }

    /** What stands in the way now, for a message. */
    String trouble() {
        return trouble;
    }

    /** From here on the longest time without an acknowledged write is measured. */
    synchronized void mark() {
        markedAt = System.nanoTime();
        gapFrom = 0;
        gapTo = 0;
    }

    /** Whether writes are acknowledged again, the latest one within {@code recent}. */
    boolean flowsAgain(Duration recent) {
        long last = lastAck;
        return last - markedNanos() > 0 && System.nanoTime() - last < recent.toNanos();
    }

    /** Last acknowledgement before the longest gap since the mark to the first one after it. */
    synchronized Duration outage() {
        return Duration.ofNanos(gapTo - gapFrom);
    }

    /** What became of the acknowledged writes. */
    record Losses(int acknowledged, int attempted, int lost) {}

    /** Ends the writing and reads every acknowledged write back from the master. */
    Losses readBack() throws InterruptedException {
        close();
        thread.join(Duration.ofSeconds(5));
        if (thread.isAlive()) {
            throw new IllegalStateException("the writer does not end");
        }
        int lost = 0;
        try (Jedis master = connect().orElseThrow(() -> new JedisException("no master: " + trouble))) {
            int[] numbers = acknowledged.stream().toArray();
            for (int from = 0; from < numbers.length; from += BATCH) {
                lost += lostOf(
                        master, java.util.Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + BATCH)));
            }
        }
        return new Losses(acknowledged.cardinality(), attempted, lost);
    }

    @Override
    public void close() {
        ended = true;
    }

    private int lostOf(Jedis master, int[] numbers) {
        String[] keys =
                java.util.Arrays.stream(numbers).mapToObj(n -> prefix + n).toArray(String[]::new);
        List<String> values = master.mget(keys);
        int lost = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (!String.valueOf(numbers[i]).equals(values.get(i))) {
                lost++;
            }
        }
        return lost;
    }

    private void writeOn() {
        @Nullable Jedis master = null;
        SetParams forAnHour = SetParams.setParams().ex(3600);
        for (int n = 0; !ended && n < MOST; n++) {
            attempted = n + 1;
            try {
                if (master == null) {
                    master = connect().orElse(null);
                }
                if (master != null) {
                    master.set(prefix + n, String.valueOf(n), forAnHour);
                    acknowledge(n);
                }
            } catch (JedisException e) {
                // Connection gone, READONLY, NOREPLICAS, LOADING: all the same to an application, which asks again.
                trouble = String.valueOf(e.getMessage());
                closed(master);
                master = null;
            }
            LockSupport.parkNanos(master == null ? RETRY_NANOS : PAUSE_NANOS);
        }
        closed(master);
    }

    private synchronized void acknowledge(int n) {
        long now = System.nanoTime();
        acknowledged.set(n);
        if (markedAt != 0 && lastAck != 0 && now - lastAck > gapTo - gapFrom) {
            gapFrom = lastAck;
            gapTo = now;
        }
        lastAck = now;
        acks++;
    }

    private synchronized long markedNanos() {
        return markedAt;
    }

    /** The master that the first Sentinel to answer names. */
    private Optional<Jedis> connect() {
        for (HostAndPort sentinel : sentinels) {
            try (Jedis asked = new Jedis(sentinel, login)) {
                List<String> address = asked.sentinelGetMasterAddrByName(masterName);
                if (address != null && address.size() == 2) {
                    int port = Integer.parseInt(address.get(1));
                    return Optional.of(new Jedis(new HostAndPort(address.get(0), port), login));
                }
                trouble = "Sentinel " + sentinel + " knows no master " + masterName;
            } catch (JedisException e) {
                trouble = "Sentinel " + sentinel + ": " + e.getMessage();
            }
        }
        return Optional.empty();
    }

    private static void closed(@Nullable Jedis connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (JedisException e) {
            // It was broken before; there is nothing left to give back.
            return;
        }
    }
}
