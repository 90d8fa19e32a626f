package io.redfleet.bus;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * For how long a reader has had no broker. A poll that finds nothing looks the same whether nothing came or nobody was there
 * to ask; the client's own figures tell the two apart.
 *
 * <p>A reader that may be paused has its count of connections to go by. One that always fetches is answered twice a second
 * though there is nothing to give (fetch.max.wait.ms), so for it a broker that holds its connections and says nothing is
 * away as well.
 */
public final class Silence {
    /** One poll may take a quarter of a second; only more than a few of them mean anything. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Four answers that should have come. */
    private static final Duration GRACE_OF_ANSWERS = Duration.ofSeconds(2);

    private final Metric figure;
    private final boolean fetching;
    private volatile long heardNanos = System.nanoTime();
    private double answers; // reading thread only

    /** Of a reader that may be paused. */
    public Silence(Consumer<?, ?> consumer) {
        this(consumer, "connection-count", false);
    }

    private Silence(Consumer<?, ?> consumer, String figure, boolean fetching) {
        this.fetching = fetching;
        this.figure = consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(figure)
                        && entry.getKey().group().equals("consumer-metrics"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the client keeps no " + figure))
                .getValue();
    }

    /** Of a reader that fetches all the time, and polls all the time. */
    public static Silence ofAnswers(Consumer<?, ?> consumer) {
        return new Silence(consumer, "response-total", true);
    }

    /** Looks whether somebody is there; for the reading thread, after each poll. */
    public void look() {
        if (figure.metricValue() instanceof Number now && now.doubleValue() > answers) {
            heardNanos = System.nanoTime();
            answers = fetching ? now.doubleValue() : 0;
        }
    }

    /** Records came: they lay here already or came just now, and no new ones were fetched while they were dealt with. */
    public void heard() {
        heardNanos = System.nanoTime();
    }

    /** Zero while somebody is there. Any thread may ask. */
    public Duration lasted() {
        Duration silent = Duration.ofNanos(System.nanoTime() - heardNanos);
        return silent.compareTo(fetching ? GRACE_OF_ANSWERS : GRACE) < 0 ? Duration.ZERO : silent;
    }
}
