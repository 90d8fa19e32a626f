package io.redfleet.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The state directory: data, logs, run (pids and ready files) and credentials, for its owner alone. */
public record Home(Path root) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** {@code REDFLEET_HOME}, or redfleet under the user's state directory. */
    public static Home of(Map<String, String> environment) {
        String named = environment.getOrDefault("REDFLEET_HOME", "");
        if (!named.isBlank()) {
            return new Home(Path.of(named).toAbsolutePath().normalize());
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isBlank() ? userHome(environment).resolve(".local/state") : Path.of(state);
        return new Home(base.resolve("redfleet").toAbsolutePath().normalize());
    }

    /** As the shell sees it: HOME, which the JDK's user.home does not follow. */
    static Path userHome(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    }

    /**
     * Makes what is missing; what others may read of it, such as the files of an older version, is closed to them.
     *
     * @throws FileSystemException if the root is open to others and holds things that are not ours: closing, say, /tmp to
     *     everybody else would be a bad surprise
     */
    public void prepare() throws IOException {
        if (Files.isDirectory(root) && !Files.isDirectory(run()) && openToOthers()) {
            try (Stream<Path> things = Files.list(root)) {
                if (things.findAny().isPresent()) {
                    throw new FileSystemException(
                            root.toString(), null, "holds other things: let REDFLEET_HOME name a directory of its own");
                }
            }
        }
        for (Path directory : new Path[] {root, data(), logs(), run(), credentials()}) {
            OwnerOnly.directory(directory);
        }
        OwnerOnly.close(root);
    }

    private boolean openToOthers() throws IOException {
        return !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(root));
    }

    public Path data() {
        return root.resolve("data");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path credentials() {
        return root.resolve("credentials");
    }

    /** Where the daily backups lie. */
    public Path backups() {
        return root.resolve("backups");
    }

    /** Where guests live: processes on this machine that are managed as if they ran on hosts of their own. */
    public Path guests() {
        return root.resolve("demo");
    }

    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    /** Opens the services' metrics and the reasons of their health. */
    Path metricsKey() {
        return credentials().resolve("metrics-key");
    }

    /** Written by the gateway at its first start. */
    public Path adminToken() {
        return credentials().resolve("admin-token");
    }
}
