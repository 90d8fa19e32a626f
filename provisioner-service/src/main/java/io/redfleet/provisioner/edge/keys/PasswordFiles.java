package io.redfleet.provisioner.edge.keys;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.secret.GivenPasswords;
import io.redfleet.provisioner.secret.Locksmith;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Passwords by name, from files that only their owner may read, each of one line. A password without limits beside it is not
 * used: it would be sent, in the clear, to whatever address a spec names.
 */
public final class PasswordFiles implements GivenPasswords {
    private static final Set<PosixFilePermission> ALLOWED =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final long MOST_BYTES = 1_024;

    private final Path directory;
    private final Credentials limits;

    public PasswordFiles(Path directory) {
        this.directory = directory;
        this.limits = new Credentials(directory, true);
    }

    @Override
    public KeyLimits of(String name) {
        return limits.of(name);
    }

    @Override
    public Locksmith.Opening password(String name) {
        // What has no limits need not be a file's name either.
        if (of(name) instanceof KeyLimits.Unusable unusable) {
            return new Locksmith.Closed("password " + name + " " + unusable.reason());
        }
        Path file = directory.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                return closed(name, "no file of that name in the directory of passwords");
            }
            if (!ALLOWED.containsAll(Files.getPosixFilePermissions(file))) {
                return closed(name, "the file must have mode 0600");
            }
            if (Files.size(file) > MOST_BYTES) {
                return closed(name, "the file is larger than " + MOST_BYTES + " bytes");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
            boolean oneWord = !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
            return oneWord
                    ? new Locksmith.Opened(Secret.of(text))
                    : closed(name, "the file must hold one line, the password");
        } catch (IOException e) {
            return closed(name, "the file cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static Locksmith.Closed closed(String name, String why) {
        return new Locksmith.Closed("password " + name + ": " + why);
    }
}
