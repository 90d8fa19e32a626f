package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.survey.Freight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what files came to when they were read whole, for as long as nothing touches them: each plan asks for the digest of the
 * archive that it brings, and to read 200 MB takes a second.
 *
 * <p>A file is the same one by its size, its time of change and its place on the disk. One that was changed just now may be
 * changed again within the same tick of that time, so of it nothing is remembered. Safe for concurrent use.
 */
final class Scale {
    /** Of 40 artefacts; of one more, the one that was read first is forgotten and read again. */
    private static final int MOST = 40;

    /** More than the tick of any file system's times (FAT has 2 s). */
    private static final long YOUNG_MILLIS = 3_000;

    private final Map<String, Weighed> known = new LinkedHashMap<>();

    /** Reads a file whole. */
    interface Reading {
        Freight.Load read() throws IOException;
    }

    private record Stamp(
            long bytes, FileTime changed, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
        }

        /** A time that is to come says nothing of when the file was touched last. */
        boolean young(long now) {
            return changed.toMillis() > now - YOUNG_MILLIS;
        }
    }

    private record Weighed(Stamp stamp, Freight.Load load) {}

    /** What was read, or what it came to last time. */
    Freight.Load weigh(String artefact, Path file, Reading reading) throws IOException {
        Stamp before = Stamp.of(file);
        Weighed last = recall(artefact);
        if (last != null && last.stamp().equals(before)) {
            return last.load();
        }
        long now = System.currentTimeMillis();
        Freight.Load load = reading.read();
        // What is written while it is read is neither the one nor the other.
        if (!before.young(now) && Stamp.of(file).equals(before)) {
            remember(artefact, new Weighed(before, load));
        }
        return load;
    }

    private synchronized @Nullable Weighed recall(String artefact) {
        return known.get(artefact);
    }

    private synchronized void remember(String artefact, Weighed weighed) {
        known.remove(artefact);
        known.put(artefact, weighed);
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
