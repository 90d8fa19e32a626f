package io.redfleet.cli.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The brake that works without gateway and Kafka: the file {@code disarmed} in the home of an installation on this machine,
 * and for a label an entry of the directory {@code disarmed.labels} with its name.
 *
 * <p>The services look for them before every automatic action. Each is written whole or not at all.
 */
public final class LocalBrake {
    /** As many as the services read; with more they hold everything. */
    private static final int MOST_LABELS = 100;

    private static final String PART = "[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(PART + "=(" + PART + ")?");

    private final Path home;

    public LocalBrake(Path home) {
        this.home = home;
    }

    /** Whether a spec can have this label: {@code key=value}. Nothing else becomes the name of a file. */
    public static boolean isLabel(String label) {
        return LABEL.matcher(label).matches();
    }

    public Path file() {
        return home.resolve("disarmed");
    }

    /**
     * What stands while the label is disarmed here.
     *
     * @throws IllegalArgumentException it is no label
     */
    public Path file(String label) {
        if (!isLabel(label)) {
            throw new IllegalArgumentException("not a label: " + label);
        }
        return labels().resolve(label.replace('/', '%'));
    }

    /** Whether an installation has its home here; without one a file would be read by nobody. */
    public boolean usable() {
        return Files.isDirectory(home) && Files.isWritable(home);
    }

    public boolean pulled() {
        return Files.exists(file());
    }

    public void pull(String reason) throws IOException {
        write(file(), reason);
    }

    /** Of a label that is disarmed here already the first reason stays. */
    public void pull(String label, String reason) throws IOException {
        Path file = file(label);
        try {
            Files.createDirectory(
                    labels(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (Files.exists(file)) {
                return;
            }
        }
        if (entries().size() >= MOST_LABELS) {
            throw new IOException(MOST_LABELS + " labels are disarmed here already; rearm one of them first");
        }
        write(file, reason);
    }

    private void write(Path file, String reason) throws IOException {
        Path draft = home.resolve(".disarmed." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    draft, reason.replaceAll("\\R", " ") + "\n", StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** @return whether there was one */
    public boolean release(String label) throws IOException {
        return Files.deleteIfExists(file(label));
    }

    /** The names of what stands for labels, those included that are none; the first hundred. */
    public List<String> entries() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(labels())) {
            for (Path entry : entries) {
                if (names.size() == MOST_LABELS) {
                    break;
                }
                names.add(String.valueOf(entry.getFileName()).replace('%', '/'));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names.stream().sorted().toList();
    }

    public Path labels() {
        return home.resolve("disarmed.labels");
    }
}
