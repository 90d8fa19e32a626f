package io.redfleet.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a fixed size below a test's own directory, so that "no space left on device" comes from the kernel.
 *
 * <p>It is a tmpfs: what is on it takes memory, and mounting it needs root. The mount belongs to a shell that waits for the
 * end of its input, so it goes away with this JVM whichever way that ends.
 */
public final class SmallDisk implements AutoCloseable {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
    /** What a tmpfs gives out at once. */
    private static final int PAGE = 4_096;

    private static final String KEEPER = """
            trap '' INT TERM HUP
            mount -t tmpfs -o size="$2"k,mode="$3" tmpfs "$1" || exit 1
            echo mounted
            read end
            umount "$1" 2>/dev/null || umount -l "$1"
            """;

    private final Path path;
    private final Process keeper;

    private SmallDisk(Path path, Process keeper) {
        this.path = path;
        this.keeper = keeper;
    }

    /** Whether this user may mount; what a test assumes before it asks for a disk. */
    public static boolean possible() {
        try (TempDirectory directory = TempDirectory.named("mount")) {
            try (SmallDisk trial = mounted(directory.path(), 16)) {
                return trial.free() > 0;
            } catch (AssertionError refused) {
                return false;
            }
        }
    }

    /** Empty, on a directory {@code disk} that is made in {@code parent}, for this user only. */
    public static SmallDisk mounted(Path parent, int kibibytes) {
        return mounted(parent, kibibytes, "0700");
    }

    /** @param mode of its root, as mount takes it */
    public static SmallDisk mounted(Path parent, int kibibytes, String mode) {
        try {
            Path path = Files.createDirectory(parent.resolve("disk"));
            Process keeper = new ProcessBuilder(
                            "sh", "-c", KEEPER, "small-disk", path.toString(), String.valueOf(kibibytes), mode)
                    .redirectErrorStream(true)
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(keeper.getInputStream(), StandardCharsets.UTF_8));
            String word = said.readLine();
            if (!"mounted".equals(word)) {
                Files.delete(path);
                throw new AssertionError("no tmpfs on " + path + ": " + word);
            }
            return new SmallDisk(path, keeper);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }

    /** Bytes that are left. */
    public long free() {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes every page that is left. A file whose last page is not full still finds room in that page. */
    public void fill() {
        try (FileChannel ballast = FileChannel.open(ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (ballast.write(ByteBuffer.allocate(PAGE)) > 0) {
                // On to the next.
            }
        } catch (IOException full) {
            if (free() > 0) {
                throw new UncheckedIOException(full);
            }
        }
    }

    /** Gives back what {@link #fill()} took; harmless if it took nothing. */
    public void makeRoom() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts, lazily if anybody still has a file open there; what was on it is gone. */
    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(GONE_WITHIN.toSeconds(), TimeUnit.SECONDS) || keeper.exitValue() != 0) {
                throw new AssertionError(path + " is still mounted");
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while unmounting " + path, e);
        }
    }

    private Path ballast() {
        return path.resolve("ballast");
    }
}
