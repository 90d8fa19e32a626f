package io.redfleet.local.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.Backup;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.local.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The daily backups in a home: {@code backups/redfleet-TIME.backup}, the last seven. An old one goes only after a newer one
 * was read back. Without key files: they lie beside it, and what can be copied from here should not open anything.
 */
public final class Shelf {
    private static final String FAILED = "failed";
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;

    public Shelf(Home home) {
        this.directory = home.backups();
    }

    /** What a look at the shelf came to. */
    public sealed interface Look {
        /** The last one is young enough, or another process is making one. */
        record NotDue() implements Look {}

        record Made(Path file, long records, int removed) implements Look {}

        record Failed(String reason) implements Look {}
    }

    /** Makes the day's backup if it is due. What goes wrong is noted on the shelf until one succeeds. */
    public Look look(BusSettings bus, Instant now) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (FileChannel channel = FileChannel.open(
                directory.resolve(".lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE)) {
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null || !Rota.due(names(), now)) {
                return new Look.NotDue();
            }
            return make(bus, now);
        }
    }

    /** The names of the backups here, oldest first. */
    public List<String> names() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> Rota.at(name).isPresent())
                    .sorted()
                    .toList();
        }
    }

    /** Why the last attempt failed; empty: it did not. */
    public Optional<String> failure() throws IOException {
        Path note = directory.resolve(FAILED);
        return Files.exists(note) ? Optional.of(Files.readString(note).strip()) : Optional.empty();
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    private Look make(BusSettings bus, Instant now) throws IOException {
        removeUnfinished();
        Path file = directory.resolve(Rota.name(now));
        try {
            long records =
                    new Backup(bus, List.of(), line -> {}).into(file, now).records();
            Files.deleteIfExists(directory.resolve(FAILED));
            int removed = 0;
            for (String old : Rota.surplus(names(), file.getFileName().toString())) {
                Files.deleteIfExists(directory.resolve(old));
                removed++;
            }
            return new Look.Made(file, records, removed);
        } catch (BackupRefused e) {
            note(now + " " + e.reason());
            return new Look.Failed(e.reason());
        }
    }

    /** What a process left behind that was killed while it wrote; we hold the lock, so nobody writes now. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(".redfleet-") && name.endsWith(".part")) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private void note(String text) throws IOException {
        Path draft = Files.createTempFile(directory, ".failed", ".new", FILE);
        Files.writeString(draft, text + "\n");
        Files.move(
                draft, directory.resolve(FAILED), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
