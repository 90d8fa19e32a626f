package io.redfleet.provisioner.edge;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A client that knows the Sentinels alone: writes one key after the other to whom they name, and remembers what was
 * acknowledged.
 */
final class SentinelWriter implements AutoCloseable {
    private static final Duration WRITES_WITHIN = Duration.ofMinutes(1);
    private static final int READ_AT_ONCE = 500;

    /** How it gets a connection, as the application's user. */
    interface Way {
        RedisCall open(String address, int port) throws IOException;
    }

    private final List<Endpoint> sentinels;
    private final String masterName;
    private final Way way;
    private final Thread thread;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean over;

    SentinelWriter(List<Endpoint> sentinels, String masterName, Way way) {
        this.sentinels = List.copyOf(sentinels);
        this.masterName = masterName;
        this.way = way;
        this.thread = Thread.ofVirtual().start(this::write);
    }

    private void write() {
        long last = System.nanoTime();
        String at = "";
        for (int turn = 0; !over; turn++) {
            try {
                Endpoint master = master(sentinels.get(turn % sentinels.size()));
                try (RedisCall call = way.open(master.host(), master.port())) {
                    while (!over) {
                        String number = "" + (acknowledged.get() + 1);
                        call.call("SET", key(number), number);
                        if (!at.equals("" + master)) {
                            at = "" + master;
                            moves.incrementAndGet();
                        }
                        acknowledged.incrementAndGet();
                        long now = System.nanoTime();
                        longestNanos.accumulateAndGet(now - last, Math::max);
                        last = now;
                        Await.moment(Duration.ofMillis(2));
                    }
                }
            } catch (IOException silentOrRefused) {
                // Another Sentinel may know more by then.
                Await.moment(Duration.ofMillis(20));
            }
        }
    }

    private Endpoint master(Endpoint sentinel) throws IOException {
        try (RedisCall call = way.open(sentinel.host(), sentinel.port())) {
            List<?> said = (List<?>) call.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName);
            if (said == null) {
                throw new IOException(sentinel + " knows no master");
            }
            return new Endpoint(String.valueOf(said.getFirst()), Integer.parseInt(String.valueOf(said.getLast())));
        }
    }

    private static String key(String number) {
        return "w" + number;
    }

    int count() {
        return acknowledged.get();
    }

    /** At how many masters, one after the other, it wrote. */
    int masters() {
        return moves.get();
    }

    /** The longest time between two acknowledged writes. */
    Duration longestOutage() {
        return Duration.ofNanos(longestNanos.get());
    }

    void awaitMore(int count) {
        int before = acknowledged.get();
        Await.until(count + " writes more than " + before, WRITES_WITHIN, () -> acknowledged.get() >= before + count);
    }

    /** Ends the writing, and waits for its end. */
    void end() throws InterruptedException {
        over = true;
        if (!thread.join(WRITES_WITHIN)) {
            throw new AssertionError("the client has not ended within " + WRITES_WITHIN);
        }
    }

    /** The acknowledged writes that a data node does not have. After {@link #end()}. */
    List<String> lostAt(Endpoint node) throws IOException {
        List<String> lost = new ArrayList<>();
        try (RedisCall call = way.open(node.host(), node.port())) {
            for (int from = 1; from <= acknowledged.get(); from += READ_AT_ONCE) {
                List<String> numbers = IntStream.range(from, Math.min(from + READ_AT_ONCE, acknowledged.get() + 1))
                        .mapToObj(number -> "" + number)
                        .toList();
                List<String> words = new ArrayList<>(List.of("MGET"));
                numbers.forEach(number -> words.add(key(number)));
                List<?> said = (List<?>) Objects.requireNonNull(call.call(words.toArray(String[]::new)));
                for (int i = 0; i < numbers.size(); i++) {
                    if (!numbers.get(i).equals(said.get(i))) {
                        lost.add(key(numbers.get(i)) + " at " + node);
                    }
                }
            }
        }
        return lost;
    }

    @Override
    public void close() {
        over = true;
    }
}
