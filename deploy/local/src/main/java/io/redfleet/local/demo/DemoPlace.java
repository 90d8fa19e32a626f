package io.redfleet.local.demo;

import io.redfleet.local.Home;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/** Files and ports of the demo: all below the home, moved with the stack's port offset. */
record DemoPlace(Home home, int offset) {
    /** What a spec accepts as a directory, and what sshd_config and redis.conf take without quoting. */
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    /** What every demo needs. */
    void prepareRoot() throws IOException {
        Files.createDirectories(root());
        Files.createDirectories(keys());
        Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwx------"));
    }

    /** What the hosts on loopback need. */
    void prepare() throws IOException, StartRefused {
        if (!PLAIN.matcher(root().toString()).matches()) {
            throw new StartRefused("the demo's directory " + root()
                    + " has characters that no host directory may have: set REDFLEET_HOME to a plain path");
        }
        for (DemoHost host : DemoHost.ALL) {
            Files.createDirectories(directory(host));
            Files.createDirectories(sshd(host));
        }
        Files.createDirectories(binaries());
        prepareRoot();
    }

    Path root() {
        return home.guests();
    }

    /** Below this every instance has its own directory. */
    Path directories() {
        return root().resolve("hosts");
    }

    Path directory(DemoHost host) {
        return directories().resolve(host.name());
    }

    Path sshd(DemoHost host) {
        return root().resolve("sshd").resolve(host.name());
    }

    Path binaries() {
        return root().resolve("bin");
    }

    private Path keys() {
        return home.credentials().resolve("ssh");
    }

    /** Where the provisioner looks for the credential that the spec names. */
    Path key() {
        return keys().resolve("demo-key");
    }

    int sshPort() {
        return 22022 + offset;
    }

    int redisPort() {
        return 17001 + offset;
    }

    int sentinelPort() {
        return 27001 + offset;
    }
}
