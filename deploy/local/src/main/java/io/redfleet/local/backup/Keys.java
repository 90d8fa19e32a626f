package io.redfleet.local.backup;

import io.redfleet.bus.backup.Archive;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.backup.HomeFile;
import io.redfleet.bus.backup.Manifest;
import io.redfleet.local.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files without which the rest of a backup is of little use: private keys for SSH, the keys that open sealed secrets,
 * the admin token, and the host keys that were pinned. All credentials, even those that a later release adds, but what
 * {@code up} makes for one installation alone: another installation has its own.
 */
final class Keys {
    private static final String CREDENTIALS = "credentials/";
    private static final String PINNED = "data/provisioner/known_hosts";
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Home home;

    Keys(Home home) {
        this.home = home;
    }

    /** In the order of their names. */
    List<HomeFile> files() throws IOException {
        List<HomeFile> files = new ArrayList<>();
        if (Files.isDirectory(home.credentials())) {
            try (Stream<Path> found = Files.walk(home.credentials())) {
                for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                    String path = home.root().relativize(file).toString();
                    if (travels(path)) {
                        files.add(new HomeFile(path, file));
                    }
                }
            }
        }
        Path pinned = home.root().resolve(PINNED);
        if (Files.isRegularFile(pinned)) {
            files.add(new HomeFile(PINNED, pinned));
        }
        return List.copyOf(files);
    }

    /** Whether a file is part of what another installation needs. */
    static boolean travels(String path) {
        if (path.equals(PINNED)) {
            return true;
        }
        if (!path.startsWith(CREDENTIALS)) {
            return false;
        }
        String name = path.substring(CREDENTIALS.length());
        boolean draft = name.startsWith(".") || name.contains("/.") || name.endsWith(".new");
        boolean ofThisMachine = name.startsWith("kafka/")
                || name.startsWith("postgres")
                || name.equals("audit-key")
                || name.equals("metrics-key");
        return !draft && !ofThisMachine;
    }

    /**
     * What stands in the way of putting a backup's files into this home: files that are there and differ. Empty: nothing.
     */
    List<String> differing(Archive archive) throws BackupRefused, IOException {
        List<String> differing = new ArrayList<>();
        for (Manifest.FilePart part : archive.manifest().files()) {
            if (!travels(part.path())) {
                throw new BackupRefused("the backup holds " + part.path() + ", which is no key file");
            }
            Path file = home.root().resolve(part.path());
            if (Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), archive.content(part))) {
                differing.add(part.path());
            }
        }
        return differing;
    }

    /** Each appears whole or not at all, readable by its owner alone. Says how many were not there yet. */
    int put(Archive archive) throws BackupRefused, IOException {
        int put = 0;
        for (Manifest.FilePart part : archive.manifest().files()) {
            Path file = home.root().resolve(part.path());
            byte[] content = archive.content(part);
            if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
                continue;
            }
            Path directory = file.getParent() == null ? home.root() : file.getParent();
            Files.createDirectories(directory, DIRECTORY);
            Path draft = Files.createTempFile(directory, "." + file.getFileName(), ".new", FILE);
            Files.write(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            put++;
        }
        return put;
    }
}
