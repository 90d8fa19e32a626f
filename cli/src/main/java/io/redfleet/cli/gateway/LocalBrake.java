package io.redfleet.cli.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The brake that works without gateway and Kafka: the file {@code disarmed} in the home of an installation on this machine.
 *
 * <p>The services look for it before every automatic action. It is written whole or not at all.
 */
public final class LocalBrake {
    private final Path home;

    public LocalBrake(Path home) {
        this.home = home;
    }

    public Path file() {
        return home.resolve("disarmed");
    }

    /** Whether an installation has its home here; without one a file would be read by nobody. */
    public boolean usable() {
        return Files.isDirectory(home) && Files.isWritable(home);
    }

    public boolean pulled() {
        return Files.exists(file());
    }

    public void pull(String reason) throws IOException {
        Path draft = home.resolve(".disarmed." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    draft, reason.replaceAll("\\R", " ") + "\n", StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("this file system cannot move a file in one step", e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** @return whether there was one */
    public boolean release() throws IOException {
        return Files.deleteIfExists(file());
    }
}
