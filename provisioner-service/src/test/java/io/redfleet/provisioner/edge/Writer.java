package io.redfleet.provisioner.edge;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Writes one key after the other where it may, and remembers what was acknowledged. */
final class Writer implements AutoCloseable {
    private static final int MOST_NODES = 3;

    private final ServiceGround ground;
    private final Thread thread;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean over;
    private volatile int node = 1;

    Writer(ServiceGround ground) {
        this.ground = ground;
        this.thread = Thread.ofVirtual().start(this::write);
    }

    private void write() {
        long last = System.nanoTime();
        while (!over) {
            try (RedisCall call = ground.call(node, ground.trio.redisPort(node), Purpose.APPLICATION)) {
                while (!over) {
                    call.call("SET", "key-" + (acknowledged.get() + 1), "x");
                    acknowledged.incrementAndGet();
                    long now = System.nanoTime();
                    longestNanos.accumulateAndGet(now - last, Math::max);
                    last = now;
                    Thread.sleep(1);
                }
            } catch (IOException refused) {
                node = node % MOST_NODES + 1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Where it writes, counted from 1. */
    int at() {
        return node;
    }

    int count() {
        return acknowledged.get();
    }

    /** The longest time between two acknowledged writes. */
    Duration longestOutage() {
        return Duration.ofNanos(longestNanos.get());
    }

    void awaitMore(int count) {
        int before = acknowledged.get();
        Await.until("writes", Duration.ofSeconds(30), () -> acknowledged.get() >= before + count);
    }

    /** Acknowledged and not there. Ends the writing. */
    List<String> lost() throws Exception {
        over = true;
        thread.join(Duration.ofSeconds(10));
        try (RedisCall call = ground.call(node, ground.trio.redisPort(node), Purpose.APPLICATION)) {
            List<String> lost = new ArrayList<>();
            for (int i = 1; i <= acknowledged.get(); i++) {
                if (call.call("GET", "key-" + i) == null) {
                    lost.add("key-" + i);
                }
            }
            return lost;
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
