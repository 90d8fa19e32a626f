package io.redfleet.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One measured quantity: its samples in nanoseconds, and the bound it is held to. Single-threaded. */
final class Samples {
    private final String what;
    private final double boundMillis;
    private final List<Long> nanos = new ArrayList<>();

    Samples(String what, double boundMillis) {
        this.what = what;
        this.boundMillis = boundMillis;
    }

    void add(long sampleNanos) {
        nanos.add(sampleNanos);
    }

    boolean holds() {
        return !nanos.isEmpty() && percentile(99) <= boundMillis;
    }

    /** One line: count, median, p99, maximum in milliseconds, bound, verdict. */
    String line() {
        if (nanos.isEmpty()) {
            return String.format(Locale.ROOT, "%-58s no samples", what);
        }
        return String.format(
                Locale.ROOT,
                "%-58s n=%-5d p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms  (bound p99 %.0f ms: %s)",
                what,
                nanos.size(),
                percentile(50),
                percentile(99),
                percentile(100),
                boundMillis,
                holds() ? "holds" : "MISSED");
    }

    /** Nearest rank, in milliseconds. */
    private double percentile(int percent) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1)) / 1e6;
    }
}
