package io.redfleet.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One measured quantity: its samples in nanoseconds, and the bound that its 99th percentile or its maximum is held to.
 * Single-threaded.
 */
final class Samples {
    private final String what;
    private final double boundMillis;
    private final boolean all;
    private final List<Long> nanos = new ArrayList<>();

    /** Held to its bound by the 99th percentile. */
    Samples(String what, double boundMillis) {
        this(what, boundMillis, false);
    }

    private Samples(String what, double boundMillis, boolean all) {
        this.what = what;
        this.boundMillis = boundMillis;
        this.all = all;
    }

    /** Every single sample is held to the bound. */
    static Samples each(String what, double boundMillis) {
        return new Samples(what, boundMillis, true);
    }

    /** Held to nothing: what the machine takes for something that the others contain, so that they can be seen in proportion. */
    static Samples peer(String what) {
        return new Samples(what, Double.POSITIVE_INFINITY, false);
    }

    /** How many of them are at least so long. */
    long atLeast(long sampleNanos) {
        return nanos.stream().filter(sample -> sample >= sampleNanos).count();
    }

    /** Prints a line for each; true when all of them hold. */
    static boolean print(List<Samples> quantities) {
        quantities.forEach(samples -> System.out.println(samples.line()));
        return quantities.stream().allMatch(Samples::holds);
    }

    void add(long sampleNanos) {
        nanos.add(sampleNanos);
    }

    boolean holds() {
        return !nanos.isEmpty() && percentile(all ? 100 : 99) <= boundMillis;
    }

    /** One line: count, median, p99, maximum in milliseconds, bound, verdict. */
    String line() {
        if (nanos.isEmpty()) {
            return String.format(Locale.ROOT, "%-58s no samples", what);
        }
        String measured = String.format(
                Locale.ROOT,
                "%-58s n=%-5d p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms",
                what,
                nanos.size(),
                percentile(50),
                percentile(99),
                percentile(100));
        if (Double.isInfinite(boundMillis)) {
            return measured + "  (peer)";
        }
        String verdict = holds() ? "holds" : "MISSED";
        return measured
                + String.format(Locale.ROOT, "  (bound %s %.0f ms: %s)", all ? "max" : "p99", boundMillis, verdict);
    }

    /** Nearest rank, in milliseconds. */
    private double percentile(int percent) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1)) / 1e6;
    }
}
