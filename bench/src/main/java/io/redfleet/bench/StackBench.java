package io.redfleet.bench;

import io.redfleet.testkit.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The whole local stack: how long {@code up} takes on a built tree, and how much memory its processes really hold. */
final class StackBench {
    private static final double UP_SECONDS_MAX = 20;
    private static final long PSS_MIB_MAX = 1_200L * 1_000_000 / (1024 * 1024);
    private static final List<String> PARTS =
            List.of("kafka", "postgres", "provisioner", "monitor", "alert", "gateway");

    private StackBench() {}

    /** Prints its figures; true when both bounds hold. */
    static boolean run(Path directory, int runs) throws IOException {
        double slowest = 0;
        List<String> memory = List.of();
        long total = 0;
        for (int i = 0; i < runs; i++) {
            Path home = Files.createDirectories(directory.resolve("stack-" + i));
            long before = System.nanoTime();
            try (Installation stack = Installation.up(home)) {
                slowest = Math.max(slowest, (System.nanoTime() - before) / 1e9);
                memory = new ArrayList<>();
                total = 0;
                for (String part : PARTS) {
                    long mib = Memory.of(stack.process(part)).pssMib();
                    total += mib;
                    memory.add(part + " " + mib);
                }
            }
        }
        boolean holds = slowest <= UP_SECONDS_MAX && total <= PSS_MIB_MAX;
        System.out.printf(
                Locale.ROOT,
                "up on a built tree: slowest of %d runs %.1f s (bound %.0f s)%n",
                runs,
                slowest,
                UP_SECONDS_MAX);
        System.out.printf(
                Locale.ROOT,
                "stack PSS: %d MiB (bound %d MiB), in MiB: %s: %s%n",
                total,
                PSS_MIB_MAX,
                String.join(", ", memory),
                holds ? "holds" : "MISSED");
        return holds;
    }
}
