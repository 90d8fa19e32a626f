package io.redfleet.gateway.edge.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The credentials folder of {@code REDFLEET_HOME}. Files appear complete or not at all, readable by their owner
 * alone from their first moment.
 */
public final class Home {
    private static final Set<PosixFilePermission> OWNER_FILE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(OWNER_FILE);
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
    private static final int KEY_BYTES = 32;

    private final Path credentials;
    private final SecureRandom random;

    public Home(Path home, SecureRandom random) {
        this.credentials = home.resolve("credentials");
        this.random = random;
    }

    public Path adminToken() {
        return credentials.resolve("admin-token");
    }

    /** The admin token's file as it stands; empty when there is none. */
    public Optional<String> readAdminToken() {
        return read(adminToken());
    }

    /** Replaces whatever stands there. */
    public void writeAdminToken(String token) {
        try {
            Path made = write(token);
            Files.move(made, adminToken(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The secret that this gateway and the alert-service share; made by whichever of them starts first. */
    public String auditKey() {
        return shared("audit-key");
    }

    /**
     * What new tokens are derived from when their maker sends an Idempotency-Key. Gateways on several machines give the
     * same token for the same key only if they have the same file.
     */
    public byte[] tokenKey() {
        return HexFormat.of().parseHex(shared("token-key"));
    }

    private String shared(String name) {
        Path file = credentials.resolve(name);
        Optional<String> present = read(file);
        if (present.isPresent()) {
            return present.get();
        }
        try {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            Path made = write(HexFormat.of().formatHex(key));
            try {
                // A link fails where a move would replace what the other service has made meanwhile.
                Files.createLink(file, made);
            } catch (FileAlreadyExistsException e) {
                // Another process was faster: its key counts.
            } finally {
                Files.delete(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read(file).orElseThrow(() -> new IllegalStateException(file + " vanished"));
    }

    private Path write(String line) throws IOException {
        Files.createDirectories(credentials, FOLDER);
        Path made = Files.createTempFile(credentials, ".new", "", FILE);
        try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return made;
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
