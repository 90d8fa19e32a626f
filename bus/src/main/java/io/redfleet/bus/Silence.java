package io.redfleet.bus;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * For how long a reader has had no connection to a broker. A poll that finds nothing looks the same whether nothing came or
 * nobody was there to ask; the client's own count of connections tells the two apart.
 */
public final class Silence {
    /** One poll may take a quarter of a second; only more than a few of them mean anything. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Metric connections;
    private volatile long heardNanos = System.nanoTime();

    public Silence(Consumer<?, ?> consumer) {
        this.connections = consumer.metrics().entrySet().stream()
                .filter(entry -> isConnectionCount(entry.getKey()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the client keeps no connection-count"))
                .getValue();
    }

    /** Looks whether there is a connection; for the reading thread, after each poll. */
    public void look() {
        if (connections.metricValue() instanceof Number open && open.doubleValue() > 0) {
            heardNanos = System.nanoTime();
        }
    }

    /** Zero while there is a connection. Any thread may ask. */
    public Duration lasted() {
        Duration silent = Duration.ofNanos(System.nanoTime() - heardNanos);
        return silent.compareTo(GRACE) < 0 ? Duration.ZERO : silent;
    }

    private static boolean isConnectionCount(MetricName name) {
        return name.name().equals("connection-count") && name.group().equals("consumer-metrics");
    }
}
