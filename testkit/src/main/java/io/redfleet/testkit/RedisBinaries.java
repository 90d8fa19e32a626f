package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where redis-server and redis-sentinel are.
 *
 * <p>All of Redis is one binary that looks at the name it was called by. Debian's redis-tools brings it as
 * redis-check-rdb only; a link of another name in a temporary directory is a redis-server.
 */
public final class RedisBinaries {
    private static @Nullable Path links;

    private RedisBinaries() {}

    /** Whether Redis can be run here, for tests that are skipped with a reason where it cannot. */
    public static boolean present() {
        return found("redis-server").isPresent();
    }

    public static Path server() {
        return require("redis-server");
    }

    public static Path sentinel() {
        return require("redis-sentinel");
    }

    private static Path require(String name) {
        return found(name)
                .orElseThrow(() -> new IllegalStateException(
                        "no " + name + " and no redis-check-rdb in PATH: apt-get install redis-tools"));
    }

    private static Optional<Path> found(String name) {
        return inPath(name)
                .or(() -> inPath("redis-server")
                        .or(() -> inPath("redis-check-rdb"))
                        .map(one -> link(one, name)));
    }

    private static Optional<Path> inPath(String name) {
        return Arrays.stream(
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static synchronized Path link(Path binary, String name) {
        try {
            if (links == null) {
                TempDirectory directory = TempDirectory.named("redis-links");
                Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "redis-links-end"));
                links = directory.path();
            }
            Path link = links.resolve(name);
            return Files.exists(link) ? link : Files.createSymbolicLink(link, binary.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
