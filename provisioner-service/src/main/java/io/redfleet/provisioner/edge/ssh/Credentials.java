package io.redfleet.provisioner.edge.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.regex.Pattern;

/** Private keys by name, from files that only their owner may read; read anew at every connection. */
public final class Credentials {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<PosixFilePermission> ALLOWED =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path directory;

    public Credentials(Path directory) {
        this.directory = directory;
    }

    /** The bytes of the key file; the caller wipes them. */
    byte[] privateKey(String name) throws Unusable {
        if (!NAME.matcher(name).matches()) {
            throw new Unusable("credential \"" + name + "\" is not a name");
        }
        Path file = directory.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new Unusable("credential " + name + ": no file of that name in the credentials directory");
            }
            if (!ALLOWED.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Unusable("credential " + name + ": the file must have mode 0600");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unusable("credential " + name + " cannot be read: " + e.getMessage());
        }
    }

    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
