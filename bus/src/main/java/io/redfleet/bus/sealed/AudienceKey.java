package io.redfleet.bus.sealed;

import io.redfleet.contracts.wire.ServiceName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key of one service. Whoever loses its file cannot open what was sealed for it, and nobody can make it again. */
public final class AudienceKey {
    private static final int BYTES = 32;
    private static final int ID_DIGITS = 16;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final SecretKey key;
    private final String id;

    private AudienceKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = idOf(bytes);
    }

    /** Where a service's key lies in the state directory. */
    public static Path file(Path home, ServiceName audience) {
        return home.resolve("credentials/keys").resolve(audience.word() + ".key");
    }

    /**
     * @throws IOException with a sentence that says what to do, when the file is not there, is open to others or holds no
     *     key
     */
    public static AudienceKey read(Path file) throws IOException {
        String text;
        try {
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IOException(file + " can be read by others: a key belongs to its owner alone (chmod 600)");
            }
            text = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no key at " + file + ": ./redfleet up makes it, or put a kept one back", e);
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == BYTES) {
                return new AudienceKey(bytes);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no key", e);
        }
        throw new IOException(file + " holds no key of " + BYTES + " bytes");
    }

    /** Makes a key where there is none; one that is there is never replaced. Its folder is made for its owner alone. */
    public static void create(Path file, SecureRandom random) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Path made = Files.createTempFile(folder, ".new", "", PosixFilePermissions.asFileAttribute(OWNER));
        try {
            write(made, Base64.getEncoder().encodeToString(bytes) + "\n");
            // A link fails where a move would replace what another process has made meanwhile.
            Files.createLink(file, made);
        } catch (FileAlreadyExistsException e) {
            // The other one was faster: its key counts.
            return;
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static void write(Path file, String line) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Tells this key from others and gives nothing of it away. */
    public String id() {
        return id;
    }

    /**
     * 32 bytes that follow from this key and the purpose: the same for the same, and to be told from chance, or found out
     * from those of other purposes, by nobody without the key.
     */
    public byte[] derived(String purpose) {
        // Not the key itself, which seals: what is made here has a key of its own.
        byte[] own = hmac(key.getEncoded(), "redfleet derived secrets");
        return hmac(own, purpose);
    }

    private static byte[] hmac(byte[] with, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(with, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC with SHA-256", e);
        }
    }

    SecretKey key() {
        return key;
    }

    private static String idOf(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("redfleet key id".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(bytes)).substring(0, ID_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "key " + id;
    }
}
