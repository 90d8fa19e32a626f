package io.redfleet.bench;

import io.redfleet.testkit.Checkout;
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
        forgetArchives();
        double first = upOnce(directory.resolve("stack-first"));
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
                "the first up of a build, before there are archives of classes: %.1f s (bound %.0f s): %s%n",
                first,
                UP_SECONDS_MAX,
                first <= UP_SECONDS_MAX ? "holds" : "MISSED");
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
        return holds && first <= UP_SECONDS_MAX;
    }

    /** Up and down once, in seconds until it is up. */
    private static double upOnce(Path home) throws IOException {
        Files.createDirectories(home);
        long before = System.nanoTime();
        try (Installation stack = Installation.up(home)) {
            stack.adminToken();
            return (System.nanoTime() - before) / 1e9;
        }
    }

    /** As after a build: what the parts keep of their loaded classes is gone. */
    private static void forgetArchives() throws IOException {
        for (String module :
                List.of("deploy/broker", "provisioner-service", "monitor-service", "alert-service", "api-gateway")) {
            Files.deleteIfExists(Checkout.root().resolve(module).resolve("target/classes.jsa"));
        }
    }
}
