package io.redfleet.alert.edge.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The key that gateway and alert-service share: a file of mode 0600 that whoever starts first makes. Read anew for each
 * question, so that a new key needs no restart.
 */
public final class SharedKey {
    private static final int BYTES = 32;
    private static final FileAttribute<Set<PosixFilePermission>> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;

    private SharedKey(Path file) {
        this.file = file;
    }

    /** Uses the file, and makes it if it is not there. */
    public static SharedKey in(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder, OUR_FOLDER);
            }
            if (!Files.exists(file)) {
                make(file);
            }
            return new SharedKey(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the audit key " + file + " could not be made", e);
        }
    }

    /** Compared in constant time. */
    public boolean is(String offered) {
        try {
            byte[] ours = Files.readString(file).strip().getBytes(UTF_8);
            return ours.length > 0 && MessageDigest.isEqual(ours, offered.getBytes(UTF_8));
        } catch (IOException e) {
            return false;
        }
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Path written = Files.createTempFile(file.toAbsolutePath().getParent(), ".audit-key", "", OURS);
        try {
            Files.writeString(written, HexFormat.of().formatHex(key) + "\n");
            // A link, not a move: of two that start at once the first one's key stays, whole.
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            // The other one was first; its key is the key.
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
