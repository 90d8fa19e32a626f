package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.watch.Observation;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says when the certificate ends that an instance shows: of each new connection, and then now and again, for time goes on. */
final class Shown {
    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final InstanceId instance;
    private final Consumer<Observation> sink;
    private @Nullable Wire last;
    private long saidAt;

    Shown(InstanceId instance, Consumer<Observation> sink) {
        this.instance = instance;
        this.sink = sink;
    }

    /** Nothing of a wire in the clear. */
    void over(Wire wire) {
        Instant ends = wire.certificateEnds();
        long now = System.nanoTime();
        if (ends != null && (wire != last || now - saidAt >= EVERY_NANOS)) {
            last = wire;
            saidAt = now;
            sink.accept(new Observation.Certified(instance, ends));
        }
    }
}
