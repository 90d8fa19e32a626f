package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The state directory: data, logs, run (pids and ready files) and credentials, for its owner alone. */
public record Home(Path root) {

    /** {@code REDFLEET_HOME}, or redfleet under the user's state directory. */
    public static Home of(Map<String, String> environment) {
        String named = environment.getOrDefault("REDFLEET_HOME", "");
        if (!named.isBlank()) {
            return new Home(Path.of(named).toAbsolutePath().normalize());
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return new Home(base.resolve("redfleet").toAbsolutePath().normalize());
    }

    /** Makes what is missing; a directory that others may read is closed to them again. */
    public void prepare() throws IOException {
        for (Path directory : new Path[] {root, data(), logs(), run(), credentials()}) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
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

    /** Where guests live: processes on this machine that are managed as if they ran on hosts of their own. */
    public Path guests() {
        return root.resolve("demo");
    }

    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    /** Written by the gateway at its first start. */
    public Path adminToken() {
        return credentials().resolve("admin-token");
    }
}
