package io.redfleet.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One `up` or `down` at a time on a state directory; the kernel lets go of it when its holder dies. */
final class HomeLock implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    static HomeLock take(Home home, Screen screen) throws IOException, InterruptedException, StartRefused {
        Path file = home.run().resolve("lock");
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.FILE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean said = false;
        while (!locked(channel)) {
            if (!said) {
                screen.line("Another up or down is at work on " + home.root() + "; waiting for it.");
                said = true;
            }
            if (System.nanoTime() - deadline > 0) {
                channel.close();
                throw new StartRefused("another up or down has held " + file + " for " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(PAUSE);
        }
        return new HomeLock(channel);
    }

    // The lock lives as long as its channel, which close() ends.
    private static boolean locked(FileChannel channel) throws IOException {
        @Nullable FileLock lock = channel.tryLock();
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
